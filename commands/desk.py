"""What a command may look at and ask for; it never goes to the network."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from bot.alerts.coin_names import find_coin
from bot.errors import UserError
from bot.market.view import CoinView, MarketView
from bot.message import Button, ChartRequest, Message, Phrase, Row
from bot.store.database import Store


@dataclass(frozen=True)
class Desk:
    """The market as known, the store, and the stream's clock in UTC ms.

    `post_test` puts the test message for a channel id into the outbox; `languages` are those of `locales/`;
    `started_ms` is when this run began, and `origin` marks a replay or a simulation in every answer, by the moment.
    """

    view: Callable[[], MarketView]
    store: Store
    now_ms: Callable[[], int]
    post_test: Callable[[str], Awaitable[None]]
    languages: tuple[str, ...]
    started_ms: int
    origin: Callable[[int], Phrase] | None = None

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

    def coins(self) -> list[CoinView]:
        """The figures of every coin; raises `UserError` before the first fact."""
        view = self.view()
        coins = [coin for coin in map(view.coin, view.coins()) if coin is not None]
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
        private: bool = False,
    ) -> Message:
        """A reply, marked with where the facts come from."""
        origin = None if self.origin is None else self.origin(self.now_ms())
        return Message("answer", headline, tuple(rows), chart=chart, buttons=buttons, origin=origin, private=private)
