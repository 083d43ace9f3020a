"""What would rule out that the leverage was cleared: three boxes, each with its numbers, as of any moment from +4 h on.

Domain notes, section 3.4 as amended in section 00. A box is a rule of the past alone, looked at on every full hour
after the anchor, so that whether and when it tripped does not depend on when somebody asks. For a squeeze everything
is mirrored. An input that is not there makes a box "unknown", which speaks neither for nor against anything.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.aftermath.boxes import ARMED_FROM_MS
from bot.aftermath.propped import Demand, Propped, propped_box, spot_demand
from bot.aftermath.reload import Reload, reload_box
from bot.aftermath.support import Support, support_box
from bot.flush.episode import Before, Episode
from bot.market.history import Past

Box = Literal["reload", "propped", "support"]


class Invalidation(msgspec.Struct, frozen=True):
    """The three boxes at one moment."""

    reload: Reload
    propped: Propped
    support: Support

    @property
    def boxes(self) -> dict[Box, Reload | Propped | Support]:
        """By name, in the order in which they are told."""
        return {"reload": self.reload, "propped": self.propped, "support": self.support}

    @property
    def tripped(self) -> tuple[Box, ...]:
        """Those that tripped."""
        return tuple(name for name, box in self.boxes.items() if box.state == "tripped")


def invalidate(
    episode: Episode, before: Before | None, past: Past, demand: Demand = spot_demand, *, since_ms: int = 0
) -> Invalidation | None:
    """The boxes as of the end of `past`; None before +4 h, when none is looked at yet.

    Where it is known that none of the first two tripped before `since_ms`, the hours before it need no second look.
    """
    if episode.anchor_ms is None or past.now_ms < episode.anchor_ms + ARMED_FROM_MS:
        return None
    if before is None:
        return Invalidation(Reload("unknown"), Propped("unknown"), Support("unknown"))
    return Invalidation(
        reload_box(episode, before, past, since_ms),
        propped_box(episode, before, past, demand, since_ms),
        support_box(episode, before, past),
    )
