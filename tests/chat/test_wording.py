import unicodedata
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.languages import LANGUAGES, language_named, negotiate
from bot.chat.wording import Wording, WordingError, clean_name
from bot.errors import ConfigError
from bot.message import (
    BasisPoints,
    Button,
    Coins,
    Count,
    Message,
    Moment,
    Name,
    Names,
    Number,
    Percent,
    Phrase,
    Phrases,
    Price,
    Rate,
    Row,
    Span,
    Usd,
    Value,
)

NNBSP = "\u202f"
ONE_OF_EACH: tuple[Value, ...] = (
    Usd(1.0),
    Price(1.0),
    Percent(0.1),
    Rate(0.0001),
    BasisPoints(-9),
    Coins(1.0, "BTC"),
    Count(1),
    Number(1.0),
    Moment(0),
    Span(1),
    Name("BTC"),
    Names(("BTC",)),
    Phrase("side-long"),
    Phrases((Phrase("side-long"),)),
)


def said(value: Value, language: str = "en") -> str:
    """A value as it stands in a sentence, without the sentence."""
    around = {"en": "replay of ", "es": "repetición del "}[language]
    return Wording(language, strict=True).text(Phrase("origin-replay", {"date": value})).removeprefix(around)


def test_the_languages_are_the_folders() -> None:
    """Both languages are found as package data."""
    assert LANGUAGES == ("en", "es")


@pytest.mark.parametrize(
    ("tag", "language"),
    [("es", "es"), ("es-419", "es"), ("ES_mx", "es"), ("pt-BR", "en"), ("en-GB", "en"), ("", "en")],
)
def test_the_nearest_language_is_spoken(tag: str, language: str) -> None:
    """A tag falls back to its language, and everything unknown to English."""
    assert negotiate(tag) == language
    assert Wording(tag).language == language


def test_a_language_is_named_in_any_case() -> None:
    """The command line takes it as a chat does, and refuses one that is not spoken with those that are."""
    assert [language_named(tag) for tag in ("es", "ES", "En")] == ["es", "es", "en"]
    with pytest.raises(ConfigError, match="takes en or es; you wrote 'fr'"):
        language_named("fr")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", ONE_OF_EACH, ids=lambda value: type(value).__name__)
def test_every_type_of_value_can_be_said(value: Value, language: str) -> None:
    """Each type of `bot.message.Value` becomes words, one line of them."""
    text = said(value, language)
    assert text
    assert "\n" not in text


def test_no_type_of_value_is_forgotten() -> None:
    """The list above holds every type of `bot.message.Value`."""
    assert {type(value) for value in ONE_OF_EACH} == set(get_args(Value))


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        (Usd(53.6e6, at_least=True), "≥ $53.6M", "≥ $53,6 M"),
        (BasisPoints(-9), "−9 bp", "−9 pb"),
        (BasisPoints(0.4), "+0.4 bp", "+0,4 pb"),
        (BasisPoints(0), "0 bp", "0 pb"),
        (Count(12_345), "12,345", "12.345"),
        (Count(1_404), "1,404", "1404"),
        (Names(("BTC", "BTT", "ETHW")), "BTC, BTT and ETHW", "BTC, BTT y ETHW"),
        (Phrases((Phrase("side-long"), Phrase("side-short"))), "long · short", "largos · cortos"),
        (Phrases((Phrase("side-long"), Phrase("side-short")), "list"), "long, short", "largos, cortos"),
        (Coins(2, "BTC"), "2 BTC", "2 BTC"),
    ],
)
def test_values_read_naturally_in_both_languages(value: Value, english: str, spanish: str) -> None:
    """Golden forms; every space inside a figure and its unit may be one that does not break."""
    assert said(value, "en").replace(NNBSP, " ") == english
    assert said(value, "es").replace(NNBSP, " ") == spanish


@pytest.mark.parametrize(
    ("ms", "expected"),
    [
        (7_800_000, "2 h 10 min"),
        (68_400_000, "19 h"),
        (273_600_000, "3 d 4 h"),
        (86_400_000, "1 d"),
        (3_599_999, "59 min"),
        (45_000, "45 s"),
        (0, "0 s"),
        (-60_000, "−1 min"),
    ],
)
def test_spans_show_their_two_largest_units(ms: int, expected: str) -> None:
    """A length of time is rounded down and shows no unit that is zero."""
    assert said(Span(ms)).replace(NNBSP, " ") == expected


@pytest.mark.parametrize(
    ("form", "english", "spanish"),
    [
        ("time", "00:40", "00:40"),
        ("date", "19 January 2026", "19 de enero de 2026"),
        ("both", "19 January 2026, 00:40", "19 de enero de 2026, 00:40"),
    ],
)
def test_moments_are_utc(form: str, english: str, spanish: str) -> None:
    """All three forms of a moment, in both languages."""
    moment = msgspec.convert({"type": "moment", "ms": 1_768_783_200_000, "form": form}, Moment)
    assert (said(moment, "en"), said(moment, "es")) == (english, spanish)


@given(st.text(max_size=200))
def test_names_from_outside_stay_on_one_visible_line(text: str) -> None:
    """No control, direction, invisible or line-breaking character survives, and 64 characters are the most."""
    name = clean_name(text)
    assert len(name) <= 64
    assert not [char for char in name if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]


def test_a_hostile_name_is_shown_harmless() -> None:
    """A coin that turns the text around and breaks the line reads as plain letters."""
    assert said(Name("BTC\u202eCTB\u200b\n*x*")) == "BTCCTB *x*"


def test_a_message_is_said_whole() -> None:
    """Headline, rows with their tones, push line, origin and buttons arrive in one language."""
    message = Message(
        "card",
        Phrase("kind-long-flush"),
        rows=(Row(Phrase("side-long")), Row(Phrase("side-short"), "muted")),
        push=Phrase("band-flush"),
        buttons=(Button(Phrase("chart-price"), "levels BTC"),),
        origin=Phrase("origin-simulated"),
    )
    words = Wording("es", strict=True).words(message)
    assert words.headline == "barrida de largos"
    assert [(row.text, row.tone) for row in words.rows] == [("largos", "normal"), ("cortos", "muted")]
    assert (words.push, words.origin) == ("BARRIDA", "simulado")
    assert [(button.label, button.command) for button in words.buttons] == [("Precio", "levels BTC")]


def test_what_is_not_there_is_not_said() -> None:
    """A message without push line and origin has none in its words either."""
    words = Wording("en").words(Message("answer", Phrase("side-long")))
    assert (words.push, words.origin, words.rows, words.buttons) == (None, None, [], [])


BROKEN = [
    Phrase("nothing-of-this-name"),
    Phrase("origin-replay"),
    Phrase("origin-replay", {"date": Usd(float("nan"))}),
    Phrase("origin-replay", {"date": Phrase("nothing-of-this-name")}),
]


@pytest.mark.parametrize("phrase", BROKEN)
def test_a_chat_never_sees_a_key(phrase: Phrase) -> None:
    """An unknown key, a missing value and an unwritable one all end in the apology of the language."""
    assert Wording("en").text(phrase) == "I have no words for this yet. My log says what is missing."
    assert Wording("es").text(phrase).startswith("Todavía no tengo palabras")


@pytest.mark.parametrize("phrase", BROKEN)
def test_a_test_does_see_it(phrase: Phrase) -> None:
    """A strict voice raises instead of apologising, and names the key."""
    with pytest.raises(WordingError, match=phrase.key):
        Wording("en", strict=True).text(phrase)


def test_values_of_the_wrong_type_are_no_crash() -> None:
    """A refusal may carry anything; what is no typed value ends in the apology."""
    phrase = msgspec.structs.replace(Phrase("origin-replay"), values={"date": "plain text"})
    assert Wording("en").text(phrase).startswith("I have no words")
