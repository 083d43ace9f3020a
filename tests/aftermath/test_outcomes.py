"""What came after a call, and after random moments, on made markets whose figures are worked out by hand."""

from __future__ import annotations

import msgspec
import pytest

from bot.aftermath.invalidation import Invalidation
from bot.aftermath.outcomes import MOMENTS, PERIOD_MS, Call, Outcome, call_of, figures, first_box, moments, outcome
from bot.aftermath.propped import Propped
from bot.aftermath.reload import Reload
from bot.aftermath.support import Support
from bot.flush.episode import Episode
from bot.market.facts import Side
from bot.market.history import DAY_MS, HOUR_MS, SLOT_MS, Past
from tests.aftermath.slots import NAN, ONSET_MS, before, episode, history_of

MINUTE_MS = 60_000
START_MS = ONSET_MS - 13 * DAY_MS
ALERT_MS = ONSET_MS + 8 * MINUTE_MS
MADE_MS = ONSET_MS + 10 * MINUTE_MS
CALM = 13 * 288 + 1


def market(*, up: bool = False, interest: bool = True, hole: bool = False) -> Past:
    """13 calm days at 100, a fall to 96 in ten minutes, 95 for a day and 97 for two; mirrored about 100 with `up`."""
    after = [98.0, 96.0, *[95.0] * (24 * 12), *[97.0] * (48 * 12)]
    open_coins = [1000.0] * CALM + [990.0, 980.0, *[970.0] * (24 * 12), *[1010.0] * (48 * 12)]
    closes = [100.0] * CALM + ([200 - price for price in after] if up else after)
    if hole:
        closes[CALM + 2 :] = [NAN] * (len(closes) - CALM - 2)
    history = history_of(START_MS, closes, interest={"binance": open_coins} if interest else None)
    return history.until(START_MS + (len(closes) - 1) * SLOT_MS)


def flush(side: Side = "long") -> Episode:
    """The flush of that market, alerted of eight minutes after its onset."""
    one = episode((96.0 if side == "long" else 104.0, MADE_MS), before(), side=side, ended_ms=ONSET_MS + HOUR_MS)
    one.alerted_ms = ALERT_MS
    return one


def after(hours: int, past: Past, side: Side = "long") -> Outcome:
    """The outcome of the alert by a horizon."""
    call = call_of("alert", ALERT_MS)
    until = past.until(call.made_ms + hours * HOUR_MS)
    return outcome(flush(side), call, hours, until, None, [(ONSET_MS, ONSET_MS + HOUR_MS)])


def test_a_call_counts_from_the_end_of_its_five_minutes() -> None:
    """So that no part of them is before and after at once."""
    assert call_of("alert", ALERT_MS) == Call("alert", MADE_MS)
    assert call_of("4h", MADE_MS) == Call("4h", MADE_MS)


@pytest.mark.parametrize(
    ("hours", "change", "interest"), [(4, 95 / 96 - 1, -0.03), (24, 95 / 96 - 1, -0.03), (48, 97 / 96 - 1, 0.01)]
)
def test_the_figures_of_a_long_flush(hours: int, change: float, interest: float) -> None:
    """From 96 at the alert to 95, then 97; open interest of 1,000 before, 980 at the alert, 970, then 1,010."""
    found = after(hours, market()).found
    assert found.change == pytest.approx(change, abs=1e-6)
    assert found.beyond == pytest.approx((96 - 95) / 96, abs=1e-6)
    assert found.interest == pytest.approx(interest, abs=1e-6)
    assert found.interest_least == pytest.approx(970 / 980 - 1, abs=1e-6)


def test_a_squeeze_is_mirrored() -> None:
    """Further is up: from 104 at the alert to 105."""
    found = after(4, market(up=True), "short").found
    assert found.change == pytest.approx(105 / 104 - 1, abs=1e-6)
    assert found.beyond == pytest.approx((105 - 104) / 104, abs=1e-6)


def test_what_is_not_known_is_not_made_up() -> None:
    """Without open interest none is compared, and after prices have ended nothing is said of them."""
    assert after(4, market(interest=False)).found.interest is None
    silent = after(4, market(hole=True)).found
    assert (silent.change, silent.beyond) == (None, None)


def test_what_is_known_later_changes_nothing() -> None:
    """An outcome is the same whether it is worked out at its moment or days later."""
    whole = market()
    at_once = after(4, whole.until(MADE_MS + 4 * HOUR_MS))
    assert at_once == after(4, whole)


def test_random_moments_of_a_calm_market_come_to_nothing() -> None:
    """24 moments at which the price stays at 100 and 1,000 coins stay open."""
    random = after(4, market()).random
    assert len(random) == MOMENTS
    assert {one.figures.change for one in random} == {0.0}
    assert {one.figures.beyond for one in random} == {0.0}
    assert {one.figures.interest for one in random} == {0.0}


def test_random_moments_lie_in_no_flush_and_before_the_call() -> None:
    """They are drawn from eleven days, from what flushes leave of them, and the id of the flush decides which."""
    past = market()
    busy = (MADE_MS - 9 * DAY_MS, MADE_MS - DAY_MS)
    drawn = moments("x/alert", past, "BTC", MADE_MS, [busy])
    assert len(set(drawn)) == MOMENTS
    assert all(MADE_MS - PERIOD_MS < at <= MADE_MS and not busy[0] <= at <= busy[1] for at in drawn)
    assert drawn == moments("x/alert", past, "BTC", MADE_MS, [busy])
    assert drawn != moments("y/alert", past, "BTC", MADE_MS, [busy])


def test_a_flush_found_elsewhere_takes_away_its_own_moments_alone() -> None:
    """The others stay, and the next ones in order take the places."""
    past = market()
    free = moments("x/alert", past, "BTC", MADE_MS, [])
    busy = (MADE_MS - 3 * DAY_MS, MADE_MS - DAY_MS)
    fewer = moments("x/alert", past, "BTC", MADE_MS, [busy])
    kept = [at for at in free if not busy[0] <= at <= busy[1]]
    assert len(kept) < len(free)
    assert list(fewer[: len(kept)]) == kept


def test_moments_with_nothing_before_them_say_nothing() -> None:
    """At the begin of what is kept there is no hour before a moment: its figures are unknown, not zero."""
    past = market()
    found = figures(flush(), START_MS - DAY_MS, 4, past, START_MS - DAY_MS)
    assert (found.change, found.beyond, found.interest) == (None, None, None)


def boxes(reload_ms: int | None, support_ms: int | None, propped: str = "clear") -> Invalidation:
    """Boxes that tripped at these moments."""
    return Invalidation(
        Reload("tripped" if reload_ms else "clear", reload_ms),
        Propped("unknown" if propped == "unknown" else "clear"),
        Support("tripped" if support_ms else "clear", support_ms),
    )


def test_the_box_that_tripped_first() -> None:
    """The earlier one, among those after the call; none only where all could be judged."""
    assert first_box(boxes(5, 9), 0, 10) == "reload"
    assert first_box(boxes(9, 5), 0, 10) == "support"
    assert first_box(boxes(5, 9), 5, 10) == "support"
    assert first_box(boxes(5, None), 5, 10) == "none"
    assert first_box(boxes(None, None), 0, 10) == "none"
    assert first_box(boxes(None, None, "unknown"), 0, 10) is None
    assert first_box(boxes(7, None, "unknown"), 0, 10) == "reload"
    assert first_box(None, 0, 10) is None


def test_an_outcome_is_read_as_it_was_written() -> None:
    """Its JSON gives it back."""
    found = after(24, market())
    assert msgspec.json.decode(msgspec.json.encode(found), type=Outcome) == found
