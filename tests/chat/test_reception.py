"""Every question gets an answer: too long, too fast, wrong, or over code that breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

import pytest

from bot.catalogue import Catalogue, Desk
from bot.chat.pictures import Pictures
from bot.chat.reception import COMMANDS, COMMANDS_SPAN_S, KEPT_PEOPLE, TEXT_LIMIT, Reception
from bot.chat.wording import Wording, wordings
from bot.command import Caller, Parameter, command
from bot.errors import ChartError, UserError
from bot.message import ChartRequest, Count, Message, Name, Phrase, Theme

pytestmark = pytest.mark.jumping_clock

ANA = Caller("Ana", "discord:7", "en", user="discord:42")
BEN = Caller("Ben", "discord:7", "en", user="discord:43")
CHART = ChartRequest(Phrase("kind-long-flush"), Phrase("kind-long-flush"), (0, 1), (1.0, 2.0))
DRAWN = Message("answer", Phrase("name", {"name": Name("x")}), chart=CHART)


@command("hello")
async def hello(desk: Desk, caller: Caller) -> Message:
    """Say who asked."""
    return Message("answer", Phrase("name", {"name": Name(caller.name)}))


@command("wrong")
async def wrong(desk: Desk, caller: Caller) -> Message:
    """Cannot be done."""
    raise UserError("error-how-many-coins", limit=Count(50))


@command("broken")
async def broken(desk: Desk, caller: Caller) -> Message:
    """Has a bug."""
    raise ZeroDivisionError("secret")


class NoWords:
    """A desk that suggests nothing."""

    def suggestions(self, parameter: Parameter, before: Mapping[str, str]) -> Iterable[str]:
        """As the protocol says."""
        return ()


class Drawing:
    """Draws, or cannot; counts how often it was asked."""

    def __init__(self) -> None:
        self.able = True
        self.asked: list[tuple[Theme, str | None]] = []

    async def draw(self, request: ChartRequest, wording: Wording, theme: Theme, note: str | None = None) -> bytes:
        """As the protocol says."""
        self.asked.append((theme, note))
        if not self.able:
            raise ChartError("the worker died twice")
        return f"{wording.language} {theme}".encode()


@pytest.fixture
def drawing() -> Drawing:
    """Whoever draws."""
    return Drawing()


@pytest.fixture
def reception(drawing: Drawing) -> Reception:
    """A reception with a few commands behind it."""
    return Reception(Catalogue((hello, wrong, broken), NoWords()), Pictures(drawing, wordings()))


async def said(reception: Reception, text: str, caller: Caller) -> str:
    """The key of the answer, which must be sayable and, as a refusal, seen by the asker alone."""
    message = await reception.answer(text, caller)
    for language in ("en", "es"):
        assert Wording(language, strict=True).words(message).headline
    assert message.private == (message.kind == "refusal")
    return message.headline.key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("/hello", "name"),
        ("/wrong", "error-how-many-coins"),
        ("/broken", "error-internal"),
        ("/nothing", "error-unknown-command"),
        ("/hello you", "error-usage"),
        ("/hello" + " " * (TEXT_LIMIT - 6), "name"),
        ("/hello" + " " * (TEXT_LIMIT - 5), "error-too-long"),
    ],
)
async def test_every_question_gets_a_sentence(reception: Reception, text: str, key: str) -> None:
    """What can be done is done; the rest, one character too many included, is refused to the asker alone."""
    assert await said(reception, text, ANA) == key


async def test_a_bug_is_told_by_a_number_and_nothing_else(reception: Reception) -> None:
    """Each incident has a number of its own, and what went wrong stays inside."""
    first, second = [await reception.answer("/broken", ANA) for _ in range(2)]
    assert set(first.headline.values) == {"incident"}
    assert first.headline.values["incident"] != second.headline.values["incident"]
    assert "secret" not in repr(first)


async def test_a_person_may_ask_so_often_and_no_more(reception: Reception) -> None:
    """One beyond the limit is told how long to wait, and is answered after that wait; others are not held up."""
    assert [await said(reception, "/hello", ANA) for _ in range(COMMANDS)] == ["name"] * COMMANDS
    await asyncio.sleep(COMMANDS_SPAN_S - 2)
    refusal = await reception.answer("/hello", ANA)
    assert refusal.headline.key == "error-too-fast"
    assert Wording("en", strict=True).words(refusal).headline.replace("\u202f", " ").endswith("Please wait 2 s.")
    assert await said(reception, "/hello", BEN) == "name"
    await asyncio.sleep(2)
    assert await said(reception, "/hello", ANA) == "name"


async def test_a_wait_is_never_told_as_nothing(reception: Reception) -> None:
    """A wait of milliseconds is called a second."""
    for _ in range(COMMANDS):
        await reception.answer("/hello", ANA)
    await asyncio.sleep(COMMANDS_SPAN_S - 0.01)
    refusal = await reception.answer("/hello", ANA)
    assert Wording("en", strict=True).words(refusal).headline.replace("\u202f", " ").endswith("Please wait 1 s.")


async def test_wrong_and_broken_commands_count_as_asked(reception: Reception) -> None:
    """A program that guesses commands is slowed down like one that knows them."""
    for text in ("/nothing", "/broken") * (COMMANDS // 2):
        await reception.answer(text, ANA)
    assert await said(reception, "/hello", ANA) == "error-too-fast"


async def test_the_same_person_is_one_person_in_every_channel(reception: Reception) -> None:
    """The limit follows the platform's id of the person, whatever the name, channel and rights."""
    for number in range(COMMANDS):
        await reception.answer("/hello", Caller(f"Ana {number}", f"discord:{number}", "en", user="discord:42"))
    other = Caller("Ana", "discord:99", "es", admin=True, user="discord:42")
    assert await said(reception, "/hello", other) == "error-too-fast"


async def test_who_has_no_id_is_not_limited_here(reception: Reception) -> None:
    """The page counts its own visitors before they come here."""
    page = Caller("you", "web", "en")
    assert {await said(reception, "/hello", page) for _ in range(2 * COMMANDS)} == {"name"}


async def test_only_the_newest_people_are_remembered(reception: Reception) -> None:
    """However many ask, memory has an end, and whoever asked just now is in it."""
    for number in range(KEPT_PEOPLE + 5):
        await reception.answer("/hello", Caller("x", "discord:7", "en", user=f"discord:{number}"))
        if number % 1_000 == 0:
            await reception.answer("/hello", ANA)
    assert len(reception._allowances) == KEPT_PEOPLE
    assert ANA.user in reception._allowances
    assert "discord:0" not in reception._allowances


async def test_a_chart_is_drawn_once_for_each_language_and_theme(reception: Reception, drawing: Drawing) -> None:
    """Asking again costs nothing; another language or theme is another picture."""
    assert await reception.picture(DRAWN, "en", "dark") == b"en dark"
    assert await reception.picture(DRAWN, "en", "dark") == b"en dark"
    assert await reception.picture(DRAWN, "es", "light") == b"es light"
    assert drawing.asked == [("dark", None), ("light", None)]


async def test_a_message_goes_without_a_chart_that_cannot_be_drawn(reception: Reception, drawing: Drawing) -> None:
    """A failure is no picture now and a new try next time; a message without a chart is never drawn."""
    assert await reception.picture(Message("answer", Phrase("x")), "en", "dark") is None
    assert drawing.asked == []
    drawing.able = False
    assert await reception.picture(DRAWN, "en", "dark") is None
    drawing.able = True
    assert await reception.picture(DRAWN, "en", "dark") == b"en dark"
