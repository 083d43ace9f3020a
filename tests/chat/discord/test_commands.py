from __future__ import annotations

from typing import Any

import discord
import pytest
import simcord
from simcord.backend.errors import SetupError

from bot.chat.discord.tree import SYNCED
from bot.command import Command
from bot.store.channels import load_channel
from commands import ALL
from tests.chat.discord.conftest import Town
from tests.chat.discord.home import Home, at_home
from tests.chat.discord.reading import GALLERY, ids, shown, text, walk
from tests.commands.market import LiveView, market, small

ADMIN = [entry for entry in ALL if entry.admin]
FREE = [entry for entry in ALL if not entry.admin]
NEEDED: dict[str, Any] = {
    "alerts set": {"key": "card", "value": "silent"},
    "alerts coins": {"coins": "BTC SOL"},
    "alerts language": {"language": "es"},
    "alerts mute": {"span": "1h"},
    "alerts target": {"posts": 5},
}


def name_of(entry: Command) -> str:
    """What a case is called."""
    return entry.name


@pytest.mark.parametrize("entry", FREE, ids=name_of)
async def test_a_member_is_answered(town: Town, entry: Command) -> None:
    """Every command that is not for admins says something to a member."""
    answer = await town.ana.slash(town.open, entry.name)
    assert text(answer)
    assert "broke" not in text(answer)


@pytest.mark.parametrize("entry", ADMIN, ids=name_of)
async def test_a_member_is_refused(town: Town, entry: Command) -> None:
    """Discord itself does not let a member run any command for admins: generated from the table."""
    with pytest.raises(SetupError, match="default-member-permissions"):
        await town.ana.slash(town.open, entry.name, **NEEDED.get(entry.name, {}))


@pytest.mark.parametrize("entry", ADMIN, ids=name_of)
async def test_a_manager_is_answered_alone(town: Town, entry: Command) -> None:
    """Every command for admins works for who may manage the server, and only they see the answer."""
    answer = await town.mod.slash(town.open, entry.name, **NEEDED.get(entry.name, {}))
    assert answer.ephemeral
    assert "Only people who can manage" not in text(answer)
    assert "broke" not in text(answer)


async def test_a_server_may_open_commands_to_others(town: Town) -> None:
    """Who was let in by the server's own rules for commands is not checked a second time."""
    alerts = next(each for each in await town.home.clients[-1].tree.fetch_commands() if each.name == "alerts")
    town.guild.set_command_permissions(alerts, {town.ana: True})
    answer = await town.ana.slash(town.open, "alerts set", key="card", value="silent")
    assert "card: on → silent" in text(answer)


@pytest.mark.parametrize("entry", ALL, ids=name_of)
async def test_in_a_conversation_of_two_only_questions_are_offered(town: Town, entry: Command) -> None:
    """Alone with the bot, commands about a channel do not exist, all others answer."""
    bo = town.env.create_user("bo")
    if entry.here or entry.family == "alerts":
        with pytest.raises(SetupError):
            await bo.slash(entry.name, **NEEDED.get(entry.name, {}))
    else:
        assert text(await bo.slash(entry.name))


async def test_answers_of_one_are_not_shown_to_others(town: Town) -> None:
    """Public answers are seen by all, private ones and refusals by the asker alone."""
    assert not (await town.ana.slash(town.open, "funding", coin="BTC")).ephemeral
    assert (await town.ana.slash(town.open, "help")).ephemeral
    assert (await town.ana.slash(town.open, "funding", coin="BTV")).ephemeral
    assert (await town.ana.slash(town.open, "levels", coin="NEW")).ephemeral


async def test_a_chart_comes_with_its_words(town: Town) -> None:
    """An answer with a chart shows it as a picture that says what it shows."""
    answer = await town.ana.slash(town.open, "levels", coin="BTC")
    (gallery,) = (each for each in walk(shown(answer).components) if each["type"] == GALLERY)
    (item,) = gallery["items"]
    assert item["description"].startswith("Ladder of key levels of BTC around 92,438: ")
    assert [file.filename for file in shown(answer).attachments] == [item["media"]["url"].rpartition("/")[2]]


async def test_without_a_picture_the_words_stand(town: Town) -> None:
    """A chart that cannot be drawn takes nothing else with it."""
    town.home.brush.fails = True
    answer = await town.ana.slash(town.open, "levels", coin="BTC")
    assert "round number" in text(answer)
    assert not shown(answer).attachments


async def test_a_channel_is_answered_in_its_language(town: Town) -> None:
    """Once a language was chosen for a channel, public answers speak it; what one person alone sees does not."""
    await town.mod.slash(town.open, "alerts on")
    await town.mod.slash(town.open, "alerts language", language="es")
    assert "interés abierto" in text(await town.ana.slash(town.open, "oi", coin="BTC")).lower()
    assert "What you can ask" in text(await town.ana.slash(town.open, "help"))


async def test_subscribing(town: Town) -> None:
    """An admin switches another channel on; a test goes there, and its state says so."""
    answer = await town.mod.slash(town.open, "alerts on", channel=town.guild.create_text_channel("news"))
    assert "Alerts are on in #news" in text(answer)
    (channel,) = town.home.tests
    row = await town.home.store.run(lambda db: load_channel(db, channel))
    assert row is not None
    assert (row.name, row.state, row.place) == ("#news", "on", f"discord:{town.guild.id}")


async def test_missing_rights_are_named(town: Town) -> None:
    """A channel in which the bot may not do all it needs is not taken; the rights are told by Discord's names."""
    me = town.home.clients[-1].user
    assert me is not None
    deny = discord.PermissionOverwrite(embed_links=False, attach_files=False)
    closed = town.guild.create_text_channel("closed", overwrites={me: deny})
    answer = await town.mod.slash(town.open, "alerts on", channel=closed)
    assert text(answer) == "I can't post in #closed: I need Embed Links, Attach Files there."
    assert not town.home.tests


@pytest.mark.parametrize(
    ("line", "option", "typed", "filled", "expected"),
    [
        ("funding", "coin", "bt", {}, ["BTC", "BTT"]),
        ("funding", "coin", "", {}, sorted(market().by_name)),
        ("flush", "what", "la", {}, ["last"]),
        ("alerts coins", "coins", "BTC +so", {}, ["BTC +SOL"]),
        ("alerts set", "value", "", {"key": "card"}, ["on", "silent", "off"]),
        ("alerts set", "value", "e", {"key": "language"}, ["en", "es"]),
        ("alerts language", "language", "s", {}, ["es", "en"][:1]),
    ],
)
async def test_completion(
    town: Town, line: str, option: str, typed: str, filled: dict[str, str], expected: list[str]
) -> None:
    """What is typed is completed from memory, by what was given before."""
    choices = await town.mod.autocomplete(town.open, line, option, typed, **filled)
    assert [choice["value"] for choice in choices][: len(expected)] == expected


async def test_completion_of_a_thousand_coins() -> None:
    """However many coins there are and however long their names, Discord's 25 choices of 100 characters are kept."""
    coins = [small(f"C{number}{'X' * (number % 120)}", 0.0001) for number in range(1000)]
    view = LiveView({coin.coin: coin for coin in coins})
    async with at_home(view) as home, simcord.run(home.client()) as env:
        guild = env.create_guild()
        channel, ana = guild.create_text_channel("alerts"), guild.add_member(env.create_user("ana"))
        choices = await ana.autocomplete(channel, "funding", "coin", "c")
        assert 0 < len(choices) <= 25
        assert all(len(choice["value"]) <= 100 for choice in choices)


async def test_commands_are_told_to_discord_only_when_they_change(town: Town) -> None:
    """A restart tells Discord nothing; a change of the table does."""
    puts = [entry for entry in town.env.http_requests if entry.method == "PUT"]
    assert len(puts) == 1
    await town.restart()
    assert len([entry for entry in town.env.http_requests if entry.method == "PUT"]) == 1
    await town.home.book.remember(SYNCED, "another table")
    await town.restart()
    assert len([entry for entry in town.env.http_requests if entry.method == "PUT"]) == 2


async def test_descriptions_are_translated_and_names_are_not(home: Home) -> None:
    """Each description comes in every language of ours that is not English; names stay as people type them."""
    client = home.client()
    async with simcord.run(client):
        translator = client.tree.translator
        assert translator is not None
        payloads = [await each.get_translated_payload(client.tree, translator) for each in client.tree.get_commands()]
    for payload in payloads:
        assert not payload.get("name_localizations")
        assert set(payload["description_localizations"]) == {"es-ES", "es-419"}
    funding = next(payload for payload in payloads if payload["name"] == "funding")
    assert funding["options"][0]["description_localizations"]["es-ES"].startswith("Moneda")


async def test_a_broken_answer_is_told_once(town: Town) -> None:
    """When Discord fails at an answer, the asker hears a sentence with the name under which it is noted."""
    town.env.inject_error("POST", "/interactions/*/callback", status=400, code=50035)
    answer = await town.ana.slash(town.open, "funding", coin="BTC")
    assert "Something broke while I answered" in text(answer)
    assert answer.ephemeral


async def test_an_expired_question_is_no_failure(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Discord forgets some interactions by itself: nothing is noted as broken."""
    town.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    answer = await town.ana.slash(town.open, "funding", coin="BTC")
    assert not answer.acknowledged
    assert not [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]


async def test_every_button_is_a_command(town: Town) -> None:
    """What stands on the buttons of an answer can be said."""
    answer = await town.ana.slash(town.open, "funding", coin="BTC")
    lines = [custom_id.removeprefix("do:") for custom_id in ids(answer, 2)]
    assert lines == ["/oi BTC", "/levels BTC"]


async def test_a_channel_without_rights_is_still_answered(town: Town) -> None:
    """Answers do not need the rights that posts need: they are the asker's, not the channel's."""
    nothing = discord.PermissionOverwrite(send_messages=False, embed_links=False, attach_files=False)
    me = town.home.clients[-1].user
    assert me is not None
    closed = town.guild.create_text_channel("closed", overwrites={me: nothing})
    assert "funding" in text(await town.ana.slash(closed, "funding", coin="BTC"))
    assert len(shown(await town.ana.slash(closed, "levels", coin="BTC")).attachments) == 1
    assert "I lack here: Send Messages" in text(await town.mod.slash(closed, "alerts status"))


HOSTILE = (
    "@everyone",
    "</b>",
    "**X**",
    "||y||",
    "a\u202eb",
    "z\u200bz",
    "`",
    "'; /alerts mute 30d",
    "<@123456789012345>",
)


@pytest.mark.parametrize("coin", HOSTILE)
async def test_a_hostile_coin_can_be_asked_for(coin: str) -> None:
    """Whatever a coin is called, it can be completed, asked for and pressed, and is plain text in the answer."""
    view = LiveView({coin: small(coin, 0.0001), "ETH": small("ETH", 0.0001)})
    async with at_home(view) as home, simcord.run(home.client()) as env:
        guild = env.create_guild()
        channel, ana = guild.create_text_channel("alerts"), guild.add_member(env.create_user("ana"))
        for word in (coin, "@here", "</b>"):
            assert text(await ana.slash(channel, "funding", coin=word))
        (choice,) = await ana.autocomplete(channel, "funding", "coin", coin)
        answer = await ana.slash(channel, "funding", coin=choice["value"])
        assert "@everyone" not in text(answer)
        assert "<" not in text(answer).replace("\\<", "")
        for custom_id in ids(answer, 2):
            assert text(await ana.click(shown(answer).message, custom_id=custom_id))
