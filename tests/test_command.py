"""From a typed function to a command, from its values to a line, and back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arguments import split
from bot.catalogue import MOST_SUGGESTED, Catalogue, Desk
from bot.command import Caller, Coin, Command, Parameter, Rest, Typed, command
from bot.errors import UserError
from bot.message import Count, Message, Name, Names, Phrase
from commands import ALL

Lines = Annotated[int, Typed("integer", low=1, high=20)]
Coins = Annotated[str, Typed("coins", rest=True)]
ANA = Caller("ana", "web", "en")


@command("toy")
async def toy(desk: Desk, caller: Caller, side: Literal["long", "short"], lines: Lines = 5, why: Rest = "") -> Message:
    """A command with a choice, a number and the rest of the line."""
    return Message("answer", Phrase("toy", {"side": Name(side), "lines": Count(lines), "why": Name(why)}))


@command("toy change", admin=True, draws=True)
async def change(desk: Desk, caller: Caller, coin: Coin | None = None, coins: Coins = "") -> Message:
    """A command of two words."""
    return Message("answer", Phrase("change"))


class Words:
    """A desk that suggests coins, and for a value what was chosen before."""

    def suggestions(self, parameter: Parameter, before: Mapping[str, str]) -> Iterable[str]:
        """As the protocol says."""
        if parameter.kind == "value":
            return tuple(f"{before.get('key', '')}-{number}" for number in range(99))
        return ("BTC", "WBTC", "ETH", "SOL", "1000BONK")


CATALOGUE = Catalogue((toy, change), Words())
EVERYTHING = Catalogue(ALL, Words())


def refusal(line: str) -> UserError:
    """The refusal of a line."""
    with pytest.raises(UserError) as caught:
        CATALOGUE.parse(line)
    return caught.value


def test_parameters_come_from_the_signature() -> None:
    """Kind, choices, bounds, the rest of the line and whether it may be left out are read from annotations."""
    assert toy.parameters == (
        Parameter("choice", ("long", "short"), name="side", required=True),
        Parameter("integer", low=1, high=20, name="lines"),
        Parameter("text", rest=True, name="why"),
    )
    assert change.parameters == (Parameter("coin", name="coin"), Parameter("coins", rest=True, name="coins"))


def test_a_command_knows_its_words() -> None:
    """Name, family, verb, usage, keys of its words, and whom and what it is for."""
    assert (toy.family, toy.verb, toy.usage) == ("toy", "", "/toy <side> [lines] [why]")
    assert (change.family, change.verb, change.usage) == ("toy", "change", "/toy change [coin] [coins]")
    assert (change.summary, toy.parameters[1].summary) == (Phrase("command-toy-change"), Phrase("parameter-lines"))
    assert (toy.admin, toy.here, toy.draws) == (False, False, False)
    assert (change.admin, change.here, change.draws) == (True, True, True)


def test_a_command_without_a_docstring_is_refused() -> None:
    """What nobody described cannot be offered."""

    async def silent(desk: Desk, caller: Caller) -> Message:
        return Message("answer", Phrase("x"))

    with pytest.raises(TypeError, match="no docstring"):
        command("silent")(silent)


def values_of(entry: Command) -> st.SearchStrategy[dict[str, object]]:
    """Values for the required parameters of a command and some others; text is whatever people type.

    It is no word that a later parameter takes for its own: a coin is not called 24h.
    """
    named = {choice for p in entry.parameters for choice in p.choices}

    def is_free(typed: str) -> bool:
        plain = unicodedata.normalize("NFKC", typed).strip()
        number = plain.isdecimal() or re.fullmatch(r"[-+]?[0-9]+([.,][0-9]+)*", plain)
        return bool(plain) and not number and plain.lower().removeprefix("+") not in named

    text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(is_free)
    each: list[st.SearchStrategy[object]] = [
        st.sampled_from(p.choices) if p.choices else st.integers(p.low, p.high) if p.kind == "integer" else text
        for p in entry.parameters
    ]
    names = [p.name for p in entry.parameters]
    required = sum(p.required for p in entry.parameters)
    return st.integers(required, len(names)).flatmap(
        lambda count: st.tuples(
            st.tuples(*each[:count]), st.sets(st.sampled_from(names)) if names else st.just(set())
        ).map(lambda drawn: without(entry, dict(zip(names, drawn[0], strict=False)), drawn[1]))
    )


def without(entry: Command, values: dict[str, object], unwanted: set[str]) -> dict[str, object]:
    """Without some that may be left out: those before a parameter that knows its own words."""
    kept: dict[str, object] = {}
    next_named = False
    for parameter in reversed(entry.parameters[: len(values)]):
        if parameter.required or not next_named or parameter.name not in unwanted:
            kept[parameter.name] = values[parameter.name]
            next_named = bool(parameter.choices) or parameter.kind == "integer"
    return {name: kept[name] for name in values if name in kept}


@given(st.sampled_from([toy, change, *ALL]).flatmap(lambda entry: st.tuples(st.just(entry), values_of(entry))))
def test_a_line_of_values_is_read_as_these_values(case: tuple[Command, dict[str, object]]) -> None:
    """Whatever the values hold (quotes, wide letters, newlines, dashes), the line means that command and them."""
    entry, values = case
    catalogue = CATALOGUE if entry in (toy, change) else EVERYTHING
    found, arguments = catalogue.parse(entry.line(values))
    assert found is entry
    plain = {name: unicodedata.normalize("NFKC", v) if isinstance(v, str) else v for name, v in values.items()}
    assert arguments == plain


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("/after 4h rules", {"step": "4h", "part": "rules"}),
        ("/after rules", {"part": "rules"}),
        ("/after +4h", {"step": "4h"}),
        ("/after ETH +15m", {"episode": "ETH", "step": "15m"}),
        ("/after eth 4H", {"episode": "eth", "step": "4h"}),
        ("/after rules 4h", {"step": "4h", "part": "rules"}),
        ("/after rules eth", {"episode": "eth", "part": "rules"}),
        ("/after rules 4h eth", {"episode": "eth", "step": "4h", "part": "rules"}),
        ("/levels touches", {"more": "touches"}),
        ("/levels touches eth", {"coin": "eth", "more": "touches"}),
        ("/liqs 24h SOL", {"coin": "SOL", "hours": "24h"}),
        ("/liqs 24h", {"hours": "24h"}),
        ("/liqs 24", {"hours": "24h"}),
        ("/liqs SOL 4", {"coin": "SOL", "hours": "4h"}),
        ("/scorecard 90", {"days": 90}),
        ("/scorecard 90 BTC", {"coin": "BTC", "days": 90}),
        ("/scorecard BTC 30d", {"coin": "BTC", "days": 30}),
        ("/scorecard 30D", {"days": 30}),
        ("/scorecard 1000PEPE", {"coin": "1000PEPE"}),
    ],
)
def test_what_may_be_left_out_may_be_left_out_before_another(line: str, meant: dict[str, object]) -> None:
    """A word that belongs to a later parameter is taken by that one; what was left out before it may follow it."""
    assert EVERYTHING.parse(line)[1] == meant


STEPS = ("newest", "15m", "1h", "4h", "24h", "48h", "72h")


@pytest.mark.parametrize(
    ("line", "given", "choices"),
    [
        ("/after 12h", "12h", STEPS),
        ("/after ORDI 12H", "12h", STEPS),
        ("/after 12", "12", STEPS),
        ("/after +12h", "+12h", STEPS),
        ("/after ORDI why", "why", (*STEPS, "figures", "rules")),
        ("/after ORDI 4h why", "why", ("figures", "rules")),
        ("/liqs 12h", "12h", ("1h", "4h", "24h")),
    ],
)
def test_a_wrong_word_is_refused_with_all_that_could_stand_there(
    line: str, given: str, choices: tuple[str, ...]
) -> None:
    """A span that is no choice is not taken for a coin; a word that is neither of two parameters' names both."""
    with pytest.raises(UserError) as caught:
        EVERYTHING.parse(line)
    assert caught.value.values == {"given": Name(given), "choices": Names(choices)}


def test_values_that_were_not_given_are_left_out() -> None:
    """None, nothing and blanks stand for a parameter that was left out."""
    assert toy.line({"side": "long", "lines": None, "why": ""}) == "/toy long"
    assert toy.line({"side": "long", "lines": 0, "why": " "}) == "/toy long 0"
    assert change.line({}) == "/toy change"


def test_a_wide_quote_cannot_end_the_quotes_of_a_value() -> None:
    """A sign that becomes a quote when it is read makes no further argument of what follows it."""
    line = toy.line({"side": "long", "lines": 2, "why": "a\uff07 \uff07b"})
    assert CATALOGUE.parse(line) == (toy, {"side": "long", "lines": 2, "why": "a' 'b"})


@pytest.mark.parametrize(("word", "number"), [("1", 1), ("20", 20), ("007", 7), ("\uff17", 7)])
def test_integers_are_read_within_their_bounds(word: str, number: int) -> None:
    """Both ends belong to the range, and wide digits are digits."""
    assert CATALOGUE.parse(f"/toy long {word}")[1] == {"side": "long", "lines": number}


@pytest.mark.parametrize("word", ["0", "21", "-1", "+1", "1.5", "five", "\u0665", "1e1", "9" * 5000])
def test_integers_out_of_bounds_are_refused_with_the_bounds(word: str) -> None:
    """One beyond each end, signs, fractions, other digits and endless numbers are refused, named and cut short."""
    error = refusal(f"/toy long {word}")
    assert error.key == "error-not-in-range"
    assert (error.values["setting"], error.values["low"], error.values["high"]) == (Name("lines"), Count(1), Count(20))
    given_word = error.values["given"]
    assert isinstance(given_word, Name)
    assert len(given_word.text) <= 32


@pytest.mark.parametrize("word", ["-5", "7.5", "1,000", "+30", "6"])
def test_a_number_that_cannot_be_is_not_taken_for_a_coin(word: str) -> None:
    """Where a number may follow a coin that was left out, whatever looks like one is refused with the bounds."""
    with pytest.raises(UserError) as caught:
        EVERYTHING.parse(f"/scorecard {word}")
    assert caught.value.key == "error-not-in-range"


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("/toy", "error-usage"),
        ("/toy sideways", "error-not-a-choice"),
        ("/change", "error-unknown-command"),
        ("", "error-no-command"),
        ("/", "error-no-command"),
        ("/@flushwatch_bot", "error-no-command"),
    ],
)
def test_lines_that_mean_nothing_are_refused(line: str, key: str) -> None:
    """Missing arguments, wrong choices and unknown commands each have their sentence."""
    assert refusal(line).key == key


async def test_an_admin_command_is_refused_before_it_runs() -> None:
    """The right is the caller's, and what is refused is told to the caller alone."""
    answer = await CATALOGUE.answer("/toy change", ANA)
    assert (answer.headline.key, answer.private) == ("error-admins-only", True)
    assert (await CATALOGUE.answer("/toy change", Caller("ana", "web", "en", admin=True))).headline.key == "change"


@given(st.text(max_size=80))
def test_any_line_is_a_command_or_a_refusal(line: str) -> None:
    """Whatever is typed, nothing but a UserError comes out of reading it."""
    try:
        entry, _ = EVERYTHING.parse(line)
    except UserError:
        return
    assert entry in ALL


def test_a_name_after_the_command_is_dropped() -> None:
    """Chats write a command as /toy@bot; quotes group words, and an open one is a letter like others."""
    assert split('/toy@bot long 5 "a  b"') == ["toy", "long", "5", "a  b"]
    assert split('/toy "long') == ["toy", '"long']


def test_suggestions_that_begin_with_what_was_typed_come_first() -> None:
    """Then those that hold it, in any case of letters; nothing typed suggests all."""
    coin = Parameter("coin", name="coin")
    assert CATALOGUE.suggest(coin, "b", {}) == ["BTC", "WBTC", "1000BONK"]
    assert CATALOGUE.suggest(coin, "", {}) == ["BTC", "WBTC", "ETH", "SOL", "1000BONK"]
    assert CATALOGUE.suggest(coin, "xyz", {}) == []


def test_the_last_word_of_a_list_of_coins_is_completed() -> None:
    """What stands before it is kept, and so is its sign."""
    coins = Parameter("coins", rest=True, name="coins")
    assert CATALOGUE.suggest(coins, "+SOL -et", {}) == ["+SOL -ETH"]
    assert CATALOGUE.suggest(coins, "BTC ", {})[:2] == ["BTC BTC", "BTC WBTC"]


def test_choices_are_suggested_before_the_desk_is_asked() -> None:
    """A parameter with choices suggests those alone."""
    assert CATALOGUE.suggest(toy.parameters[0], "s", {}) == ["short"]


def test_suggestions_are_no_more_than_a_menu_holds() -> None:
    """A value may depend on what was given before it, and the list ends where Discord's does."""
    value = Parameter("value", rest=True, name="value")
    suggested = CATALOGUE.suggest(value, "", {"key": "card"})
    assert suggested == [f"card-{number}" for number in range(MOST_SUGGESTED)]


@given(st.text(max_size=40))
def test_every_suggestion_can_be_typed(typed: str) -> None:
    """Whatever is unfinished, a suggestion is a line that holds what was typed last, without blanks around it."""
    for kind in ("coin", "coins"):
        for word in CATALOGUE.suggest(Parameter(kind, name=kind), typed, {}):
            assert word == word.strip()
            assert word.split()[-1].lstrip("+-") in ("BTC", "WBTC", "ETH", "SOL", "1000BONK")
