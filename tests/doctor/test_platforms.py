"""`flushwatch doctor` at the platforms: what it says about tokens and rights, and that it changes nothing."""

from __future__ import annotations

import pytest

from bot.store.rows import ChannelRow
from tests.doctor.practice import DISCORD_TOKEN, EXCHANGES, Practice, at_discord, at_telegram
from tests.fakes.discord import Kind, Permission

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]


async def test_a_bot_that_is_well(practice: Practice) -> None:
    """Every thing has its line, all of them good, and nothing was posted, registered or written."""
    guild = practice.discord.world.guild("Traders", ("alerts",))
    desk = practice.telegram.world.supergroup("Desk")
    await practice.keep(at_discord(guild.channel("alerts"), guild), at_telegram(desk))
    before = {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in practice.folder.iterdir()}
    assert await practice.sound()
    assert [line.partition(": ")[0] for line in practice.lines] == [
        f"✓ data folder {practice.folder}",
        "✓ disk",
        "✓ database run",
        "✓ clock",
        *(f"✓ {name}" for name in EXCHANGES),
        "✓ liquidations",
        "✓ Discord token",
        "✓ Discord connection",
        "✓ Discord #alerts in run",
        "✓ Telegram token",
        "✓ Telegram webhook",
        "✓ Telegram privacy",
        "✓ Telegram Desk in run",
    ]
    assert {entry.method for entry in practice.discord.log} == {"GET"}
    assert {call.method for call in practice.telegram.calls} == {"getMe", "getWebhookInfo", "getChat", "getChatMember"}
    assert before == {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in practice.folder.iterdir()}
    assert practice.discord.unknown_routes == practice.telegram.unknown_methods == []


async def test_whom_the_bot_can_be_invited_as(practice: Practice) -> None:
    """Both names, the number of servers and the addresses of invitation are told, and no token."""
    for name in ("Traders", "Makers"):
        practice.discord.world.guild(name)
    await practice.sound()
    assert "flushwatch" in practice.line("Discord token")
    assert f"client_id={practice.discord.world.application_id}" in practice.line("Discord token")
    assert "permissions=309237763072" in practice.line("Discord token")
    assert "in 2 servers" in practice.line("Discord connection")
    assert "@flushwatch_test_bot" in practice.line("Telegram token")
    assert "https://t.me/flushwatch_test_bot?startgroup=" in practice.line("Telegram token")
    told = "\n".join(practice.lines)
    assert DISCORD_TOKEN not in told
    assert practice.telegram.token not in told


async def test_missing_rights_are_named(practice: Practice) -> None:
    """A channel in which the bot lacks something is a failure that names what, on both platforms."""
    guild = practice.discord.world.guild("Traders", ("alerts", "talk"))
    alerts = guild.channel("alerts")
    await practice.discord.forbid(alerts, Permission.ATTACH_FILES | Permission.EMBED_LINKS)
    news = practice.telegram.world.channel("News", bot="member")
    await practice.keep(at_discord(alerts, guild), at_discord(guild.channel("talk"), guild), at_telegram(news))
    assert not await practice.sound()
    assert practice.line("Discord #alerts in run").startswith("✗ missing Embed Links, Attach Files;")
    assert practice.line("Discord #talk in run") == "✓ every right is there"
    assert practice.line("Telegram News in run").startswith("✗ missing Post Messages;")


async def test_channels_that_are_lost_suspended_or_off(practice: Practice) -> None:
    """Gone and left channels are failures, suspended ones say why and what helps, and off is what somebody chose."""
    world, guild = practice.discord.world, practice.discord.world.guild("Traders", ("gone", "back", "off"))
    left = world.guild("Left", ("elsewhere",), has_bot=False)
    elsewhere = left.channel("elsewhere")
    gone, back, off = (guild.channel(name) for name in ("gone", "back", "off"))
    for channel in (gone, off):
        await practice.discord.delete_channel(channel)
    kicked = practice.telegram.world.supergroup("Club", bot="kicked")
    await practice.keep(
        at_discord(gone, guild),
        at_discord(back, guild, "suspended", "rights"),
        at_discord(off, guild, "off"),
        at_discord(elsewhere, left, "suspended", "removed"),
        at_telegram(kicked, "suspended", "removed"),
    )
    assert not await practice.sound()
    assert practice.line("Discord #gone in run").startswith("✗ I cannot post there")
    assert practice.line("Discord #back in run").startswith("✗ suspended: I was not allowed to post; every right is")
    assert practice.line("Discord #back in run").endswith("switch it on again with /alerts on")
    assert practice.line("Discord #off in run").startswith("✓ ")
    assert practice.line("Discord #elsewhere in run").startswith("✗ suspended: I was removed; I cannot post there")
    assert practice.line("Telegram Club in run").startswith("✗ suspended: I was removed; I cannot post there")
    assert [entry.path for entry in practice.discord.log if "channels" in entry.path] == [f"/channels/{gone.id}"]


async def test_a_channel_that_was_never_on_is_not_called_switched_off(practice: Practice) -> None:
    """Settings can be made before alerts are switched on; only a channel that was on before is switched off."""
    guild = practice.discord.world.guild("Traders", ("new", "old"))
    new, old = (at_discord(guild.channel(name), guild, "off") for name in ("new", "old"))
    await practice.keep(new._replace(name=new.id), old._replace(state_ms=1_700_000_000_000))
    assert await practice.sound()
    assert practice.line(f"Discord {guild.channel('new').id} in run") == "✓ alerts were never switched on"
    assert practice.line("Discord #old in run") == "✓ alerts are switched off by its admins"


async def test_the_channel_for_charts(practice: Practice) -> None:
    """It has a line: good with the rights to upload, a failure that names what is missing, or that it is not there."""
    guild = practice.discord.world.guild("Own", ("charts",))
    charts = guild.channel("charts")
    practice.set(discord_storage_channel=str(charts.id))
    await practice.discord.forbid(charts, Permission.EMBED_LINKS | Permission.READ_MESSAGE_HISTORY)
    assert await practice.sound()
    assert practice.line("Discord storage channel") == "✓ #charts, every right is there"
    await practice.discord.forbid(charts, Permission.ATTACH_FILES)
    assert not await practice.sound()
    assert practice.line("Discord storage channel").startswith("✗ #charts: missing Attach Files; give me these rights")
    assert not charts.messages


@pytest.mark.parametrize("place", ["nowhere", "elsewhere", "private", "away"])
async def test_a_channel_for_charts_that_cannot_be_used(practice: Practice, place: str) -> None:
    """One that is not there, lies in a server of others, is a private chat, or is away, is a failure with advice."""
    world = practice.discord.world
    guild, other = world.guild("Own", ("charts",)), world.guild("Other", ("elsewhere",), has_bot=False)
    private = world.dm(world.user("ana"))
    ids = {"nowhere": 123456789012345678, "elsewhere": other.channel("elsewhere").id, "private": private.id}
    guild.available = place != "away"
    number = ids.get(place, guild.channel("charts").id)
    practice.set(discord_storage_channel=str(number))
    assert not await practice.sound()
    line = practice.line("Discord storage channel")
    assert line.startswith(f"✗ {number} ")
    assert ("try again" if place == "away" else "set FLUSHWATCH_DISCORD_STORAGE_CHANNEL") in line


async def test_a_thread_that_was_archived_is_not_lost(practice: Practice) -> None:
    """A thread that Discord does not tell of by itself is asked for, and found."""
    guild = practice.discord.world.guild("Traders", ("alerts",))
    thread = practice.discord.world.channel(guild, "flush", Kind.PUBLIC_THREAD)
    thread.parent, thread.archived = guild.channel("alerts"), True
    await practice.keep(at_discord(thread, guild))
    assert await practice.sound()
    assert practice.line("Discord #flush in run") == "✓ every right is there"


async def test_an_outage_of_a_server_is_not_taken_for_its_loss(practice: Practice) -> None:
    """Channels of a server that is away are told as not looked at."""
    guild = practice.discord.world.guild("Traders", ("alerts",))
    guild.available = False
    await practice.keep(at_discord(guild.channel("alerts"), guild))
    assert not await practice.sound()
    assert "1 of them away" in practice.line("Discord connection")
    assert practice.line("Discord channels").startswith("✗ 1 of 1 could not be looked at")


async def test_tokens_that_are_refused(practice: Practice) -> None:
    """Each says where a new token comes from; the channels behind it share one line; no token is repeated."""
    guild, desk = practice.discord.world.guild("Traders", ("a", "b")), practice.telegram.world.supergroup("Desk")
    await practice.keep(*(at_discord(channel, guild) for channel in guild.channels.values()), at_telegram(desk))
    practice.discord.world.token = "another"
    practice.telegram.faults.revoked = True
    assert not await practice.sound()
    assert practice.line("Discord token").startswith("✗ Discord refuses the token. Make a new one")
    assert practice.line("Telegram token").startswith("✗ Telegram refuses the token; ask @BotFather")
    assert practice.line("Discord channels").startswith("✗ 2 of 2")
    assert practice.line("Telegram channels").startswith("✗ 1 of 1")
    assert practice.line("clock").startswith("✓ ")
    told = "\n".join(practice.lines)
    assert DISCORD_TOKEN not in told
    assert practice.telegram.token not in told


async def test_a_webhook_would_make_the_bot_deaf(practice: Practice) -> None:
    """A webhook is a failure with the way to remove it, and its address, which may hold a secret, is not told."""
    practice.telegram.updates.webhook = "https://example.org/hook/secret-part"
    assert not await practice.sound()
    assert practice.line("Telegram webhook").startswith("✗ ")
    assert "/deleteWebhook" in practice.line("Telegram webhook")
    assert "secret-part" not in "\n".join(practice.lines)


@pytest.mark.parametrize(("privacy", "told"), [(True, "/funding@flushwatch_test_bot"), (False, "every command")])
async def test_privacy_is_a_hint(practice: Practice, told: str, *, privacy: bool) -> None:
    """Privacy mode is told either way and never a failure."""
    practice.telegram.world.privacy = privacy
    assert await practice.sound()
    assert told in practice.line("Telegram privacy")


async def test_names_from_outside_stay_on_their_line(practice: Practice) -> None:
    """A title with line breaks, colours of terminals and direction marks is told without them."""
    desk = practice.telegram.world.supergroup("A\n✗ Discord token\x1b[31m\u202eB [bold]")
    await practice.keep(at_telegram(desk))
    assert await practice.sound()
    assert practice.line("Telegram A ✗ Discord token[31mB [bold] in run") == "✓ every right is there"


async def test_a_channel_that_is_named_like_a_token_is_not_told(practice: Practice) -> None:
    """Whatever looks like a token is replaced, wherever it comes from."""
    await practice.keep(at_telegram(practice.telegram.world.supergroup(practice.telegram.token)))
    assert await practice.sound()
    assert practice.line("Telegram <telegram-token> in run") == "✓ every right is there"


async def test_a_channel_that_a_replay_was_told_wrongly(practice: Practice) -> None:
    """What is no id at all is told as a channel that cannot be posted into."""
    wrong = [ChannelRow(f"{name}:no-id", name, f"{name}:no-id", "{}", 1, 0) for name in ("discord", "telegram")]
    await practice.keep(*wrong)
    assert not await practice.sound()
    for name in ("Discord", "Telegram"):
        assert practice.line(f"{name} no-id in run").startswith("✗ I cannot post there")


async def test_without_tokens_what_is_kept_is_told_all_the_same(practice: Practice) -> None:
    """No token is no failure, and channels are told as the database knows them."""
    guild = practice.discord.world.guild("Traders", ("alerts", "lost"))
    practice.set(discord_token="", telegram_token="")
    await practice.keep(at_discord(guild.channel("alerts"), guild))
    assert await practice.sound()
    assert practice.line("Discord token").startswith("✓ not set")
    assert practice.line("Telegram token").startswith("✓ not set")
    assert practice.line("clock").endswith("the dates of 12 answers")
    assert practice.line("Discord #alerts in run").startswith("✓ rights are not checked")
    await practice.keep(at_discord(guild.channel("lost"), guild, "suspended", "gone"))
    assert not await practice.sound()
    assert practice.line("Discord #lost in run").startswith("✗ suspended: the channel is gone")
    assert not practice.discord.log
    assert not practice.telegram.calls
