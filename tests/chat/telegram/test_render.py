"""Every message as Telegram shows it: within its limits, readable markup, and no ping out of a foreign name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.telegram.keys import keyboard, pressed
from bot.chat.telegram.limits import ALERT_UNITS, CALLBACK_BYTES, CAPTION_UNITS, KEYS, TEXT_UNITS, units
from bot.chat.telegram.render import Shown, alert, cut, render
from bot.chat.wording import LANGUAGES, Wording
from bot.message import Button, ChartRequest, Menu, Message, Name, Option, Phrase, Phrases, Row
from tests.chat.telegram.house import card, chart, said
from tests.chat.telegram.messages import posts
from tests.commands.chat_room import Room
from tests.commands.conftest import room
from tests.commands.test_all import LINES
from tests.fakes.telegram.markup import parse_html

__all__ = ["room"]

HOSTILE = (
    "</b>",
    "<blockquote>",
    "&lt;",
    "@everyone",
    "@someone",
    "\u202eevil",
    "zero\u200bwidth",
    "🔥" * 40,
    "a" * 64,
)


def read(shown: Shown) -> str:
    """What a reader sees, as strictly as Telegram reads markup."""
    text, _ = parse_html(shown.html)
    assert text == shown.plain.strip()
    return text


def check(message: Message, language: str) -> None:
    """A message can be posted as it is."""
    shown = render(message, Wording(language, strict=True), Phrase("post-repeat"))
    assert 0 < units(read(shown)) <= (CAPTION_UNITS if message.chart else TEXT_UNITS)
    keys = [key for row in shown.keys for key in row]
    assert len(keys) <= KEYS
    assert all(1 <= len(key.data.encode()) <= CALLBACK_BYTES and key.label for key in keys)


@pytest.fixture(scope="module")
def real_posts() -> list[Message]:
    """Every card, follow-up and derivatives-led day of the small recording, in each of its revisions."""
    return posts()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_post_fits(real_posts: list[Message], language: str) -> None:
    """All kinds of posts, as an engine made them, are within the limits in every language."""
    assert {message.kind for message in real_posts} == {"card", "followup", "derivatives_day"}
    for message in real_posts:
        check(message, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_keeps_what_happened(real_posts: list[Message], language: str) -> None:
    """What a caption has no room for is taken from the muted lines: every line of a card that tells figures stays."""
    wording = Wording(language, strict=True)
    for message in real_posts:
        told = read(render(message, wording))
        rows = [row.text for row in wording.words(message).rows if row.tone == "normal"]
        assert [row for row in rows if row not in told] == []


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("admin", [False, True], ids=["member", "admin"])
async def test_every_answer_fits(room: Room, line: str, admin: bool) -> None:
    """All commands, said by members and admins, are answered within the limits in every language."""
    message = await room.say(line, admin=admin)
    for language in LANGUAGES:
        check(message, language)


def sayings(name: str) -> Iterator[Message]:
    """Messages that carry a foreign name wherever one can stand."""
    yield card(name, rows=(Row(said(name)), Row(said(name), "muted")), buttons=(Button(said(name), f"/oi {name}"),))
    yield card(name, kind="followup")
    yield Message("refusal", said(name), private=True)
    yield Message("answer", said(name), menus=(Menu(said(name), "/x", (Option(said(name), f"/x {name}"),)),))


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hostile_name_is_only_a_name(name: str, language: str) -> None:
    """It is shown as it is, opens no tag, calls nobody, and turns no text around."""
    for message in sayings(name):
        check(message, language)
        shown = render(message, Wording(language, strict=True))
        assert "\u202e" not in shown.html
        assert all(part.startswith("\u2060") for part in shown.plain.split("@")[1:])


names = st.text(max_size=80)
rows = st.lists(st.builds(Row, st.builds(said, names), st.sampled_from(["normal", "muted"])), max_size=60)


@given(names, rows, st.sampled_from([None, chart()]), st.booleans())
def test_whatever_is_said_fits(name: str, lines: list[Row], picture: ChartRequest | None, repeat: bool) -> None:
    """Any names in any number of lines are shortened to what Telegram takes, and the note of a repeat is kept."""
    message = Message("card", said(name), tuple(lines), chart=picture)
    wording = Wording("en", strict=True)
    shown = render(message, wording, *[Phrase("post-repeat")] * repeat)
    text = read(shown)
    assert units(text) <= (CAPTION_UNITS if picture else TEXT_UNITS)
    assert repeat == (wording.text(Phrase("post-repeat")) in text)


def test_what_is_left_out_is_told() -> None:
    """The last muted line goes first, then the next, figures last, and the post says that it is not whole."""
    many = tuple(Row(said(f"row {number} " + "x" * 50), "normal" if number < 5 else "muted") for number in range(12))
    text = read(render(card("alpha", rows=many), Wording("en")))
    kept = [f"row {number} " in text for number in range(12)]
    assert kept[:5] == [True] * 5
    assert kept == sorted(kept, reverse=True)
    assert not kept[-1]
    assert text.split("\n")[-1] == "Shortened: the whole of it did not fit here."


def dotted(word: str, count: int) -> Phrase:
    """A sentence of `count` parts of 60 signs each."""
    parts = [f"{word} {number} ".ljust(60, "x") for number in range(count)]
    return Phrase("answer-line", {"parts": Phrases(tuple(Phrase("name", {"name": Name(part)}) for part in parts))})


def test_no_muted_line_outlives_a_more_important_one() -> None:
    """A line that does not fit is cut between two of its parts; after it even a short line is left out."""
    rows = (Row(dotted("gaps", 3), "muted"), Row(dotted("score", 20), "muted"), Row(said("short"), "muted"))
    text = read(render(card("alpha", rows=rows), Wording("en")))
    gaps, score = (next(line for line in text.split("\n") if line.startswith(word)) for word in ("gaps", "score"))
    assert (gaps.count("gaps"), score.count("score")) == (3, score.count(" · ") + 1)
    assert 5 < score.count("score") < 20
    assert units(text) > CAPTION_UNITS - 64
    assert "short" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cut_card_still_says_what_is_incomplete(real_posts: list[Message], language: str) -> None:
    """The first muted row of a card, which tells of throttled feeds, outlives all others, if only its beginning."""
    wording, cut_cards = Wording(language, strict=True), 0
    for message in real_posts:
        told = read(render(message, wording))
        muted = [row.text for row in wording.words(message).rows if row.tone == "muted"]
        kept = [row in told for row in muted]
        assert kept == sorted(kept, reverse=True)
        cut_cards += message.kind == "card" and not all(kept)
        assert not muted or muted[0][:23] in told
    assert cut_cards


def test_a_row_loses_its_last_parts_first() -> None:
    """Of figures that do not fit, the beginning of their row stays, cut between two of its parts."""
    parts = [f"part {number} " + "x" * 50 for number in range(15)]
    row = Phrase("answer-line", {"parts": Phrases(tuple(Phrase("name", {"name": Name(part)}) for part in parts))})
    text = read(render(card("alpha", rows=(Row(said("first")), Row(row))), Wording("en")))
    kept = next(line for line in text.split("\n") if line.startswith("part 0"))
    assert kept == " · ".join(parts[: kept.count("part")])
    assert "part 9" in kept


def test_a_title_too_long_is_cut() -> None:
    """When nothing else is left to shorten the title ends with an ellipsis."""
    names = ["y" * 64] * 14 + ["z" * 50]
    title = Phrase("answer-line", {"parts": Phrases(tuple(Phrase("name", {"name": Name(name)}) for name in names))})
    text = read(render(card(headline=title, rows=()), Wording("en"), Phrase("post-repeat")))
    assert units(text) == CAPTION_UNITS
    assert text.split("\n")[0].endswith("…")


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_a_cut_text_fits(text: str, limit: int) -> None:
    """The beginning of a text, marked as cut, and the whole of one that fits."""
    kept = cut(text, limit)
    assert units(kept) <= limit
    assert kept == text or text.startswith(kept[:-1])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_refusal_is_a_window(room: Room, language: str) -> None:
    """What only the asker may see always fits into a window of the app."""
    wording = Wording(language, strict=True)
    for line in ("/funding BTV", "/x " + "y" * 400, "/alerts set card loud", "/alerts set colour red", "/flush no"):
        text = alert(await room.say(line, admin=True), wording)
        assert text is not None
        assert 0 < units(text) <= ALERT_UNITS


def test_a_long_answer_is_no_window() -> None:
    """Other answers are shown whole or not there."""
    assert alert(Message("answer", said("a"), (Row(said("b")),) * 3), Wording("en")) is None


def test_a_key_too_long_for_telegram_is_left_out() -> None:
    """64 bytes go into a key; the next longer command has none."""
    fits = "/flush " + "x" * (CALLBACK_BYTES - len("do:/flush "))
    message = card(buttons=(Button(said("fits"), fits), Button(said("too long"), fits + "x")))
    [[key]] = keyboard(Wording("en").words(message))
    assert key.data == f"do:{fits}"


def test_several_menus_open_one_by_one() -> None:
    """Of several menus each is a key that opens it in place; of one each choice is a row, the present one marked."""
    menu = Menu(
        said("band"), "/alerts set band", tuple(Option(said(c), f"/alerts set band {c}", c == "b") for c in "abc")
    )
    wording = Wording("en")
    several = keyboard(wording.words(Message("answer", said("x"), menus=(menu, menu, menu))))
    assert [len(row) for row in several] == [2, 1]
    assert several[0][0].data == "ed:/alerts set band"
    one = keyboard(
        wording.words(Message("answer", said("x"), menus=(menu,), buttons=(Button(said("all"), "/alerts show"),)))
    )
    assert [row[0].data for row in one] == [*(f"ed:/alerts set band {c}" for c in "abc"), "ed:/alerts show"]
    assert [row[0].label.startswith("✓ ") for row in one] == [False, True, False, False]


@pytest.mark.parametrize("data", ["", "do", "do:", "xx:/oi", "/oi"])
def test_foreign_keys_are_not_read(data: str) -> None:
    """What was not made here asks for nothing."""
    assert pressed(data) is None
