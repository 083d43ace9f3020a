from __future__ import annotations

from collections.abc import Iterable

import pytest
from sqlite_utils import Database

from bot.alerts.decide import step_of
from bot.alerts.outbox import put_episode
from bot.alerts.presets import PRESETS, preset_of
from bot.alerts.settings import settings_of
from bot.alerts.steps import keep_day, keep_step
from bot.catalogue import Catalogue
from bot.flush.episode import Episode, band_of
from bot.flush.tracker import Change
from bot.store.channels import load_channel, load_settings_changes
from bot.store.episodes import save_decision
from bot.store.rows import DecisionRow
from bot.store.steps import begin_steps
from commands import ALL
from tests.commands.chat_room import CHANNEL, Room, lines_of
from tests.commands.flushes import episode, member
from tests.commands.market import NOW_MS

DAY_MS = 86_400_000
OTHERS = ": on coins outside the list of this channel it stayed below others_band"


def flush(days_ago: float, coin: str, score: float, usd: float = 5e6) -> Episode:
    """A flush of one coin, ended at once."""
    onset_ms = NOW_MS - int(days_ago * DAY_MS)
    return episode(
        member(coin, peak_score=score, long_usd=usd, short_usd=0.0),
        id=f"{days_ago}-{coin}-1", onset_ms=onset_ms, peak_score=score, band=band_of(score), state="ended",
        ended_ms=onset_ms, legs=[],
    )  # fmt: skip


FLUSHES = (
    flush(1, "BTC", 50.0, 2e6),
    flush(2, "SOL", 50.0),
    flush(3, "BTC", 70.0, 9e7),
    flush(8, "DOGE", 82.0),
    flush(20, "ETH", 35.0),
    flush(45, "BTC", 85.0, 5e8),
)


async def keep(room: Room, days: float = 60, flushes: Iterable[Episode] = FLUSHES) -> None:
    """Let the store have kept these flushes, and a day, since so many days."""

    def work(db: Database) -> None:
        begin_steps(db, NOW_MS - int(days * DAY_MS))
        for one in sorted(flushes, key=lambda entry: entry.onset_ms):
            put_episode(db, one)
            event = "watched" if one.band == "watch" else "opened"
            live = episode(*one.members.values(), id=one.id, band=one.band, peak_score=one.peak_score, scope="coin")
            live.legs[0].started_ms = one.onset_ms
            keep_step(db, step_of(Change(event, live, one.onset_ms)))  # type: ignore[arg-type]  # one of the events
        keep_day(db, "day/1", NOW_MS - 5 * DAY_MS, 471e6)

    await room.desk.store.run(work)


@pytest.fixture
async def kept(room: Room) -> Room:
    """A room in which flushes of 60 days are kept."""
    await keep(room)
    return room


async def test_a_preset_is_taken_with_its_changes_told_and_logged(room: Room) -> None:
    """The answer names each setting that is different; the audit has one line for each, the channel one revision."""
    await room.say("/alerts on", admin=True)
    assert await room.text("/alerts preset quiet", admin=True) == [
        "preset: quiet",
        "smallest_band: flush → severe",
        "others_band: severe → extreme",
        "smallest_usd: $1M → $5M",
        "followup: on → silent",
        "derivatives_day: on → off",
    ]
    row = await room.desk.store.run(lambda db: load_channel(db, CHANNEL))
    assert row is not None
    assert (settings_of(row), row.revision) == (PRESETS["quiet"], 2)
    changes = await room.desk.store.run(lambda db: load_settings_changes(db, CHANNEL))
    assert {(one.key, one.who) for one in changes} == {
        (key, "ana") for key in ("smallest_band", "others_band", "smallest_usd", "followup", "derivatives_day")
    }
    assert (await room.text("/settings"))[0] == "What this channel hears · preset: quiet"
    assert (await room.text("/alerts preset quiet", admin=True))[0] == "preset stays as it was: quiet"


async def test_settings_of_ones_own_are_called_so(room: Room) -> None:
    """After one change of its own a channel has no preset, and no option of the menu is marked."""
    await room.say("/alerts set smallest_usd 2m", admin=True)
    message = await room.say("/alerts show", admin=True)
    assert lines_of(message)[0] == "What this channel hears · preset: your own"
    assert not any(option.chosen for option in message.menus[0].options)


async def test_without_a_name_each_preset_is_explained(room: Room) -> None:
    """Every preset has a line with all that it sets, nothing is kept, and a menu chooses."""
    message = await room.say("/alerts preset", admin=True)
    lines = lines_of(message)
    assert lines[0] == "preset: normal"
    assert [line.partition(":")[0] for line in lines[1:4]] == list(PRESETS)
    assert "others_band: flush" in lines[3]
    assert [option.command for option in message.menus[0].options] == [f"/alerts preset {name}" for name in PRESETS]
    assert await room.desk.store.run(lambda db: load_channel(db, CHANNEL)) is None


async def test_a_preview_lists_posts_and_the_largest_of_the_silent(kept: Room) -> None:
    """Newest first, with when, what and how large; then what stays silent, and why."""
    assert await kept.text("/alerts preview", admin=True) == [
        "Last 30 d: 4 new posts, 0.9 a week",
        "With the settings of this channel (preset: normal)",
        "18 January 2026, 00:40 UTC · BTC long flush · FLUSH 50 · ≥ $2M liquidated",
        "16 January 2026, 00:40 UTC · BTC long flush · SEVERE 70 · ≥ $90M liquidated",
        "14 January 2026, 00:40 UTC · derivatives-led day · ≥ $471M liquidated",
        "11 January 2026, 00:40 UTC · DOGE long flush · EXTREME 82 · ≥ $5M liquidated",
        "2 stay silent, the largest:",
        "17 January 2026, 00:40 UTC · SOL long flush · FLUSH 50 · ≥ $5M liquidated" + OTHERS,
        "30 December 2025, 00:40 UTC · ETH long flush · WATCH 35 · ≥ $5M liquidated: it only came to WATCH",
    ]


@pytest.mark.parametrize(
    ("line", "posts", "button"),
    [
        ("", 4, None),
        ("60", 5, None),
        ("2", 1, None),
        ("active", 5, "/alerts preset active"),
        ("30 quiet", 2, "/alerts preset quiet"),
        ("smallest_band severe", 3, "/alerts preset severe/severe/1m"),
        ("30 smallest_band severe smallest_usd 10m", 2, "/alerts preset severe/severe/10m"),
        ("coins SOL", 4, "/alerts set coins SOL"),
        ("derivatives_day off", 3, "/alerts set derivatives_day off"),
        ("coins SOL card off", 1, None),
    ],
)
async def test_a_change_is_tried_and_not_made(kept: Room, line: str, posts: int, button: str | None) -> None:
    """The count is that of the settings with the change; a button makes it where one command can; nothing is kept."""
    message = await kept.say(f"/alerts preview {line}", admin=True)
    assert lines_of(message)[0].partition(": ")[2].startswith(f"{posts} new post")
    assert [one.command for one in message.buttons] == ([button] if button else [])
    assert await kept.desk.store.run(lambda db: load_channel(db, CHANNEL)) is None
    if button:
        await kept.say(button, admin=True)
        days = line.partition(" ")[0] if line[:1].isdigit() else ""
        assert lines_of(await kept.say(f"/alerts preview {days}", admin=True))[0] == lines_of(message)[0]


async def test_a_mute_of_now_silences_nothing_of_the_past(kept: Room) -> None:
    """A muted channel is shown what it hears otherwise, and that the mute is left out."""
    await kept.say("/alerts mute 1h", admin=True)
    lines = await kept.text("/alerts preview", admin=True)
    assert lines[0].startswith("Last 30 d: 4 new posts")
    assert lines[-1] == "The mute of now is left out."
    assert "The mute of now is left out." in (await kept.text("/alerts target 5", admin=True))[-1]


async def test_few_days_are_said_to_be_few(room: Room) -> None:
    """With less kept than was asked for the answer says on what it rests, and tells no weekly rate of some days."""
    await keep(room, days=4, flushes=FLUSHES[:3])
    lines = await room.text("/alerts preview", admin=True)
    assert lines[0] == "Last 4 d: 2 new posts"
    assert lines[-1] == "This rests on 4 d only: I have kept nothing from before."
    assert (await room.text("/alerts target 5", admin=True))[-1] == lines[-1]


@pytest.mark.parametrize("line", ["preview", "preview quiet", "target 5"])
async def test_with_nothing_kept_that_is_said(room: Room, line: str) -> None:
    """Before the first moment of a market there is nothing to try settings on."""
    assert (await room.say(f"/alerts {line}", admin=True)).headline.key == "error-nothing-kept"


async def test_a_rate_needs_a_day(room: Room) -> None:
    """A target on some hours would be a guess; the answer says how long flushes are kept."""
    await keep(room, days=0.25, flushes=())
    assert await room.text("/alerts target 5", admin=True) == [
        "I have kept flushes for 6 h only. Ask again when it is a day."
    ]


async def test_a_target_is_met_by_the_settings_with_the_most_posts(kept: Room) -> None:
    """The headline has the rate, the list is that of the settings, and the button takes them."""
    message = await kept.say("/alerts target 1 per week", admin=True)
    lines = lines_of(message)
    assert lines[0] == "At most 1 per week: these settings come to 0.7 a week by the last 60 d"
    assert lines[1] == "others_band: severe → flush · smallest_usd: $1M → $100K"
    [button] = message.buttons
    assert (lines[2][:15], button.command) == ("18 January 2026", "/alerts preset active")
    await kept.say(button.command, admin=True)
    row = await kept.desk.store.run(lambda db: load_channel(db, CHANNEL))
    assert preset_of(settings_of(row)) == "active"
    again = await kept.say("/alerts target 1", admin=True)
    assert (again.headline, again.buttons) == (message.headline, ())
    assert lines_of(again)[1] == "With the settings of this channel (preset: active)"


async def test_a_target_below_the_quietest_is_said_to_be_one(room: Room) -> None:
    """Where even the quietest settings, which leave out the day, post more, they are shown as what they are."""
    await keep(room, days=7, flushes=[flush(day, "BTC", 90.0, 9e8) for day in (1, 2, 3, 4, 5, 6)])
    message = await room.say("/alerts target 5 per week", admin=True)
    assert lines_of(message)[0].startswith("At most 5 per week is less than my quietest settings: these come to 6.0")
    assert lines_of(await room.say("/alerts target 1 per day", admin=True))[0].startswith("At most 1 per day: these")


async def test_posts_of_days_go_where_nothing_else_is_few_enough(room: Room) -> None:
    """A day counts too: where it alone is too much, settings without it are proposed, and the button takes them."""
    await keep(room, days=7, flushes=[flush(day, "SOL", 90.0, 9e8) for day in (1, 2, 3)])
    await room.desk.store.run(lambda db: keep_day(db, "day/2", NOW_MS - 4 * DAY_MS, 4e8))
    message = await room.say("/alerts target 1 per week", admin=True)
    assert lines_of(message)[0] == "At most 1 per week: these settings come to 0.0 a week by the last 7 d"
    assert lines_of(message)[1] == "others_band: severe → never · smallest_usd: $1M → $100K · derivatives_day: on → off"
    [button] = message.buttons
    assert button.command == "/alerts preset f/n/100k/no-day"
    await room.say(button.command, admin=True)
    again = await room.say("/alerts target 1", admin=True)
    assert (again.headline, again.buttons) == (message.headline, ())


@pytest.mark.parametrize(
    "line", ["target 0", "target five", "target 5 per month", "preview 0", "preview 91", "preset x"]
)
async def test_what_cannot_be_asked_is_refused(kept: Room, line: str) -> None:
    """Numbers beyond their bounds and other words are refused in a sentence that names what can be."""
    assert (await kept.say(f"/alerts {line}", admin=True)).headline.key in {"error-not-in-range", "error-not-a-choice"}


@pytest.mark.parametrize("line", ["preset quiet", "preview", "target 5"])
async def test_members_may_not_tune(kept: Room, line: str) -> None:
    """What is for admins is refused to others, and changes nothing."""
    assert (await kept.say(f"/alerts {line}")).headline.key == "error-admins-only"
    assert await kept.desk.store.run(lambda db: load_channel(db, CHANNEL)) is None


async def test_presets_are_completed(room: Room) -> None:
    """Where a chat completes what is typed, a preset is offered by its beginning."""
    catalogue = Catalogue(ALL, room.desk)
    [parameter] = catalogue.commands["alerts preset"].parameters
    assert catalogue.suggest(parameter, "", {}) == list(PRESETS)
    assert catalogue.suggest(parameter, "qu", {}) == ["quiet"]


async def test_status_tells_of_flushes_that_were_too_many(room: Room) -> None:
    """What was held back within a day is counted for the admins; what is older is not."""
    await room.say("/alerts on", admin=True)
    for number, at_ms in enumerate((NOW_MS, NOW_MS - DAY_MS + 1, NOW_MS - DAY_MS)):
        held = DecisionRow(f"e{number}", CHANNEL, "flood", False, at_ms)
        await room.desk.store.run(lambda db, held=held: save_decision(db, held))  # type: ignore[misc]  # mypy has no type for the default
    lines = await room.text("/alerts status", admin=True)
    assert (
        "2 flushes were held back in the last 24 h: a channel gets 12 new posts a day at most. "
        "/alerts preset quiet asks for less." in lines
    )
