from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.alerts.settings import (
    DEFAULTS,
    MOST_COINS,
    SETTINGS,
    Asked,
    ChannelSettings,
    change,
    save_settings,
    settings_of,
)
from bot.errors import UserError
from bot.store.channels import load_channel, load_settings_changes, save_channel
from bot.store.database import Store
from bot.store.rows import ChannelRow

NOW_MS = 1_768_783_200_000  # 19 January 2026, 00:40 UTC
HOUR_MS = 3_600_000
COINS = ("1000PEPE", "BTC", "BTT", "ETH", "ETHW", "SOL")
MANY = tuple(f"C{place:03}" for place in range(MOST_COINS + 1))


def changed(
    key: str, text: str, settings: ChannelSettings = DEFAULTS, coins: tuple[str, ...] = COINS
) -> ChannelSettings:
    """Settings after `key` was set to `text`."""
    return change(key, Asked(text, settings, coins, ("en", "es"), NOW_MS))


def refused(key: str, text: str, coins: tuple[str, ...] = COINS) -> str:
    """The key of the refusal."""
    with pytest.raises(UserError) as caught:
        changed(key, text, coins=coins)
    return caught.value.key


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """An empty store in memory."""
    store = await Store.open(":memory:")
    yield store
    await store.close()


@pytest.mark.parametrize(
    ("text", "usd"),
    [
        ("100k", 1e5),
        ("5b", 5e9),
        ("2.5m", 2.5e6),
        ("2,5m", 2.5e6),
        ("$2.5M", 2.5e6),
        ("$1,000,000", 1e6),
        ("1,000k", 1e6),
        (" 250000 ", 2.5e5),
        ("0.5m$", 5e5),
        ("1.000.000", 1e6),
        ("1.000.000,50", 1_000_000.5),
        ("1,000,000.50", 1_000_000.5),
        ("500.000", 5e5),
        ("2.500m", 2.5e6),
        ("2.500.000k", 2.5e9),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, usd: float) -> None:
    """Suffixes, dollar signs, groups and decimal commas are understood."""
    assert changed("smallest_usd", text).smallest_usd == usd


@pytest.mark.parametrize(
    ("text", "usd"),
    [
        ("1.000.000", 1e6),
        ("500.000", 5e5),
        ("500,000", 5e5),
        ("2.500k", 2.5e6),
        ("2,500m", 2.5e6),
        ("2,5m", 2.5e6),
        ("2.5m", 2.5e6),
        ("1,000,000", 1e6),
        ("1.000.000,5", 1_000_000.5),
        ("250000,00", 2.5e5),
    ],
)
def test_a_spanish_channel_groups_with_dots(text: str, usd: float) -> None:
    """In a channel in Spanish one dot before three digits groups them, a comma is that of decimals."""
    assert changed("smallest_usd", text, ChannelSettings(language="es")).smallest_usd == usd


@pytest.mark.parametrize("text", ["12", "99999", "99.9k", "5000000001", "5.1b", "0", "100.000.000.000"])
def test_amounts_out_of_bounds_are_refused(text: str) -> None:
    """One dollar beyond either end is refused with both bounds."""
    assert refused("smallest_usd", text) == "error-out-of-range"


@pytest.mark.parametrize(
    "text",
    [
        *("-1m", "1e6", "nan", "inf", "lots", "", "1m2", "\u0665m", "1" * 400),
        *("1.00.000", "1.000.00", "1000.000.000", "1.000,000,000", ".5m", "5.m"),
    ],
)
def test_what_is_no_amount_is_refused_with_how_one_is_written(text: str) -> None:
    """Signs, words, other digits and groups that are not of three are refused with examples."""
    assert refused("smallest_usd", text) == "error-not-an-amount"


@given(st.floats(1e5, 5e9))
def test_any_amount_within_bounds_is_taken_as_it_is(usd: float) -> None:
    """A plain number between the bounds is kept to the cent."""
    assert changed("smallest_usd", f"{usd:.2f}").smallest_usd == pytest.approx(usd, abs=0.01)


@given(st.sampled_from(sorted(SETTINGS)), st.text(max_size=60))
def test_any_text_is_a_value_or_a_refusal(key: str, text: str) -> None:
    """Whatever is typed, a setting takes a value that it allows or raises a UserError, never anything else."""
    try:
        after = changed(key, text)
    except UserError:
        return
    assert 1e5 <= after.smallest_usd <= 5e9
    assert 1 <= len(after.coins) <= MOST_COINS
    assert after.muted_until_ms == 0 or NOW_MS < after.muted_until_ms <= NOW_MS + 30 * 24 * HOUR_MS


@pytest.mark.parametrize(
    "setting", [entry for entry in SETTINGS.values() if entry.choices], ids=lambda entry: entry.key
)
def test_choices_are_taken_in_any_case_and_nothing_else(setting: object) -> None:
    """Each choice of each setting is accepted in capitals too; another word is refused."""
    key, choices = getattr(setting, "key", ""), getattr(setting, "choices", ())
    for choice in choices:
        assert getattr(changed(key, choice.upper()), key) == choice
    assert refused(key, "loud") == "error-not-a-choice"


@pytest.mark.parametrize(("text", "hour"), [("0", 0), ("08", 8), (" 7:00 ", 7), ("23", 23)])
def test_the_hour_of_the_digest(text: str, hour: int) -> None:
    """A whole hour of the day, as people write it."""
    assert changed("digest_hour", text).digest_hour == hour


@pytest.mark.parametrize("text", ["24", "-1", "8:30", "8pm", "", "1e1", "\u0668", "100"])
def test_no_other_hour(text: str) -> None:
    """One beyond either end, minutes and words are refused with what can be."""
    assert refused("digest_hour", text) == "error-not-in-range"


def test_unknown_settings_and_languages_are_refused() -> None:
    """A setting that does not exist and a language without words are no choice."""
    assert refused("colour", "red") == "error-not-a-choice"
    assert refused("language", "fr") == "error-not-a-choice"
    assert changed("language", "ES").language == "es"


@pytest.mark.parametrize(
    ("text", "coins"),
    [
        ("sol btc", ("SOL", "BTC")),
        ("SOL,BTC, SOL", ("SOL", "BTC")),
        ("+SOL", ("BTC", "ETH", "SOL")),
        ("+BTC", ("BTC", "ETH")),
        ("-ETH", ("BTC",)),
        ("−ETH", ("BTC",)),
        ("+kpepe -btcusdt", ("ETH", "1000PEPE")),
        ("+SOL BTT", ("BTC", "ETH", "SOL", "BTT")),
        ("SOL -ETH", ("BTC", "SOL")),
        ("Default", ("BTC", "ETH")),
    ],
)
def test_coins_are_a_list_or_changes_to_one(text: str, coins: tuple[str, ...]) -> None:
    """Words replace the list; with a + or − before any of them they change it; doubles count once."""
    assert changed("coins", text).coins == coins


def test_a_coin_that_vanished_can_be_taken_off() -> None:
    """A listed coin that no exchange knows any more is still a word that − understands."""
    listed = replace(DEFAULTS, coins=("BTC", "LUNA"))
    assert changed("coins", "-LUNA", listed).coins == ("BTC",)


def test_coins_have_bounds() -> None:
    """Fifty coins are taken, fifty-one and none are refused."""
    assert len(changed("coins", " ".join(MANY[:MOST_COINS]), coins=MANY).coins) == MOST_COINS
    assert refused("coins", " ".join(MANY), MANY) == "error-how-many-coins"
    assert refused("coins", "-BTC -ETH") == "error-how-many-coins"
    assert refused("coins", "  ") == "error-how-many-coins"


@pytest.mark.parametrize(
    ("text", "suggestions"),
    [("BTV", ["BTC", "BTT"]), ("ETHX", ["ETH", "ETHW"]), ("SLO", ["SOL"]), ("QQQQ", [])],
)
def test_a_wrong_coin_gets_the_nearest(text: str, suggestions: list[str]) -> None:
    """Near names come back nearest first; where none is near, none is made up."""
    with pytest.raises(UserError) as caught:
        changed("coins", text)
    places = ("first", "second", "third")
    assert [caught.value.values[place].text for place in places if place in caught.value.values] == suggestions  # type: ignore[attr-defined]  # names by contract


@pytest.mark.parametrize(("text", "hours"), [("60m", 1), ("1h", 1), ("2d", 48), ("30d", 720), ("1 H", 1)])
def test_a_mute_ends_by_the_given_clock(text: str, hours: int) -> None:
    """A length counts from the moment it is given."""
    assert changed("mute", text).muted_until_ms == NOW_MS + hours * HOUR_MS


@pytest.mark.parametrize("text", ["31d", "721h", "0m", "1w", "1", "h", "-1h", "1.5h", "forever"])
def test_other_lengths_are_refused(text: str) -> None:
    """More than thirty days, nothing, other units and words are no length."""
    assert refused("mute", text) == "error-duration"


def test_off_ends_a_mute() -> None:
    """`off` is no length and sets the time to none."""
    assert changed("mute", "off", replace(DEFAULTS, muted_until_ms=NOW_MS + 1)).muted_until_ms == 0


async def kept(store: Store, channel_id: str) -> ChannelSettings:
    """What the store keeps for a channel."""
    return settings_of(await store.run(lambda db: load_channel(db, channel_id)))


async def test_unknown_channels_have_defaults_and_are_created(store: Store) -> None:
    """A channel nobody changed reads as defaults; its first change creates it with its platform."""
    assert await kept(store, "discord:1") == DEFAULTS
    before, after = await save_settings(
        store, "discord:1", lambda old: replace(old, card="silent"), who="ana", now_ms=NOW_MS
    )
    assert (before.card, after.card) == ("on", "silent")
    row = await store.run(lambda db: load_channel(db, "discord:1"))
    assert row is not None
    assert (row.platform, row.revision, row.created_ms) == ("discord", 2, NOW_MS)
    assert await kept(store, "discord:1") == after


async def test_every_change_leaves_its_line_in_the_audit(store: Store) -> None:
    """Two settings changed at once are two lines and one revision; no change is neither."""
    new = ChannelSettings(coins=("SOL",), smallest_usd=2.5e6)
    await save_settings(store, "web", lambda _: new, who="ana", now_ms=NOW_MS)
    await save_settings(store, "web", lambda old: old, who="bob", now_ms=NOW_MS + 1)
    changes = await store.run(lambda db: load_settings_changes(db, "web"))
    assert [(row.who, row.key, row.old, row.new) for row in changes] == [
        ("ana", "smallest_usd", "1000000", "2500000"),
        ("ana", "coins", "BTC ETH", "SOL"),
    ]
    row = await store.run(lambda db: load_channel(db, "web"))
    assert row is not None
    assert row.revision == 2


async def test_a_refusal_keeps_the_old_settings(store: Store) -> None:
    """What a wrong value raises leaves neither a channel nor a line behind."""

    def wrong(_: ChannelSettings) -> ChannelSettings:
        raise UserError("error-duration")

    with pytest.raises(UserError):
        await save_settings(store, "web", wrong, who="ana", now_ms=NOW_MS)
    assert await store.run(lambda db: load_channel(db, "web")) is None


async def test_two_admins_at_once_lose_nothing(store: Store) -> None:
    """Changes of different settings at the same time are all kept."""
    await asyncio.gather(
        save_settings(store, "web", lambda old: replace(old, card="off"), who="ana", now_ms=NOW_MS),
        save_settings(store, "web", lambda old: replace(old, language="es"), who="bob", now_ms=NOW_MS),
        save_settings(store, "web", lambda old: replace(old, coins=("SOL",)), who="eve", now_ms=NOW_MS),
    )
    assert await kept(store, "web") == ChannelSettings(card="off", language="es", coins=("SOL",))


async def test_settings_of_another_version_are_read(store: Store) -> None:
    """A field that is gone is passed over, one that is new has its default."""
    row = ChannelRow("web", "web", "web", '{"card":"off","retired":1}', 3, NOW_MS)
    await store.run(lambda db: save_channel(db, row))
    assert await kept(store, "web") == ChannelSettings(card="off")
    assert settings_of(None) == DEFAULTS
