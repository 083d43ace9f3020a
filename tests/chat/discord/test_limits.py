"""Whatever is said stays within Discord's limits and is read as it was written."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from bot.chat.discord.charts import Chart
from bot.chat.discord.client import DiscordClient
from bot.chat.discord.markup import clip, fit, plain
from bot.chat.discord.panels import panel
from bot.chat.discord.transport import DiscordTransport
from bot.chat.pictures import PictureKey
from bot.chat.wording import LANGUAGES, Wording, WordsRow
from bot.message import Button, Message, Row
from tests.chat.discord.home import Home, png
from tests.chat.discord.messages import at_once, card, every_message, fullest, named, post
from tests.fakes.discord import Guild
from tests.fakes.discord.message_rules import walk
from tests.fakes.discord.world import Message as Posted

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

KINDS = ("card", "followup", "derivatives_day", "digest", "test", "answer")
CHART = Chart.of(png(), "a" * 3000, PictureKey("00", "en", "dark"))
HOSTILE = (
    "@everyone",
    "@here <@123456789012345678> <@&123456789012345678>",
    "</b><script>",
    "<#123456789012345678> <t:0:R> <:x:123456789012345678> </status:123456789012345678>",
    "**bold** __under__ ~~gone~~ ||spoiler|| `code` ```block```",
    "[masked](https://example.invalid)",
    "https://example.invalid/_x_",
    "# heading",
    "-# small",
    "> quotation",
    "- list",
    "1. list",
    "\u202eright to left\u202c",
    "zero\u200bwidth\u200d",
    "line\nbreak",
    "\\",
    "'\"; /alerts mute 30d",
)


async def posted(client: DiscordClient, home: Home, guild: Guild, message: Message, **changes: Any) -> Posted:
    """A message as the fake keeps it, which refuses what Discord would refuse."""
    channel = guild.channel("alerts")
    await DiscordTransport(client, home.reception).send(post(message, channel.id, **changes), at_once)
    return channel.messages[-1]


async def answered(client: DiscordClient, guild: Guild, message: Message, language: str = "en") -> Posted:
    """A message as an answer, kept by the fake."""
    wording = Wording(language)
    view = panel(message, wording.words(message), wording, CHART)
    channel = guild.channel("alerts")
    await client.get_partial_messageable(channel.id).send(view=view, file=CHART.file())
    return channel.messages[-1]


def said(message: Posted) -> str:
    """All text of a message."""
    embeds = [embed.get(key) or "" for embed in message.embeds for key in ("title", "description")]
    panels = [each.get("content") for _, each in walk(message.components)]
    return "\n".join(part for part in (message.content, *embeds, *panels) if part)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", list(every_message()))
async def test_every_post_fits(poster: DiscordClient, home: Home, guild: Guild, case: str, language: str) -> None:
    """What the builders make is taken by Discord whole, in every language."""
    message = every_message()[case]()
    kept = await posted(poster, home, guild, message, language=language)
    words = Wording(language).words(message)
    assert plain(words.headline) in said(kept)
    assert all(plain(row.text) in said(kept) for row in words.rows)
    assert bool(kept.attachments) == (message.chart is not None)


@pytest.mark.parametrize("kind", KINDS)
async def test_the_fullest_post_is_shortened(poster: DiscordClient, home: Home, guild: Guild, kind: str) -> None:
    """More than Discord takes is cut, and says so, with the word about a repeat still at the end."""
    kept = await posted(poster, home, guild, fullest(kind), repeat=True)
    assert said(kept).splitlines()[-2:] == [
        "-# Shortened: the whole of it did not fit here.",
        "-# May be a repeat: I got no answer the first time.",
    ]
    assert len(kept.components) == 5


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_fullest_answer_is_shortened(poster: DiscordClient, guild: Guild, language: str) -> None:
    """A panel keeps its headline, its mark of origin and as many lists as it can hold."""
    message = fullest("answer")
    kept = await answered(poster, guild, message, language)
    assert plain(Wording(language).words(message).origin or "") in said(kept)
    assert len([each for _, each in walk(kept.components) if each["type"] == 3]) > 10


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_name_is_shown_and_does_nothing(
    poster: DiscordClient, home: Home, guild: Guild, name: str
) -> None:
    """A coin may be called anything: in posts and panels it is plain text, and nobody is called by it."""
    buttons = (Button(named(name), "/oi"),)
    message = card(headline=named(name), push=named(name), rows=(Row(named(name)),), buttons=buttons)
    for kept in (await posted(poster, home, guild, message), await answered(poster, guild, message)):
        assert kept.allowed_mentions == {"parse": []}
        assert "@everyone" not in said(kept)
        assert "<" not in said(kept).replace("\\<", "")
        assert "://" not in said(kept).replace("\\://", "")
        assert not [char for char in said(kept) if char in "\u202e\u200d"]
        lines = [line.removeprefix("**") for line in said(kept).splitlines()]
        assert not [line for line in lines if line.startswith(("# ", "-# ", "> ", "- ", "1. ", "* "))]


def test_muted_rows_go_first() -> None:
    """Where a post is too long, what stands behind the figures goes before the figures, from the end."""
    tones: dict[str, Literal["normal", "muted"]] = {"a": "normal", "b": "muted", "c": "muted", "d": "normal"}
    rows = [WordsRow(letter * 10, tone) for letter, tone in tones.items()]
    assert [row.text[0] for row in fit(rows, 60, "!")] == ["a", "b", "c", "d"]
    assert [row.text[0] for row in fit(rows, 48, "!")] == ["a", "b", "d", "!"]
    assert [row.text[0] for row in fit(rows, 30, "!")] == ["a", "d", "!"]
    assert [row.text[0] for row in fit(rows, 20, "!")] == ["a", "!"]


def test_a_cut_leaves_no_half_of_an_escape() -> None:
    """A backslash that has lost its character would take the next one."""
    assert plain("ab**") == "ab\\*\\*"
    assert clip("ab\\*\\*", 6) == "ab\\*\\*"
    assert clip("ab\\*\\*", 5) == "ab\\*…"
    assert clip("ab\\*\\*", 4) == "ab…"
