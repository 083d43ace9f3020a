from __future__ import annotations

from bot.market.facts import Feed
from bot.market.live.health import Health, Key, Part
from bot.market.live.legibility import Legibility
from bot.market.venues.venue import Parsed, Refused
from tests.market.live.facts import T_MS, closure

WELL = Parsed([closure()])
UNREAD = Parsed(refused=[Refused("", "half a frame")])
MIXED = Parsed([closure()], [Refused("AVAX", "no price")])


class Line:
    """A line that is live, and what is said of it while frames come, one a second."""

    def __init__(self, *, complete: bool = True) -> None:
        self.now_s = 0.0
        self.feeds: list[Feed] = []
        health = Health(lambda: T_MS + round(1000 * self.now_s), self.feeds.append)
        self.legibility = Legibility(health.add(Part("line", (Key("toy", "liquidation"),), complete)), health)
        self.legibility.begin(complete=complete)

    def read(self, *frames: Parsed) -> list[str]:
        """The states that were told so far."""
        for frame in frames:
            self.now_s += 1
            self.legibility.note(frame, self.now_s)
        return [feed.state for feed in self.feeds]


def test_a_frame_of_which_rows_are_refused_makes_the_line_partial_for_a_minute() -> None:
    """Some closures are lost though others come: partial, until a minute after the last such frame."""
    line = Line()
    assert line.read(WELL, MIXED, WELL) == ["live", "partial"]
    assert line.read(*[WELL] * 30, MIXED, *[WELL] * 59) == ["live", "partial"]
    assert line.read(WELL) == ["live", "partial", "live"]


def test_a_frame_that_cannot_be_read_makes_the_line_partial_for_a_minute() -> None:
    """Where a frame holds one closure, it is as lost as a row among others."""
    line = Line()
    assert line.read(WELL, UNREAD, WELL) == ["live", "partial"]
    assert line.read(*[WELL] * 59) == ["live", "partial", "live"]


def test_three_unread_frames_in_a_row_make_the_line_stale() -> None:
    """The gap begins with the first of them, and one that can be read ends it; a minute later it is whole again."""
    line = Line()
    assert line.read(WELL, UNREAD, UNREAD, WELL, UNREAD, UNREAD) == ["live", "partial"]
    assert line.read(UNREAD) == ["live", "partial", "stale"]
    assert line.feeds[-1].since == T_MS + 5_000
    assert line.read(Parsed(control="pong")) == ["live", "partial", "stale"]
    assert line.read(WELL) == ["live", "partial", "stale", "partial"]
    assert line.read(*[WELL] * 60) == ["live", "partial", "stale", "partial", "live"]


def test_a_line_that_was_partial_stays_so_after_unread_frames() -> None:
    """What ends the stale state does not end the partial one."""
    assert Line().read(MIXED, UNREAD, UNREAD, UNREAD, WELL) == ["live", "partial", "stale", "partial"]
    assert Line(complete=False).read(*[UNREAD] * 3, *[WELL] * 70) == ["partial", "stale", "partial"]


def test_nothing_is_held_against_a_new_connection() -> None:
    """It begins as it says of itself."""
    line = Line()
    line.read(MIXED, UNREAD, UNREAD)
    line.legibility.begin(complete=True)
    assert line.read(WELL) == ["live", "partial", "live"]
