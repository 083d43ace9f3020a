"""What a command may look at and ask for; it never goes to the network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.alerts.coin_names import find_coin
from bot.alerts.presets import PRESETS
from bot.alerts.settings import SETTINGS
from bot.command import Caller, Parameter
from bot.errors import UserError
from bot.market.view import CoinView, MarketView
from bot.message import Button, ChartRequest, Menu, Message, Phrase, Row, Spot
from bot.store.database import Store


@dataclass(frozen=True)
class Desk:
    """The market as known, the store, and the stream's clock in UTC ms.

    `post_test` puts the test message for a channel id into the outbox; `spot` asks the platform of the caller about a
    channel, the one of the caller with "", and raises `UserError` for one that the caller may not speak for;
    `flushes` are ids of the newest flushes, newest first. `languages` are those of `locales/`, `language` the one that
    the operator chose for channels, None for no choice; `started_ms` is when this run began, and `origin` marks a
    replay or a simulation in every answer, by the moment. `progress` tells how far work in the background has come,
    None when there is none.
    """

    view: Callable[[], MarketView]
    store: Store
    now_ms: Callable[[], int]
    post_test: Callable[[str], Awaitable[None]]
    spot: Callable[[Caller, str], Awaitable[Spot]]
    flushes: Callable[[], Iterable[str]]
    languages: tuple[str, ...]
    language: str | None
    started_ms: int
    origin: Callable[[int], Phrase] | None = None
    progress: Callable[[], Phrase | None] = lambda: None

    def first_language(self, spot_language: str, caller: Caller) -> str:
        """That of a channel which has not chosen one: its own people's, else the operator's, else the asker's."""
        wished = (spot_language, self.language, caller.language)
        return next((language for language in wished if language in self.languages), self.languages[0])

    def suggestions(self, parameter: Parameter, before: Mapping[str, str]) -> Iterable[str]:
        """Words that may stand for a parameter, from memory, most likely first."""
        match parameter.kind:
            case "coin" | "coins":
                return self.view().coins()
            case "episode":
                return ("last", "why", *self.flushes(), *self.view().coins())
            case "preset":
                return tuple(PRESETS)
            case "language":
                return self.languages
            case "value":
                setting = SETTINGS.get(before.get("key", ""))
                return self.languages if setting is SETTINGS["language"] else setting.choices if setting else ()
            case _:
                return ()

    def coin(self, typed: str) -> CoinView:
        """The figures of the coin that was meant; raises `UserError` for one that is not known."""
        view = self.view()
        known = view.coins()
        if not known:
            raise UserError("error-no-facts-yet")
        coin = view.coin(find_coin(typed, known))
        if coin is None:
            raise UserError("error-no-facts-yet")
        return coin

    async def coins(self) -> list[CoinView]:
        """The figures of every coin, worked out in the pauses of others; raises `UserError` before the first fact."""
        view, coins = self.view(), []
        for name in view.coins():
            coin = view.coin(name)
            coins += [] if coin is None else [coin]
            await asyncio.sleep(0)  # hundreds of coins in one go would let every other answer wait
        if not coins:
            raise UserError("error-no-facts-yet")
        return coins

    def answer(
        self,
        headline: Phrase,
        rows: Iterable[Row],
        *,
        chart: ChartRequest | None = None,
        buttons: tuple[Button, ...] = (),
        menus: tuple[Menu, ...] = (),
        private: bool = False,
    ) -> Message:
        """A reply, marked with where the facts come from."""
        return Message(
            "answer",
            headline,
            tuple(rows),
            chart=chart,
            buttons=buttons,
            origin=None if self.origin is None else self.origin(self.now_ms()),
            private=private,
            menus=menus,
        )
