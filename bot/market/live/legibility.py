"""How well the closures of one line can be read: what is refused is as lost as what a line tells that is down."""

from __future__ import annotations

from bot.market.live.health import Health, Part
from bot.market.venues.venue import Parsed

UNREAD_MOST = 3
"""After so many frames in a row whose closures cannot be read the line brings nothing."""
SPOILT_S = 60.0
"""A line of which some closures were refused is partial until it was read well for so long."""


class Legibility:
    """Tells the health of `part` how its frames can be read; moments are those of the loop's clock."""

    def __init__(self, part: Part, health: Health) -> None:
        self._part = part
        self._health = health
        self._complete = part.complete
        self._unread = 0
        self._unread_s = 0.0
        self._spoilt_s: float | None = None

    def begin(self, *, complete: bool) -> None:
        """A new connection is live, and nothing is held against it; `complete` is whether it brings all."""
        self._complete = complete
        self._unread, self._spoilt_s = 0, None
        self._health.live(self._part, complete=complete)

    def note(self, parsed: Parsed, now_s: float) -> None:
        """A frame was read, well or not."""
        if not parsed.refused:
            if (self._unread or self._spoilt_s is not None) and not parsed.control:
                self._read_well(now_s)
        elif parsed.facts:
            self._unread, self._spoilt_s = 0, now_s
            self._health.live(self._part, complete=False)
        else:
            self._unread_s = self._unread_s if self._unread else now_s
            self._unread, self._spoilt_s = self._unread + 1, now_s
            if self._unread < UNREAD_MOST:
                self._health.live(self._part, complete=False)
            elif self._unread == UNREAD_MOST:
                self._health.heard(self._part, now_s - self._unread_s)
                self._health.lost(self._part, "stale", parsed.refused[0].reason)

    def _read_well(self, now_s: float) -> None:
        if self._spoilt_s is not None and now_s - self._spoilt_s >= SPOILT_S:
            self._spoilt_s = None
        self._unread = 0
        self._health.live(self._part, complete=self._complete and self._spoilt_s is None)
