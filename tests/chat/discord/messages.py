"""A message of every kind, as the real builders make them, and the fullest that could ever be."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest

from bot.aftermath.checks import CHECKPOINTS
from bot.alerts.cards import build
from bot.alerts.day_card import build_day
from bot.errors import DeliveryError
from bot.message import Button, ChartRequest, Menu, Message, Name, Option, Phrase, Post, Row
from tests.alerts import test_cards, test_day_card, test_followups
from tests.fakes.discord import Channel

NOW_MS = test_cards.NOW_MS
CARD_ID = "2026-01-19-BTC-1/card"
CHART = ChartRequest(
    title=Phrase("chart-price"),
    alt=Phrase("chart-price"),
    times_ms=tuple(NOW_MS + minute * 60_000 for minute in range(30)),
    price=tuple(95_000.0 - 40 * minute for minute in range(30)),
)


def card(**changes: Any) -> Message:
    """The card of 19 January 2026; `changes` replace fields."""
    return msgspec.structs.replace(build(test_cards.flush(), test_cards.past(), NOW_MS), **changes)


def every_message() -> dict[str, Callable[[], Message]]:
    """What the builders make, by a name for the case; each is built when it is called."""
    return {
        "card": card,
        "wide card": lambda: build(test_cards.several(), test_cards.past(), NOW_MS),
        **{f"followup {step}": partial(test_followups.followup, step) for step in CHECKPOINTS},
        "day": lambda: build_day(test_day_card.DAY),
        "test": lambda: Message("test", Phrase("alerts-test-headline"), origin=Phrase("origin-simulated")),
    }


def named(text: str) -> Phrase:
    """A phrase that is a name from outside."""
    return Phrase("name", {"name": Name(text)})


def fullest(kind: Any) -> Message:
    """More of everything than Discord takes."""
    long = Phrase("alerts-setting", {"setting": Name("W" * 64), "value": Name("M" * 64)})
    longer = Phrase("error-usage", {"usage": long})
    options = tuple(Option(named(f"{number} {'x' * 120}"), f"/alerts set card {number}") for number in range(40))
    return Message(
        kind=kind,
        headline=Phrase("answer-line", {"parts": Phrase("error-usage", {"usage": longer})}),
        rows=tuple(Row(longer, "muted" if number % 2 else "normal") for number in range(200)),
        push=longer,
        chart=CHART,
        buttons=tuple(Button(named("x" * 120), f"/oi {number} {'y' * (number * 3)}") for number in range(60)),
        origin=longer,
        menus=tuple(Menu(long, f"/alerts set {number} {'z' * (number * 4)}", options) for number in range(30)),
    )


def post(message: Message, channel: int = 1, **changes: Any) -> Post:
    """A message on its way to a channel; `changes` replace fields."""
    made = Post(f"discord:{channel}", CARD_ID, 1, message, "en", NOW_MS)
    return msgspec.structs.replace(made, **changes)


def followup(alerts: Channel, card_id: str, step: str = "4h", **changes: Any) -> Post:
    """A follow-up of the card that stands in the channel under this id."""
    message = card(kind="followup", push=None)
    known = {"message_id": f"2026-01-19-BTC-1/{step}", "thread_of": CARD_ID, "reply_to": card_id}
    return post(message, alerts.id, **(known | changes))


async def at_once() -> None:
    """A turn that nobody waits for."""


async def failure(awaitable: Any) -> DeliveryError:
    """How a delivery fails."""
    with pytest.raises(DeliveryError) as caught:
        await awaitable
    return caught.value
