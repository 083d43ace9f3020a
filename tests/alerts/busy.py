"""Two days with more flushes than any channel is to hear of, as a strategy of hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.alerts.steps import DayPost
from bot.flush.episode import Leg, band_of
from bot.flush.tracker import Change
from bot.market.history import DAY_MS
from tests.alerts.heard import Happened
from tests.commands.flushes import MINUTE_MS, ONSET_MS, episode, member

COINS = ("BTC", "ETH", "SOL", "DOGE", "WIF", "ORDI")


class Busy(list[Happened]):
    """What happened in these days; whole episodes would be too long for a report."""

    def __repr__(self) -> str:
        return " ".join(_brief(one) for one in self)


def _brief(one: Happened) -> str:
    if isinstance(one, DayPost):
        return f"{one.id}@{(one.at_ms - ONSET_MS) // MINUTE_MS}"
    told = one.episode
    return (
        f"{told.id[11:]}:{one.event}@{(one.now_ms - ONSET_MS) // MINUTE_MS}={told.peak_score:.0f}/{told.observed_usd}"
    )


@st.composite
def busy_days(draw: st.DrawFn, most: int = 40) -> Busy:
    """Flushes of two days: they grow, reach further coins, rest and end."""
    happened: list[Happened] = []
    for number in range(draw(st.integers(1, most))):
        happened += draw(flush(number))
    happened += [DayPost(f"day/{day}", ONSET_MS + day * DAY_MS, 4e8) for day in draw(st.sets(st.integers(0, 2)))]
    return Busy(sorted(happened, key=lambda one: one.at_ms if isinstance(one, DayPost) else one.now_ms))


@st.composite
def flush(draw: st.DrawFn, number: int) -> list[Happened]:
    """One flush: every change of it as a copy of its own, as the tracker tells them."""
    now_ms = onset_ms = ONSET_MS + draw(st.integers(0, 2 * 24 * 60)) * MINUTE_MS
    coins = draw(st.lists(st.sampled_from(COINS), min_size=1, max_size=3, unique=True))
    score, usd = draw(st.floats(30.0, 70.0)), draw(st.sampled_from([None, 5e4, 5e5, 5e6]))
    event, leg_ms, changes = "opened" if score >= 45 else "watched", onset_ms, draw(st.integers(0, 6))
    happened: list[Happened] = []
    for turn in range(changes + 1):
        members = [
            member(coin, peak_score=score - 3 * place, long_usd=usd, short_usd=None if usd is None else 0.0)
            for place, coin in enumerate(coins[: turn + 1])
        ]
        told_now = episode(
            *members,
            id=f"2026-01-19-{coins[0]}-{number}",
            scope="market" if turn and number % 5 == 0 else "coin",
            band="watch" if event == "watched" else band_of(score),
            peak_score=score,
            state="ended" if event in {"ended", "watched"} else "active",
            legs=[Leg(leg_ms, None, leg_ms, score, 0.0, 1.0)],
        )
        happened.append(Change(event, told_now, now_ms))  # type: ignore[arg-type]  # one of the events
        if event in {"ended", "watched"}:
            break
        now_ms += draw(st.integers(0, 40)) * MINUTE_MS
        event = draw(st.sampled_from(["grew", "grew", "joined", "escalated", "leg", "ended"]))
        leg_ms = now_ms if event == "leg" else leg_ms
        score, usd = score + draw(st.floats(0.0, 15.0)), None if usd is None else usd * 3
    return happened
