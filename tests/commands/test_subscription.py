from __future__ import annotations

from dataclasses import replace

import pytest

from bot.alerts.settings import settings_of
from bot.alerts.subscription import suspend
from bot.catalogue import Catalogue
from bot.command import Caller
from bot.message import Phrase, Spot
from bot.store.channels import load_channel, load_channels, save_channel
from bot.store.database import Database
from bot.store.deliveries import save_delivery, save_message
from bot.store.rows import ChannelRow, DeliveryRow, MessageRow
from commands import ALL
from tests.commands.chat_room import CHANNEL, Room, lines_of
from tests.commands.market import HOUR_MS, NOW_MS

MINUTE_MS = 60_000
DAY_MS = 24 * HOUR_MS


async def kept(room: Room, channel: str = CHANNEL) -> ChannelRow:
    """A channel that must be there."""
    row = await room.desk.store.run(lambda db: load_channel(db, channel))
    assert row is not None
    return row


async def deliver(room: Room, message_id: str, **changes: object) -> None:
    """A delivery to this channel that waits since now, or what `changes` say."""
    row = DeliveryRow(
        message_id, CHANNEL, CHANNEL, "pending", 1, 0, 2, False, NOW_MS, None, None, None, 0, None, None, None
    )

    def work(db: Database) -> None:
        save_message(db, MessageRow(message_id, None, "card", "card", 1, "{}", None, NOW_MS, NOW_MS))
        save_delivery(db, row._replace(**changes))  # type: ignore[arg-type]  # tests name fields of the row

    await room.desk.store.run(work)


async def test_on_says_what_will_be_heard_and_posts_a_test(room: Room) -> None:
    """Switched on, this channel is kept with the defaults and its place, and a test is on its way to it."""
    message = await room.say("/alerts on", admin=True)
    assert message.private
    assert lines_of(message) == [
        "Alerts are on in here",
        "From FLUSH on for BTC ETH. A test message is on its way.",
        "/alerts show has every setting, /alerts status tells whether posts arrive.",
    ]
    row = await kept(room)
    assert (row.state, row.place, row.name, row.state_ms) == ("on", "server", "here", NOW_MS)
    assert room.tests == [CHANNEL]


async def test_on_twice_says_so(room: Room) -> None:
    """The second time the channel was on already, and a test is posted all the same."""
    await room.say("/alerts on", admin=True)
    assert (await room.text("/alerts on", admin=True))[0] == "Alerts were on in here already"
    assert room.tests == [CHANNEL, CHANNEL]


async def test_on_tells_the_settings_that_were_chosen_before(room: Room) -> None:
    """Settings made while the channel heard nothing are what it hears from now on."""
    await room.say("/alerts coins SOL", admin=True)
    await room.say("/alerts set smallest_band severe", admin=True)
    assert (await kept(room)).state == "off"
    assert (await room.text("/alerts on", admin=True))[1].startswith("From SEVERE on for SOL.")


async def test_on_for_another_channel_leaves_this_one_alone(room: Room) -> None:
    """The channel that was named hears alerts, in the language of its people, and gets the test."""
    assert (await room.text("/alerts on #alerts", admin=True))[0] == "Alerts are on in #alerts"
    assert [row.id for row in await room.desk.store.run(load_channels)] == ["#alerts"]
    assert settings_of(await kept(room, "#alerts")).language == "es"
    assert room.tests == ["#alerts"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("on #closed", "I can't post in #closed: I need Embed Links, Attach Files there."),
        ("on #elsewhere", 'I can\'t see a channel "#elsewhere". Add me there first, then ask again.'),
        ("off #elsewhere", 'I can\'t see a channel "#elsewhere". Add me there first, then ask again.'),
        ("status #elsewhere", 'I can\'t see a channel "#elsewhere". Add me there first, then ask again.'),
    ],
)
async def test_a_channel_out_of_reach_is_refused_before_anything_is_kept(room: Room, line: str, sentence: str) -> None:
    """Missing rights are named as the platform names them; nothing is saved and no test is posted."""
    message = await room.say(f"/alerts {line}", admin=True)
    assert (message.kind, message.private, lines_of(message)) == ("refusal", True, [sentence])
    assert await room.desk.store.run(load_channels) == []
    assert room.tests == []


async def test_off_keeps_the_settings(room: Room) -> None:
    """Switched off, a channel hears nothing, says how to start again, and starts again as it was."""
    await room.say("/alerts on", admin=True)
    await room.say("/alerts coins SOL", admin=True)
    assert await room.text("/alerts off", admin=True) == [
        "Alerts are off in here",
        "Settings are kept. /alerts on starts again.",
    ]
    assert (await kept(room)).state == "off"
    assert (await room.text("/alerts off", admin=True))[0] == "Alerts were off in here already"
    await room.say("/alerts on", admin=True)
    assert settings_of(await kept(room)).coins == ("SOL",)


async def test_off_needs_no_rights_in_the_channel(room: Room) -> None:
    """A channel in which the bot may not post any more can still be switched off."""
    row = ChannelRow("#closed", "test", "#closed", "{}", 1, 0, place="server")
    await room.desk.store.run(lambda db: save_channel(db, row))
    assert (await room.text("/alerts off #closed", admin=True))[0] == "Alerts are off in #closed"


@pytest.mark.parametrize("line", ["on", "off", "status", "on #alerts", "log", "show"])
async def test_members_may_neither_switch_nor_look_into_it(room: Room, line: str) -> None:
    """Without the right to manage, each of these is refused and leaves no trace."""
    message = await room.say(f"/alerts {line}")
    assert (message.headline.key, message.private) == ("error-admins-only", True)
    assert await room.desk.store.run(load_channels) == []
    assert room.tests == []


async def test_status_before_anything_happened(room: Room) -> None:
    """A channel that was never switched on says so, with what may be done there."""
    assert await room.text("/alerts status", admin=True) == [
        "here: alerts off",
        "I may do all that is needed here.",
        "Nothing was posted here so far.",
        "Nothing waits.",
    ]


async def test_status_names_the_rights_that_are_missing(room: Room) -> None:
    """Status answers where switching on is refused."""
    lines = await room.text("/alerts status #closed", admin=True)
    assert lines[:2] == ["#closed: alerts off", "I lack here: Embed Links, Attach Files"]


async def test_status_tells_what_arrived_what_did_not_and_what_waits(room: Room) -> None:
    """The newest post that arrived, the newest that did not with its reason, and the oldest that waits."""
    await room.say("/alerts on", admin=True)
    await deliver(room, "old", state="sent", sent_ms=NOW_MS - 3 * HOUR_MS)
    await deliver(room, "new", state="sent", sent_ms=NOW_MS - HOUR_MS)
    await deliver(room, "failed", state="dead", due_ms=NOW_MS - 2 * HOUR_MS, last_error="50013 Missing Permissions")
    await deliver(room, "waits", due_ms=NOW_MS - 5 * MINUTE_MS)
    await deliver(room, "waits longer", due_ms=NOW_MS - 7 * MINUTE_MS)
    assert await room.text("/alerts status", admin=True) == [
        "here: alerts on",
        "I may do all that is needed here.",
        "Last post arrived at 18 Jan, 23:40 UTC.",
        "Last post that did not arrive, 18 Jan, 22:40 UTC: 50013 Missing Permissions",
        "The oldest post that waits is 7 min old.",
    ]


@pytest.mark.parametrize(("age_ms", "told"), [(DAY_MS - 1, True), (DAY_MS, False)])
async def test_failures_are_told_for_a_day(room: Room, age_ms: int, told: bool) -> None:
    """What did not arrive a day ago is no news any more."""
    await deliver(room, "failed", state="unknown", due_ms=NOW_MS - age_ms, last_error="no answer, twice")
    lines = await room.text("/alerts status", admin=True)
    assert any("did not arrive" in line for line in lines) is told


async def test_a_post_that_is_due_later_waits_no_time(room: Room) -> None:
    """A delivery from the future, as after a jump of the stream, is not told with a negative age."""
    await deliver(room, "waits", due_ms=NOW_MS + HOUR_MS)
    assert (await room.text("/alerts status", admin=True))[-1].startswith("The oldest post that waits is 0")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("rights", "I was not allowed to post"),
        ("gone", "the channel is gone"),
        ("removed", "I was removed"),
        ("blocked", "I was blocked"),
    ],
)
async def test_a_suspended_channel_says_why_and_since_when(room: Room, reason: str, words: str) -> None:
    """Status and settings tell the reason in words; switching on clears it."""
    await room.say("/alerts on", admin=True)
    await room.desk.store.run(lambda db: suspend(db, CHANNEL, reason, NOW_MS))
    status = (await room.text("/alerts status", admin=True))[0]
    assert status == f"here: suspended since 19 January 2026, 00:40 UTC, {words}"
    assert (await room.text("/settings"))[1] == f"Alerts are suspended: {words}"
    assert (await room.text("/alerts on", admin=True))[0] == "Alerts are on in here"
    assert (await room.text("/alerts status", admin=True))[0] == "here: alerts on"


async def test_status_lists_the_other_channels_of_the_server(room: Room) -> None:
    """At most eight others, each with its state, and none of another server."""
    await room.say("/alerts on", admin=True)
    for number in range(10):
        place = "another" if number == 0 else "server"
        row = ChannelRow(f"test:{number}", "test", f"#{number}", "{}", 1, 0, place=place, state="off")
        await room.desk.store.run(lambda db, row=row: save_channel(db, row))  # type: ignore[misc]  # the row of this turn
    lines = await room.text("/alerts status", admin=True)
    assert lines[4:] == [f"#{number}: alerts off" for number in range(1, 9)]


async def test_status_names_what_the_settings_keep_away(room: Room) -> None:
    """A mute and kinds of message that are off explain a silence; how a suspended channel comes back is said too."""
    await room.say("/alerts on", admin=True)
    await room.say("/alerts mute 1h", admin=True)
    await room.say("/alerts set card off", admin=True)
    lines = await room.text("/alerts status", admin=True)
    assert "Muted until 19 January 2026, 01:40 UTC." in lines
    assert "Switched off here: card." in lines
    await room.desk.store.run(lambda db: suspend(db, CHANNEL, "rights", NOW_MS))
    assert "It comes back by itself when I can post again, or with /alerts on." in await room.text(
        "/alerts status", admin=True
    )


async def test_a_test_where_i_may_not_post_names_the_rights(room: Room) -> None:
    """Nothing is put on its way that cannot arrive."""

    async def closed(caller: Caller, wanted: str) -> Spot:
        return Spot(CHANNEL, "#here", "server", (Phrase("right-embed-links"),))

    barred = Room(replace(room.desk, spot=closed), room.tests)
    assert await barred.text("/alerts test", admin=True) == ["I can't post in #here: I need Embed Links there."]
    assert room.tests == []


@pytest.mark.parametrize(
    ("of_the_server", "of_the_operator", "of_the_asker", "expected"),
    [("es", "en", "en", "es"), ("", "es", "en", "es"), ("", None, "es", "es"), ("fr", None, "fr", "en")],
)
async def test_a_channel_begins_in_the_language_of_its_people(
    room: Room, of_the_server: str, of_the_operator: str | None, of_the_asker: str, expected: str
) -> None:
    """The language of the server, else of the operator, else of the asker, else English; by either first command."""

    async def spot(caller: Caller, wanted: str) -> Spot:
        return Spot(caller.channel, "#here", "server", (), of_the_server)

    desk = replace(room.desk, spot=spot, language=of_the_operator)
    catalogue = Catalogue(ALL, desk)
    await catalogue.answer("/alerts on", Caller("ana", "discord:1", of_the_asker, admin=True))
    assert settings_of(await kept(room, "discord:1")).language == expected
    if not of_the_server:
        await catalogue.answer("/alerts set card silent", Caller("ana", "discord:2", of_the_asker, admin=True))
        assert settings_of(await kept(room, "discord:2")).language == expected


async def test_status_says_when_the_next_digest_comes(room: Room) -> None:
    """Where one is wanted, with its day and the wait; otherwise nothing of it."""
    await room.say("/alerts on", admin=True)
    assert not [line for line in await room.text("/alerts status", admin=True) if "digest" in line]
    await room.say("/alerts set digest daily", admin=True)
    told = await room.text("/alerts status", admin=True)
    assert "Next digest: 19 January 2026, 08:00 UTC, in 7 h 20 min." in told
