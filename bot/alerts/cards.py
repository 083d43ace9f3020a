"""The card of a flush: posted when it opens, edited while it grows and once more when it has ended."""

from __future__ import annotations

import shlex

from bot.alerts import card_footing as footing
from bot.alerts import card_rows as closed
from bot.alerts import card_state as state
from bot.alerts.base_rate import base_row
from bot.alerts.card_chart import chart
from bot.alerts.card_words import Observed, by_size, coin_names, is_price_only, kind_phrase, observed
from bot.alerts.moments import moment
from bot.alerts.score_number import score_number
from bot.flush.episode import Episode
from bot.market.history import Past
from bot.message import Button, Count, Message, Name, Percent, Phrase, Row, Span, Usd, Value

MOST_NAMES = 3
MOST_ROWS = 12


def build(episode: Episode, past: Past, now_ms: int, reading: Phrase | None = None) -> Message:
    """The card as of `now_ms`, at which `past` ends; at most twelve rows, of which none speaks of an unknown input.

    `reading` is the one-line state of the latest follow-up; a minor flush has it here instead of a post of its own.
    """
    seen, standing = observed(episode, past), footing.severity(episode)
    rows = [
        closed.size(episode, seen, past),
        *footing.left_out(episode, seen, past),
        state.price(episode, past),
        *state.positions(episode, past),
        *state.beforehand(episode, past),
        *state.character(episode, past),
        *closed.members(episode),
        *closed.legs(episode, past),
        *([Row(reading)] if reading is not None else ()),
        *([standing] if standing.tone == "normal" else ()),
        # Where a chat has to cut a card, it cuts from the end: what says that figures are incomplete stays longest.
        footing.venues(episode, past),
        *footing.missing(episode, past),
        *([standing] if standing.tone == "muted" else ()),
    ]
    return Message(
        kind="card",
        headline=_headline(episode, now_ms),
        rows=(*rows, *base_row(episode))[:MOST_ROWS],
        push=_push(episode, seen),
        band=episode.band,
        chart=chart(episode, past),
        buttons=_buttons(episode),
    )


def _headline(episode: Episode, now_ms: int) -> Phrase:
    """What, how severe (band and score are those of the peak, so that they agree), how far it reaches."""
    values: dict[str, Value] = {
        "coin": Name(episode.coin),
        "kind": kind_phrase(episode),
        "band": Phrase(f"band-{episode.band}"),
        "score": score_number(episode.peak_score),
    }
    if episode.scope != "coin":
        coins = [member.coin for member in by_size(episode.members.values())]
        values["reach"] = Phrase(f"card-scope-{episode.scope}", {"coins": coin_names(coins, MOST_NAMES)})
    wide = "" if episode.scope == "coin" else "-wide"
    if episode.ended_ms is None:
        return Phrase(f"card-headline{wide}", values)
    values["at"] = moment(episode.ended_ms, now_ms)
    end = episode.end_reason if episode.end_reason in {"prolonged", "lost", "retracted"} else "ended"
    return Phrase(f"card-headline-{end}{wide}", values)


def _push(episode: Episode, seen: Observed | None) -> Phrase:
    """The line a phone shows; of several coins it tells the move of the largest."""
    largest = by_size(episode.members.values())[0]
    who: dict[str, Value] = {
        "coin": Name(episode.coin),
        "kind": kind_phrase(episode),
        "n": Count(len(episode.members)),
        "largest": Name(largest.coin),
        "move": Percent(largest.extreme_price / largest.reference_price - 1, signed=True),
    }
    one = episode.scope == "coin"
    values: dict[str, Value] = {
        "what": Phrase(f"card-push-{episode.scope}", who),
        "move": Phrase("card-push-move" if one else "card-push-move-of", who),
    }
    if seen is None or seen.usd <= 0:
        return Phrase("card-push-price-only" if is_price_only(episode) else "card-push-unknown", values)
    values |= {"usd": Usd(seen.usd, at_least=True), "span": Span(seen.until_ms - seen.since_ms)}
    return Phrase("card-push-size", values)


def _buttons(episode: Episode) -> tuple[Button, ...]:
    """Names come from outside: each is quoted as one word of its command."""
    coin, id_ = shlex.quote(episode.coin), shlex.quote(episode.id)
    commands = {
        "why": f"/flush why {id_}",
        "details": f"/flush {id_}",
        "levels": f"/levels {coin}",
        "funding": f"/funding {coin}",
        "mute": "/alerts mute 1h",
    }
    return tuple(Button(Phrase(f"button-{name}"), line) for name, line in commands.items())
