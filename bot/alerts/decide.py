"""Whether a channel hears of an episode, with the reason by name: for what is sent and for what is not."""

from typing import Literal, NamedTuple

from bot.alerts.settings import BANDS, ChannelSettings
from bot.flush.episode import Episode, band_of
from bot.flush.tracker import Event

Reason = Literal[
    "first",
    "escalated",
    "grew",
    "joined",
    "leg",
    "ended",
    "follow_up",
    "below_band",
    "coin_not_watched",
    "below_usd",
    "muted",
    "type_off",
    "too_old",
    "suspended",
]
NEWS_MS = 30 * 60_000
"""A flush that is known only later than this after it was opened is no news any more."""


class Decision(NamedTuple):
    """`posts`: a new post goes out; `edits`: the post that is there is brought up to date."""

    reason: Reason
    posts: bool = False
    edits: bool = False
    silent: bool = False


def decide(episode: Episode, event: Event, settings: ChannelSettings, *, posted: bool, now_ms: int) -> Decision:
    """What one channel does about one change of an episode; `posted` is whether its card stands there already."""
    if posted:
        return Decision("first" if event == "opened" or event == "watched" else event, edits=True)  # noqa: PLR1714 -- narrows the type
    if settings.card == "off":
        return Decision("type_off")
    withheld = _withheld(episode, settings)
    if withheld is not None:
        return Decision(withheld)
    if settings.muted_until_ms > now_ms:
        return Decision("muted")
    if episode.state == "ended" or (now_ms - episode.legs[-1].started_ms > NEWS_MS and event != "escalated"):
        return Decision("too_old")
    return Decision("first", posts=True, silent=settings.card == "silent")


def decide_kind(kind: Literal["followup", "derivatives_day"], settings: ChannelSettings, now_ms: int) -> Decision:
    """What one channel does about a follow-up of a card that stands there, or about the post of a day."""
    switch = settings.followup if kind == "followup" else settings.derivatives_day
    if switch == "off":
        return Decision("type_off")
    if settings.muted_until_ms > now_ms:
        return Decision("muted")
    return Decision("follow_up" if kind == "followup" else "first", posts=True, silent=switch == "silent")


def _withheld(episode: Episode, settings: ChannelSettings) -> Reason | None:
    """Why the channel's filters hold the episode back; None when they let it pass.

    The market-wide card and the listed coins pass from `smallest_band`, all others from `others_band`.
    """
    listed = [m.peak_score for coin, m in episode.members.items() if coin in settings.coins]
    if episode.scope == "market":
        listed.append(episode.peak_score)
    others = [m.peak_score for coin, m in episode.members.items() if coin not in settings.coins]
    heard = bool(listed) and _reaches(max(listed), settings.smallest_band)
    if not heard and settings.others_band != "never":
        heard = bool(others) and _reaches(max(others), settings.others_band)
    if not heard:
        return "coin_not_watched" if not listed and settings.others_band == "never" else "below_band"
    observed = episode.observed_usd
    return "below_usd" if observed is not None and observed < settings.smallest_usd else None


def _reaches(score: float, band: str) -> bool:
    reached = band_of(score)
    return reached in BANDS and BANDS.index(reached) >= BANDS.index(band)
