"""Whether a channel hears of an episode, with the reason by name: for what is sent and for what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from bot.alerts.settings import BANDS, ChannelSettings
from bot.flush.episode import Band, Scope, band_of
from bot.flush.tracker import OPEN_SCORE, Change, Event

Reason = Literal[
    "first",
    "escalated",
    "grew",
    "joined",
    "leg",
    "ended",
    "retracted",
    "follow_up",
    "only_watched",
    "not_held",
    "below_band",
    "others_below_band",
    "coin_not_watched",
    "below_usd",
    "muted",
    "type_off",
    "too_old",
    "suspended",
    "flood",
]
NEWS_MS = 30 * 60_000
"""A flush that is known only later than this after it was opened is no news any more."""
HELD_BACK = frozenset({"muted", "suspended", "flood"})
"""What keeps a flush back until it is no news any more is the reason that it is not posted."""


class Bound(NamedTuple):
    """At most `most` new posts in one channel within `within_ms`, of which the last `kept` are for large flushes."""

    within_ms: int
    most: int
    kept: int


BOUNDS = (Bound(3_600_000, 5, 2), Bound(86_400_000, 12, 4))
"""A day's are twice what the settings that a channel starts with may come to on the worst day (domain notes, 00)."""
LOOK_BACK_MS = max(bound.within_ms for bound in BOUNDS)

Posts = Callable[[], Sequence[int]]
"""When new posts, those of days included, were put out for the channel within the last `LOOK_BACK_MS`, UTC ms."""


class Step(NamedTuple):
    """One change of an episode: all of it that is decided by, so that it can be kept and decided again.

    `bands` is what each of its coins reached so far, `band` the whole; `observed_usd` is None where unknown; `leg_ms`
    is when its newest leg began.
    """

    episode_id: str
    event: Event
    at_ms: int
    scope: Scope
    band: Band
    bands: Mapping[str, Band]
    peak_score: float
    observed_usd: float | None
    leg_ms: int
    ended: bool

    @property
    def large(self) -> bool:
        """Whether it goes out when only the posts kept for large ones are left."""
        return self.scope == "market" or self.band in {"severe", "extreme"}


class Decision(NamedTuple):
    """`posts`: a new post goes out; `edits`: the post that is there is brought up to date."""

    reason: Reason
    posts: bool = False
    edits: bool = False
    silent: bool = False


def step_of(change: Change) -> Step:
    """What is decided by; coins of a stretch that opened nothing reached WATCH, however high a moment of it was."""
    episode = change.episode
    bands: dict[str, Band] = {
        coin: "watch" if change.event == "watched" else band_of(member.peak_score) or "watch"
        for coin, member in episode.members.items()
    }
    return Step(
        episode_id=episode.id,
        event=change.event,
        at_ms=change.now_ms,
        scope=episode.scope,
        band=episode.band,
        bands=bands,
        peak_score=episode.peak_score,
        observed_usd=episode.observed_usd,
        leg_ms=episode.legs[-1].started_ms,
        ended=episode.state == "ended",
    )


def decide(step: Step, settings: ChannelSettings, *, posted: bool, posts: Posts = tuple) -> Decision:
    """What one channel does about one change of an episode; `posted` is whether its card stands there already."""
    if posted:
        return Decision("first" if step.event == "opened" or step.event == "watched" else step.event, edits=True)  # noqa: PLR1714 -- narrows the type
    if settings.card == "off":
        return Decision("type_off")
    withheld = _withheld(step, settings)
    if withheld is not None:
        return Decision(withheld)
    if settings.muted_until_ms > step.at_ms:
        return Decision("muted")
    if step.ended or (step.at_ms - step.leg_ms > NEWS_MS and step.event != "escalated"):
        return Decision("too_old")
    return _bounded(settings.card, step.at_ms, posts, large=step.large)


def decide_day(settings: ChannelSettings, at_ms: int, posts: Posts = tuple) -> Decision:
    """What one channel does about the post of a day."""
    if settings.derivatives_day == "off":
        return Decision("type_off")
    if settings.muted_until_ms > at_ms:
        return Decision("muted")
    return _bounded(settings.derivatives_day, at_ms, posts, large=False)


def decide_followup(settings: ChannelSettings, at_ms: int) -> Decision:
    """What one channel does about a follow-up of a card that stands there."""
    if settings.followup == "off":
        return Decision("type_off")
    if settings.muted_until_ms > at_ms:
        return Decision("muted")
    return Decision("follow_up", posts=True, silent=settings.followup == "silent")


def of_watch(peak_score: float) -> Reason:
    """Why a stretch that opened nothing is posted nowhere: too low, or not for long and lively enough."""
    return "not_held" if peak_score >= OPEN_SCORE else "only_watched"


def lasting(before: str | None, decision: Decision) -> str:
    """The reason to keep of a decision; `before` is the one kept so far."""
    return before if before in HELD_BACK and decision.reason == "too_old" else decision.reason


def _bounded(switch: Literal["on", "silent", "off"], at_ms: int, posts: Posts, *, large: bool) -> Decision:
    """A new post, unless the channel has had as many as any may have."""
    times = posts()
    for bound in BOUNDS:
        recent = sum(at_ms - bound.within_ms < time_ms <= at_ms for time_ms in times)
        if recent >= bound.most - (0 if large else bound.kept):
            return Decision("flood")
    return Decision("first", posts=True, silent=switch == "silent")


def _withheld(step: Step, settings: ChannelSettings) -> Reason | None:
    """Why the channel's filters hold the episode back; None when they let it pass.

    The market-wide card and the listed coins pass from `smallest_band`, all others from `others_band`.
    """
    if step.event == "watched":
        return of_watch(step.peak_score)
    chosen = frozenset(settings.coins)
    own = [band for coin, band in step.bands.items() if coin in chosen]
    if step.scope == "market":
        own.append(step.band)
    reached = _highest(own)
    elsewhere = _highest(band for coin, band in step.bands.items() if coin not in chosen)
    if reached < BANDS.index(settings.smallest_band):
        if settings.others_band == "never":
            return "below_band" if own else "coin_not_watched"
        if elsewhere < BANDS.index(settings.others_band):
            return "others_below_band" if elsewhere > reached else "below_band"
    return "below_usd" if step.observed_usd is not None and step.observed_usd < settings.smallest_usd else None


def _highest(bands: Iterable[Band]) -> int:
    """The place of the highest from FLUSH on, −1 for WATCH, −2 for none."""
    return max((BANDS.index(band) if band in BANDS else -1 for band in bands), default=-2)
