"""What holds for every command: both views, both kinds of people, hostile names, and an answer on every path."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.wording import Wording
from bot.message import Message, Phrase
from bot.store.episodes import save_episode
from commands import ALL
from tests.commands.chat_room import Room
from tests.commands.flushes import episode, member, row_of
from tests.commands.market import LiveView, market, small, stored

LINES = (
    *(
        "/funding BTC",
        "/funding ETH",
        "/funding",
        "/funding NEW",
        "/funding BTV",
        "/oi BTC",
        "/oi",
        "/oi HYPE",
        "/oi NEW",
    ),
    *(
        "/levels",
        "/levels ETH",
        "/liqs",
        "/liqs BTC 24h",
        "/liqs NEW",
        "/movers",
        "/digest",
        "/digest weekly",
        "/scorecard",
        "/scorecard BTC 90",
        "/scorecard BTC 91",
        "/brief",
        "/brief ETH",
        "/brief NEW",
        "/movers price",
        "/movers funding",
        "/levels BTC model",
        "/levels BTC touches",
        "/flush",
        "/flush why",
        "/flush BTC",
        "/flush nothing",
        "/after",
        "/after BTC",
        "/after nothing 4h",
        "/status",
        "/help",
        "/help oi",
    ),
    *("/settings", "/alerts show", "/alerts on", "/alerts on #alerts", "/alerts on #closed", "/alerts off"),
    *("/alerts status", "/alerts status #closed", "/alerts log", "/alerts log 21", "/alerts set card"),
    *("/alerts set card off", "/alerts coins BTC SOL", "/alerts language es", "/alerts mute 2d"),
    *("/alerts preset", "/alerts preset quiet", "/alerts preview", "/alerts preview 7 quiet", "/alerts target 5"),
    *("/alerts test", "/alerts", "/nothing", "", "/funding BTC ETH"),
)


@pytest.mark.parametrize("admin", [False, True], ids=["member", "admin"])
@pytest.mark.parametrize("line", LINES)
async def test_the_stored_market_answers_like_the_live_one(room: Room, line: str, admin: bool) -> None:
    """Every line, by members and admins, gives the same Message from a view and from its stored snapshot."""
    await room.desk.store.run(lambda db: save_episode(db, row_of(episode(member(), member("SOL")))))
    live = await room.say(line, admin=admin)
    if line.startswith("/alerts ") and admin and "show" not in line:
        await room.say("/alerts coins default", admin=True)  # each side changes from the same settings
        for undo in ("preset normal", "set card on", "language en", "mute off", "off", "off #alerts"):
            await room.say(f"/alerts {undo}", admin=True)
    assert await room.seeing(stored(market())).say(line, admin=admin) == live
    assert live.kind in {"answer", "refusal"}
    assert len(live.rows) <= (16 if line == "/help" else 12)  # which has a line a command


def test_every_command_was_said() -> None:
    """The lines above leave no command out."""
    assert {command.name for command in ALL} == {
        command.name for command in ALL if any(line[1:].startswith(command.name) for line in LINES)
    }


def test_no_two_commands_share_a_name() -> None:
    """Names are unique, lower case, and have words in every language."""
    names = [command.name for command in ALL]
    assert len(set(names)) == len(names)
    for language in ("en", "es"):
        wording = Wording(language, strict=True)
        assert all(wording.text(command.summary) for command in ALL)


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [("BTV", "Did you mean BTC or BTT?"), ("SOLL", "Did you mean SOL?"), ("ETHX", "Did you mean ETH or ETHW?")],
)
@pytest.mark.parametrize("command", ["funding", "oi", "levels"])
async def test_a_wrong_coin_is_answered_with_the_nearest(room: Room, command: str, typed: str, suggestion: str) -> None:
    """A name that is nearly right gets the nearest names back, privately."""
    message = await room.say(f"/{command} {typed}")
    assert message.private
    [line] = await room.text(f"/{command} {typed}")
    assert line == f'I don\'t know "{typed}". {suggestion}'


async def test_what_is_not_near_is_not_suggested(room: Room) -> None:
    """A word that shares two letters with a coin is not that coin mistyped."""
    [line] = await room.text("/funding model")
    assert line.startswith('I don\'t know "model" among the ')


@pytest.mark.parametrize(
    "typed", ["pepe", "1000PEPE", "kPEPE", "$PEPE", "PEPEUSDT", "1000pepe-perp", "\uff50\uff45\uff50\uff45"]
)
async def test_one_coin_has_many_spellings(room: Room, typed: str) -> None:
    """Multipliers, quote currencies, signs and wide letters all lead to the coin as it is known."""
    assert (await room.text(f"/funding {typed}"))[0].startswith("1000PEPE funding")


HOSTILE = (
    "@everyone",
    "</b><script>",
    "**bold**",
    "{ $coin }",
    "A" * 4000,
    "\u202eevil",
    "a\u0000b",
    "'; DROP TABLE episodes;--",
)


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("command", ["funding", "flush", "help", "alerts set card", "alerts mute", "alerts coins", "x"])
async def test_hostile_text_comes_back_as_a_short_name_only(room: Room, command: str, typed: str) -> None:
    """What was typed is never part of a key, stands in a value of its own, and is cut short."""
    message = await room.say(f"/{command} {typed}", admin=True)
    assert message.kind == "refusal"
    assert message.headline.key.startswith("error-")
    words = Wording("en", strict=True).words(message)
    assert len(words.headline) < 300
    assert "\u202e" not in words.headline


async def test_a_hostile_coin_name_stays_a_name(room: Room) -> None:
    """A coin that an exchange lists under a hostile name is shown as a value, never as a key or a command's text."""
    view = LiveView({"</B>@HERE": small("</B>@HERE", 0.0001)})
    message = await room.seeing(view).say("/funding </b>@here")
    assert message.headline.key == "funding-headline"


async def test_before_the_first_fact_every_question_is_answered(room: Room) -> None:
    """With an empty market each market command says that there is nothing yet."""
    empty = room.seeing(LiveView(as_of_ms=0))
    for line in ("/funding", "/funding BTC", "/oi", "/oi BTC", "/levels"):
        assert (await empty.say(line)).headline.key == "error-no-facts-yet"


async def test_a_replay_is_marked_in_every_answer(room: Room) -> None:
    """The origin of the stream stands with every answer."""
    origin = Phrase("origin-simulated")
    marked = Room(replace(room.desk, origin=lambda _: origin), room.tests)
    for line in ("/funding", "/oi BTC", "/levels", "/status", "/help", "/settings"):
        message: Message = await marked.say(line)
        assert message.origin == origin
