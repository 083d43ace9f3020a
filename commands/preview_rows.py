"""The list of a preview: what would have been posted, and the largest of what would have stayed silent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.alerts.preview import Heard, Preview
from bot.alerts.score_number import score_number
from bot.flush.episode import Episode
from bot.message import Count, Moment, Name, Phrase, Row, Usd
from commands.phrases import line, muted, say

MOST_POSTS = 6
MOST_SILENT = 2
"""With what stands before and after them all of them stay within twelve rows."""


def shown_ids(told: Preview) -> list[str]:
    """Ids of the flushes that `listed` names."""
    return [entry.id for entry in (*told.posts[:MOST_POSTS], *_largest(told)) if entry.step is not None]


def listed(told: Preview, episodes: Mapping[str, Episode]) -> list[Row]:
    """Posts newest first, then what stayed silent, the highest score first; `episodes` are those of `shown_ids`."""
    rows = [Row(_post(entry, episodes.get(entry.id))) for entry in told.posts[:MOST_POSTS]]
    if len(told.posts) > MOST_POSTS:
        rows.append(muted("preview-more", n=Count(len(told.posts) - MOST_POSTS)))
    if told.silent:
        rows.append(muted("preview-silent", n=Count(len(told.silent))))
    return rows + [Row(_silent(entry, episodes.get(entry.id)), "muted") for entry in _largest(told)]


def _largest(told: Preview) -> list[Heard]:
    return sorted(told.silent, key=lambda entry: -entry.score)[:MOST_SILENT]


def _post(entry: Heard, episode: Episode | None) -> Phrase:
    at_ms = entry.first_ms if entry.posted_ms is None else entry.posted_ms
    return line([say("preview-at", at=Moment(at_ms, "both")), *_what(entry, episode)]).phrase


def _silent(entry: Heard, episode: Episode | None) -> Phrase:
    why = say(f"reason-{entry.reason.replace('_', '-')}")
    return say("preview-silent-one", what=_post(entry, episode), why=why)


def _what(entry: Heard, episode: Episode | None) -> Iterator[Phrase]:
    """The flush as it stands by now, with the highest score of the stretch."""
    if entry.step is None:
        yield say("preview-day")
    elif episode is None:
        yield say("name", name=Name(entry.id))
    else:
        kind = say(f"kind-{episode.kind.replace('_', '-')}")
        yield say("preview-flush", coin=Name(episode.coin), kind=kind)
    if entry.step is not None:
        yield say("preview-score", band=say(f"band-{entry.step.band}"), score=score_number(entry.score))
        if entry.step.scope != "coin":
            yield say(f"flush-scope-{entry.step.scope}")
    usd = entry.step.observed_usd if entry.step else entry.usd
    if usd is not None:
        yield say("preview-usd", usd=Usd(usd, at_least=True))
