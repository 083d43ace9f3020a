"""What would rule out a reset, in words: the three boxes in one line, and each of them when it trips."""

from __future__ import annotations

from bot.aftermath.invalidation import Box, Invalidation
from bot.aftermath.propped import Propped
from bot.aftermath.reload import Reload
from bot.aftermath.support import Support
from bot.alerts.moments import moment
from bot.market.facts import Side
from bot.market.history import HOUR_MS
from bot.message import Count, Name, Number, Percent, Phrase, Phrases, Price, Rate, Value


def boxes_phrase(boxes: Invalidation, side: Side, now_ms: int) -> Phrase:
    """All three with their state and figures; times have their date where they are not of the day of `now_ms`."""
    return Phrase("followup-boxes", {"boxes": Phrases(tuple(_box(name, boxes, side, now_ms) for name in boxes.boxes))})


def tripped_phrase(box: Box, boxes: Invalidation, side: Side, due_ms: int) -> Phrase:
    """What one box that tripped says, with when it did."""
    if isinstance(boxes.boxes[box], Support):  # which says how long it had
        return _what(box, boxes, side, due_ms)
    tripped_ms = boxes.boxes[box].tripped_ms
    values: dict[str, Value] = {"what": _what(box, boxes, side, due_ms)}
    return Phrase("followup-box-since", {**values, "at": moment(tripped_ms or due_ms, due_ms)})


def _box(name: Box, boxes: Invalidation, side: Side, now_ms: int) -> Phrase:
    box = boxes.boxes[name]
    bare = box.state == "clear"  # then its figures say nothing
    what = Phrase(f"followup-box-{name}-bare-{side}") if bare else _what(name, boxes, side, now_ms)
    values: dict[str, Value] = {"what": what}
    if box.tripped_ms is not None:
        values["at"] = moment(box.tripped_ms, now_ms)
    return Phrase(f"followup-box-{box.state}", values)


def _what(name: Box, boxes: Invalidation, side: Side, now_ms: int) -> Phrase:
    match boxes.boxes[name]:
        case Reload() as reload:
            return _reload(reload, side)
        case Propped() as propped:
            return _propped(propped, side)
        case Support() as support:
            return _support(support, side, now_ms)


def _reload(box: Reload, side: Side) -> Phrase:
    if box.limit is None or box.change is None:
        return Phrase(f"followup-box-reload-bare-{side}")
    closed: dict[str, Value] = {"limit": Price(box.limit)}
    if box.best_close is not None:
        closed["close"] = Price(box.best_close)
    values: dict[str, Value] = {
        "closed": Phrase(f"followup-box-{'no-' if box.best_close is None else ''}close", closed),
        "change": Percent(box.change, signed=True),
    }
    if box.rebuilt is None:
        return Phrase(f"followup-box-reload-replaced-{side}", values)
    share = Percent(min(max(box.rebuilt, 0.0), 1.0), digits=0)
    return Phrase(f"followup-box-reload-{side}", {**values, "share": share})


def _propped(box: Propped, side: Side) -> Phrase:
    if box.rate_8h is None or box.limit_8h is None:
        return Phrase(f"followup-box-propped-bare-{side}")
    values: dict[str, Value] = {"rate": Rate(box.rate_8h), "limit": Rate(box.limit_8h)}
    if box.bought is None or box.times is None:
        return Phrase(f"followup-box-propped-{side}", values)
    spot: dict[str, Value] = {"bought": Percent(box.bought, signed=True), "times": Number(box.times)}
    return Phrase(f"followup-box-propped-spot-{side}", {**values, **spot})


def _support(box: Support, side: Side, now_ms: int) -> Phrase:
    if box.price is None or box.coin is None:
        return Phrase(f"followup-box-support-bare-{side}")
    values: dict[str, Value] = {"price": Price(box.price), "coin": Name(box.coin)}
    if box.lost_ms is None or box.regain_ms is None:
        return Phrase(f"followup-box-support-{side}", values)
    # How long it has, not until when: a day later the clock says the same.
    values |= {"lost": moment(box.lost_ms, now_ms), "hours": Count((box.regain_ms - box.lost_ms) // HOUR_MS)}
    over = "over" if box.state == "tripped" else "lost"
    return Phrase(f"followup-box-support-{over}-{side}", values)
