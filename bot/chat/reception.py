"""Where every question arrives, whatever the platform: how often one may ask, and what is said when something breaks.

An answer is always a Message: whatever fails behind it is noted once in the log, and the person gets a sentence.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from bot.catalogue import Catalogue
from bot.chat.allowance import Allowance
from bot.chat.pictures import Pictures, picture_key
from bot.command import Caller
from bot.errors import ChartError, StoreError, UserError
from bot.message import Count, Message, Name, Phrase, Span, Theme

log = logging.getLogger(__name__)

TEXT_LIMIT = 500
COMMANDS, COMMANDS_SPAN_S = 10, 20.0
"""A person may look at a handful of coins in a row; faster than that is a program or a stuck key."""
KEPT_PEOPLE = 10_000

Answering = Callable[[str, Caller], Awaitable[Message]]


class Reception:
    """Answers people; `pictures` draws the charts of answers and posts alike."""

    def __init__(self, catalogue: Catalogue, pictures: Pictures) -> None:
        self.catalogue = catalogue
        self._pictures = pictures
        self._allowances: OrderedDict[str, Allowance] = OrderedDict()

    async def answer(self, text: str, caller: Caller, by: Answering | None = None) -> Message:
        """What a command says; a refusal when it is too long, comes too fast, cannot be done, or broke.

        `by` answers in the place of the catalogue, where a platform reads more out of a line.
        """
        try:
            self._admit(text, caller)
            return await (by or self.catalogue.answer)(text, caller)
        except UserError as error:
            return refusal(Phrase(error.key, error.values))  # type: ignore[arg-type]  # values are message values by contract
        except StoreError as error:
            log.error("A command was not carried out: %s", error)  # noqa: TRY400 -- the sentence says it all
            return refusal(Phrase("error-store"))
        except Exception:
            incident = secrets.token_hex(4)
            log.exception("Command failed incident=%s", incident)
            return refusal(Phrase("error-internal", {"incident": Name(incident)}))

    async def picture(self, message: Message, language: str, theme: Theme) -> bytes | None:
        """The PNG of a message's chart; None when it has none, or when it could not be drawn, which is logged."""
        if message.chart is None:
            return None
        try:
            return await self._pictures.picture(picture_key(message, language, theme), message)
        except ChartError as error:
            log.warning("A message goes out without its chart: %s", error)
            return None

    def _admit(self, text: str, caller: Caller) -> None:
        if len(text) > TEXT_LIMIT:
            raise UserError("error-too-long", limit=Count(TEXT_LIMIT))
        if not caller.user:
            return
        allowance = self._allowances.setdefault(caller.user, Allowance(COMMANDS, COMMANDS_SPAN_S))
        self._allowances.move_to_end(caller.user)
        if len(self._allowances) > KEPT_PEOPLE:
            self._allowances.popitem(last=False)
        wait_s = allowance.take(asyncio.get_running_loop().time())
        if wait_s:
            raise UserError("error-too-fast", wait=Span(max(1000, round(wait_s * 1000))))


def refusal(reason: Phrase) -> Message:
    """A sentence for the asker alone."""
    return Message("refusal", reason, private=True)
