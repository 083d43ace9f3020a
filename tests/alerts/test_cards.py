from __future__ import annotations

from itertools import product
from typing import Any

import msgspec
import numpy as np
import pytest

from bot.alerts.cards import build
from bot.chat.wording import Wording
from bot.flush.episode import Before, Episode, Leg, Member, VenueTold
from bot.flush.standing import Standing
from bot.market.facts import Funding
from bot.market.gaps import Gap
from bot.market.history import AMOUNTS, COLUMNS, DAY_MS, HOUR_MS, SLOT_MS, History, Past
from bot.message import Message, Number, Phrase, Value, decode, encode
from tests.commands.flushes import BEFORE, MINUTE_MS, ONSET_MS, episode, member

LANGUAGES = ("en", "es")
NOW_MS = ONSET_MS + 40 * MINUTE_MS
NAN = float("nan")
LEVELS = (
    (95_000.0, 77.0, ("level-round-number",)),
    (92_500.0, 60.0, ("level-previous-day-low",)),
    (91_900.0, 50.0, ("level-week-open",)),
    (90_000.0, 80.0, ("level-round-number",)),
    (98_000.0, 80.0, ("level-round-number",)),
)
STATE = msgspec.structs.replace(BEFORE, levels=LEVELS)
VENUES = {
    "binance oi": "live",
    "binance liquidation": "live",
    "bybit liquidation": "live",
    "okx liquidation": "partial",
    "hyperliquid oi": f"missing since {ONSET_MS - HOUR_MS}",
}


def past(now_ms: int = NOW_MS, days: int = 4, **columns: float) -> Past:
    """BTC in five-minute slots; `columns` are the latest values by name, the rest is as usual; NaN is unknown."""
    usual = {"close": 92_438.0, "high": 95_475.0, "low": 92_210.0, "basis_bps": -9.0, "funding_8h": 5e-5}
    usual |= {"long_usd": 5e5, "short_usd": 1e4, "liquidation_s": 300.0, "perp_usd": NAN, "spot_usd": NAN}
    values = [(usual | columns).get(name, NAN) for name in COLUMNS[: 5 + len(AMOUNTS)]]
    history = History()
    for end_ms in range(ONSET_MS - days * DAY_MS, now_ms + 1, SLOT_MS):
        place = history.enter({"BTC": 0}, {"binance": 0}, end_ms)
        history.write(place, np.array(values[:5])[:, None])
        history.add(place, np.array(values[5:])[:, None])
        history.write_open_interest(place, np.array([[columns.get("oi", 95_000.0)]]))
    history.apply(Funding(t=ONSET_MS, venue="binance", base="BTC", rate=5e-5, interval_h=8, settled=True))
    return history.until(now_ms)


def flush(*others: Member, lead: Member | None = None, **changes: Any) -> Episode:
    """19 January 2026 as it stood at 00:40, every input known."""
    known: dict[str, object] = {
        "before": STATE,
        "venues": VENUES,
        "estimate_usd": (7.04e7, 2.42e8),
        "character": "perp_led",
        "perp_multiple": 9.2,
        "spot_multiple": 6.1,
    }
    return episode(lead, *others, **(known | changes))


def lines(message: Message, language: str = "en") -> list[str]:
    """Push line, headline and rows in words, narrow spaces as plain ones; a muted row begins with "~ "."""
    words = Wording(language, strict=True).words(message)
    rows = [("~ " if row.tone == "muted" else "") + row.text for row in words.rows]
    return [text.replace("\u202f", " ") for text in (words.push or "", words.headline, *rows)]


GOLDEN = [
    "BTC long flush · ≥ $53.6M liquidated in 1 h 40 min · −3.4 %",
    "BTC long flush · FLUSH 61/100",
    "Liquidated ≥ $53.6M since 18 Jan, 23:00 UTC (98 % long) · largest single print $2.1M · 840 prints",
    (
        "~ Binance and OKX show at most one liquidation a second per coin and side, so the real total is higher · "
        "Estimate: about $70M to $240M in all"
    ),
    (
        "Price 95,475 → 92,210 at 00:46 UTC (−3.4 % from the 6 h high) · last 92,438 (−3.2 %) · went through 95,000 · "
        "went through 92,500 to 92,210 and back above"
    ),
    (
        "Open interest −4.3 % in coins (97,429 BTC → 93,223 BTC on Binance and Bybit) · "
        "Funding +0.0050 %/8h, last paid 00:00 UTC · Basis −9 bp (before −5 bp)"
    ),
    (
        "Beforehand: OI at 88 % of its 4-day high · "
        "funding +0.0035 %/8h (longs not crowded, lower than in 100 % of the last 4 days)"
    ),
    "Perp-led: volume of the last full hour 9.2× usual on perps, 6.1× on spot",
    (
        "~ Venues: Binance, Bybit and OKX live · Hyperliquid open interest missing since 18 Jan, 23:00 UTC · "
        "As of 00:40 UTC"
    ),
    (
        "~ Against the level exceeded once in 3 days: liquidations 2.8×, price move 2.1×, fall of open interest 2.2× · "
        "Confidence high (0.83)"
    ),
]


def test_first_post_in_words() -> None:
    """A flush with every input known: each line as it is read, figures before adjectives, nothing missing."""
    seen = flush(lead=member(price=92_520.0))
    golden = [text.replace("last 92,438 (−3.2 %)", "last 92,520 (−3.1 %)") for text in GOLDEN]
    assert lines(build(seen, past(), NOW_MS)) == golden


def test_first_post_in_spanish() -> None:
    """The same figures in Spanish, with its own separators."""
    spoken = lines(build(flush(), past(), NOW_MS), "es")
    assert spoken[1] == "BTC, barrida de largos · BARRIDA 61/100"
    assert spoken[2].startswith("Liquidados ≥ $53,6 M desde 18 ene, 23:00 UTC (98 % largos) · mayor liquidación")
    assert spoken[4].startswith("Precio 95.475 → 92.210 (00:46 UTC; −3,4 % desde el máximo de 6 h)")


def test_a_gap_of_liquidations_is_said_after_it_ended() -> None:
    """A gap that is over stands with the minutes it took, before what feeds leave out anyway; the sum stays a floor."""
    gaps = (Gap("bybit", "liquidation", ONSET_MS + 2 * MINUTE_MS, ONSET_MS + 9 * MINUTE_MS),)
    message = build(flush(gaps=gaps), past(), NOW_MS)
    told = lines(message)
    assert told[2].startswith("Liquidated ≥ $53.6M since 18 Jan, 23:00 UTC")
    assert told[3] == (
        "Blind to liquidations on Bybit 00:02–00:09 UTC: totals for that time are too low · " + GOLDEN[3][2:]
    )
    assert len(told) == len(GOLDEN)
    assert lines(message, "es")[3].startswith("Sin oír las liquidaciones de Bybit 00:02–00:09 UTC: los totales de ese")


def test_a_feed_at_its_limit_is_named() -> None:
    """A venue that spoke in every second of a minute is named beside what its feed leaves out."""
    told = (
        VenueTold("binance", "throttled", 4e7, 6e7, 2e8, saturated=True),
        VenueTold("okx", "throttled", 1e7, 1.1e7, 1.1e7),
    )
    line = lines(build(flush(told=told), past(), NOW_MS))[3]
    assert "so the real total is higher · Their limit was reached on Binance, every second of some minute · E" in line


def test_a_gap_that_lasts_is_said_once() -> None:
    """A feed that is down now stands as a gap with its begin and not again among the missing feeds."""
    venues = VENUES | {"bybit liquidation": f"missing since {ONSET_MS}"}
    told = lines(build(flush(venues=venues, gaps=(Gap("bybit", "liquidation", ONSET_MS),)), past(), NOW_MS))
    assert told[3].startswith("Blind to liquidations on Bybit since 00:00 UTC: ")
    assert "Bybit liquidations missing" not in "".join(told)
    assert "Hyperliquid open interest missing since 18 Jan, 23:00 UTC" in "".join(told)


@pytest.mark.parametrize("venues", [None, {"okx liquidation": "live"}], ids=["nothing known", "one heard"])
def test_a_gap_is_said_where_no_liquidations_are_known(venues: dict[str, str] | None) -> None:
    """Also a card that knows no liquidations at all tells when it could not have heard any."""
    bare = member(long_usd=None, short_usd=None, largest_usd=None, prints=None)
    gaps = (Gap("bybit", "liquidation", ONSET_MS),)
    told = lines(build(flush(lead=bare, venues=venues, gaps=gaps, estimate_usd=None), past(), NOW_MS))
    assert told[3] == "Blind to liquidations on Bybit since 00:00 UTC: totals for that time are too low"


def test_levels_still_lost_are_named_together() -> None:
    """With the price under both, the price went through both; one touched a little further out held."""
    touched = (*LEVELS[:2], (92_150.0, 50.0, ("level-week-open",)))
    state = msgspec.structs.replace(STATE, levels=touched)
    spoken = lines(build(flush(before=state), past(), NOW_MS))
    assert spoken[4].endswith("last 92,438 (−3.2 %) · went through 95,000 and 92,500 · 92,150 held")


def test_a_squeeze_is_mirrored() -> None:
    """A rise is told from the low, shorts are the ones liquidated and asked after, levels are above."""
    lead = member(long_usd=1.1e6, short_usd=52.5e6, reference_price=93_150.0, price=95_390.0, extreme_price=95_572.0)
    crowded = msgspec.structs.replace(STATE, funding_weighted_8h=-1e-4, levels=((95_000.0, 77.0, ("level-day-open",)),))
    squeeze = flush(lead=lead, side="short", kind="short_squeeze", before=crowded)
    spoken = lines(build(squeeze, past(), NOW_MS))
    assert spoken[0] == "BTC short squeeze · ≥ $53.6M liquidated in 1 h 40 min · +2.6 %"
    assert "(98 % short)" in spoken[2]
    assert spoken[4] == (
        "Price 93,150 → 95,572 at 00:46 UTC (+2.6 % from the 6 h low) · last 95,390 (+2.4 %) · went through 95,000"
    )
    assert "shorts crowded, lower than in 100 % of the last 4 days" in spoken[6]


def test_price_only_says_so_and_how_little_is_known() -> None:
    """Bars alone: no liquidations, no open interest, low confidence, and no sentence that would need them."""
    bare = member(
        long_usd=None, short_usd=None, largest_usd=None, prints=None, open_interest_before=None,
        open_interest_now=None, open_interest_venues=(), price_only=True, confidence=0.3,
        components={"P": member().components["P"]},
    )  # fmt: skip
    alone = flush(lead=bare, before=None, venues=None, estimate_usd=None, character=None)
    spoken = lines(build(alone, past(liquidation_s=NAN, long_usd=NAN, short_usd=NAN, basis_bps=NAN), NOW_MS))
    assert spoken == [
        "BTC long flush · −3.4 % · price only",
        "BTC long flush · FLUSH 61/100",
        "Liquidations are not known: no feed tells those of BTC",
        "Price 95,475 → 92,210 at 00:46 UTC (−3.4 % from the 6 h high) · last 92,438 (−3.2 %)",
        "Funding +0.0050 %/8h, last paid 00:00 UTC",
        (
            "By price alone, so at most FLUSH · Against the level exceeded once in 3 days: price move 2.1× · "
            "Confidence low (0.30)"
        ),
        "~ As of 00:40 UTC",
        "~ Not known: open interest, basis, the state before it, perp against spot volume",
    ]


def test_what_was_beforehand_stays_what_it_was() -> None:
    """At +72 h, when the oldest days before the flush are forgotten, its card looks back on the same as at first."""
    told = []
    for now_ms in (NOW_MS, ONSET_MS + 73 * HOUR_MS):
        told += [line for line in lines(build(flush(), past(now_ms, days=20), now_ms)) if "eforehand" in line]
    said = (
        "Beforehand: OI at 88 % of its 11-day high · "
        "funding +0.0035 %/8h (longs not crowded, lower than in 100 % of the last 11 days)"
    )
    assert told == [said, said]


def test_an_estimate_whose_ends_round_to_the_same_is_one_figure() -> None:
    """No range from a figure to itself: nothing is known then of what might be more; other ends are both said."""
    spoken = "\n".join(lines(build(flush(estimate_usd=(6.98e7, 7.04e7)), past(), NOW_MS)))
    assert "Estimate: at least about $70M in all" in spoken
    assert "Estimate: about $70M to $71M in all" in "\n".join(
        lines(build(flush(estimate_usd=(7.04e7, 7.06e7)), past(), NOW_MS))
    )


@pytest.mark.parametrize(
    ("changes", "gone", "said"),
    [
        ({"lead": member(long_usd=None, short_usd=None)}, "Liquidated", "not known yet: totals of BTC reach to 00:40"),
        ({"lead": member(largest_usd=None)}, "single print", ""),
        ({"lead": member(prints=None)}, "prints", ""),
        ({"lead": member(open_interest_now=None)}, "Open interest −", "Not known: open interest"),
        ({"estimate_usd": None}, "Estimate", ""),
        ({"before": None}, "Beforehand", "Not known: the state before it"),
        ({"before": BEFORE}, "went through", "Not known: key levels"),
        ({"before": msgspec.structs.replace(STATE, open_interest_of_high=None)}, "of its 4-day high", ""),
        ({"before": msgspec.structs.replace(STATE, funding_weighted_8h=None)}, "crowded", ""),
        ({"before": msgspec.structs.replace(STATE, basis_bps=None)}, "before −5 bp", "Basis −9 bp"),
        ({"character": None}, "Perp-led", "Not known: perp against spot volume"),
        ({"venues": None}, "live", "As of 00:40 UTC"),
        ({"lead": member(components={})}, "once in 3 days", "Confidence high"),
    ],
)
def test_an_input_that_is_missing_is_used_by_no_sentence(changes: dict[str, Any], gone: str, said: str) -> None:
    """Taking away one input takes its sentence away; the gap is named where a reader would look for it."""
    assert gone in "\n".join(GOLDEN)
    spoken = "\n".join(lines(build(flush(**changes), past(), NOW_MS)))
    assert gone not in spoken
    assert said in spoken


@pytest.mark.parametrize(
    ("column", "gone", "said"), [("funding_8h", "Funding", "funding"), ("basis_bps", "Basis", "basis")]
)
def test_a_column_that_is_missing_is_named(column: str, gone: str, said: str) -> None:
    """Without a figure of the last slots there is no sentence, and the muted line names it."""
    spoken = lines(build(flush(), past(NOW_MS, 4, **{column: NAN}), NOW_MS))
    assert gone not in "\n".join(spoken)
    assert spoken[-2] == f"~ Not known: {said}"


@pytest.mark.parametrize(("short_usd", "share"), [(3.2e6, "99 %"), (1.0, "99 %"), (0.0, "100 %")])
def test_all_of_one_side_is_said_of_nothing_less(short_usd: float, share: str) -> None:
    """Whatever was seen of the other side, 100 % is not said."""
    told = lines(build(flush(lead=member(long_usd=957.8e6, short_usd=short_usd)), past(), NOW_MS))
    assert f"({share} long)" in told[2]


def test_hourly_totals_say_how_far_they_reach() -> None:
    """At 00:40 a total that ends at 00:00 is not a total of the time since."""
    silent_since_onset = past(ONSET_MS)._history
    spoken = lines(build(flush(), silent_since_onset.until(NOW_MS), NOW_MS))
    assert spoken[0] == "BTC long flush · ≥ $53.6M liquidated in 1 h · −3.4 %"
    assert spoken[2].startswith(
        "Liquidated ≥ $53.6M from 18 Jan, 23:00 to 19 Jan, 00:00 UTC (98 % long), later totals not known yet · "
    )


def test_feeds_that_told_nothing_are_no_figure() -> None:
    """A live feed with no liquidation is said as such, without a share of nothing."""
    quiet = member(long_usd=0.0, short_usd=0.0, largest_usd=None, prints=None)
    spoken = lines(build(flush(lead=quiet, estimate_usd=None), past(), NOW_MS))
    assert spoken[2] == "Liquidations: the feeds told none from 18 Jan, 23:00 to 19 Jan, 00:40 UTC"


def several(**changes: Any) -> Episode:
    """Seven coins of five tracked by name, two of them without a liquidation feed."""
    coins = {"ETH": 3e7, "SOL": 6e7, "DOGE": 2e6, "XRP": 1e6, "HYPE": None, "ADA": None}
    others = [
        member(coin, long_usd=usd, short_usd=None if usd is None else 0.0, largest_usd=None, prints=None)
        for coin, usd in coins.items()
    ]
    return flush(*others, market_coins=30, **changes)


def test_several_coins_are_listed_by_size() -> None:
    """Headline by observed size with the rest counted, five members, the tracked coins, the untold ones named."""
    spoken = lines(build(several(), past(), NOW_MS))
    assert spoken[0] == "BTC long flush, market-wide (7 coins) · ≥ $146M liquidated in 1 h 40 min · SOL −3.4 %"
    assert spoken[1] == "BTC long flush · FLUSH 61/100 · market-wide: SOL, BTC and 5 others"
    assert "largest single print $2.1M (BTC)" in spoken[2]
    assert spoken[4].startswith("BTC price 95,475 → 92,210")
    assert (
        "By coin (furthest move, liquidated): SOL −3.4 %, ≥ $60M · BTC −3.4 %, ≥ $53.6M · ETH −3.4 %, ≥ $30M · "
        "DOGE −3.4 %, ≥ $2M · XRP −3.4 %, ≥ $1M · 2 more"
    ) in spoken
    assert "· 30 coins tracked · As of 00:40 UTC" in spoken[-3]
    assert spoken[-2] == "~ Not known: liquidations of HYPE and ADA"


@pytest.mark.parametrize(
    ("coins", "said"),
    [
        (("BTC",), "Levels are priors still: too little of this coin is known"),
        (("BTC", "SOL"), "Levels of SOL are priors still: too little of it is known"),
    ],
)
def test_levels_that_are_priors_are_those_of_the_strongest_coin(coins: tuple[str, ...], said: str) -> None:
    """Of several coins the one whose levels they are is named."""
    part = msgspec.structs.replace(member().components["P"], prior=True)
    parts = [member(coin, components={"P": part}, peak_score=60.0 + 5 * (coin == coins[-1])) for coin in coins]
    spoken = lines(build(flush(*parts[1:], lead=parts[0]), past(), NOW_MS))
    assert any(said in line for line in spoken)


def test_coins_without_any_liquidation_figure_are_listed_by_their_moves() -> None:
    """Where no member has a figure the label does not speak of what was liquidated."""
    untold: dict[str, Any] = {"long_usd": None, "short_usd": None, "largest_usd": None, "prints": None}
    spoken = lines(build(flush(member("ETH", **untold), lead=member(**untold)), past(), NOW_MS))
    assert "By coin (furthest move): BTC −3.4 % · ETH −3.4 %" in spoken


def test_a_venue_whose_name_has_a_space_is_said_whole() -> None:
    """The kind of a feed is its last word, whatever a venue is called."""
    states = {"gate io liquidation": "live", "bit com oi": f"missing since {ONSET_MS - HOUR_MS}"}
    spoken = lines(build(flush(venues=states), past(), NOW_MS))[-2]
    assert spoken.startswith("~ Venues: gate io live · bit com open interest missing since 18 Jan, 23:00 UTC")


def test_prices_of_spot_bars_are_named() -> None:
    """A card whose price is no perpetual's says so; any other says nothing of it."""
    episode = flush()
    assert "spot bars" not in "\n".join(lines(build(episode, past(), NOW_MS)))
    episode.lead.spot = True
    assert "· Price of BTC from spot bars: no perpetual's is told ·" in "\n".join(lines(build(episode, past(), NOW_MS)))


def test_coins_tracked_are_not_counted_from_fifty_on() -> None:
    """What is wide among many coins needs no such remark."""
    wide = several()
    wide.market_coins = 50
    assert "tracked" not in "\n".join(lines(build(wide, past(), NOW_MS)))


@pytest.mark.parametrize(
    ("usd", "expected"),
    [
        ((30e6, 5e6, 148e6), "Leg 3 began 00:15 UTC: ≥ $148M, the largest"),
        (
            (30e6, 80e6, 20e6),
            "Leg 3 began 00:15 UTC: ≥ $20M; leg 2 (19 Jan, 00:05 UTC) was the largest: ≥ $80M",
        ),
    ],
)
def test_later_legs_are_named(usd: tuple[float, ...], expected: str) -> None:
    """From the second leg on the last one stands there, beside the largest; a date where it is long ago."""
    now_ms = ONSET_MS + DAY_MS + 20 * MINUTE_MS
    starts = (ONSET_MS, ONSET_MS + 5 * MINUTE_MS, ONSET_MS + DAY_MS + 15 * MINUTE_MS)
    pushes = [Leg(start, None, start, 50.0, size, 92_210.0) for start, size in zip(starts, usd, strict=True)]
    assert expected in lines(build(flush(legs=pushes), past(now_ms), now_ms))


def test_ended_card() -> None:
    """The last edit: when it ended, the peak with its band, the size over its time, where to look next."""
    ended_ms = ONSET_MS + 130 * MINUTE_MS
    place = Standing(3, 14, 90, whole=True, by_score=0)
    over = flush(state="ended", ended_ms=ended_ms, end_reason="calm", score=0.0, standing=place)
    spoken = lines(build(over, past(ended_ms), ended_ms))
    assert spoken[1] == "BTC long flush · ended 02:10 UTC · peak 61/100 (FLUSH)"
    assert spoken[-1].startswith("~ Against the level exceeded once in 3 days")
    assert spoken[-1].endswith(" · Third largest BTC long flush in 90 days (by what was liquidated, n = 14)")
    assert spoken[2].startswith("Liquidated ≥ $53.6M in 3 h 10 min, 18 Jan, 23:00 to 19 Jan, 02:10 UTC (98 % long)")
    assert spoken[4].startswith("Price 95,475 → 92,210 at 00:46 UTC")
    assert spoken[-2].endswith("As of 02:10 UTC · follow-ups below")


def test_a_flush_that_did_not_calm_down_is_not_called_ended() -> None:
    """The limit of a leg closes the card; it does not say that the flush is over."""
    ended_ms = ONSET_MS + 6 * HOUR_MS
    over = flush(state="ended", ended_ms=ended_ms, end_reason="prolonged")
    assert lines(build(over, past(ended_ms), ended_ms))[1] == (
        "BTC long flush · closed 06:00 UTC, not calm yet · peak 61/100 (FLUSH)"
    )


def test_volume_of_a_later_hour_is_not_told_as_that_of_the_flush() -> None:
    """Hours after the peak the last full hour says nothing about who led it."""
    later_ms = ONSET_MS + 5 * HOUR_MS
    assert not [text for text in lines(build(flush(), past(later_ms), later_ms)) if "Perp-led" in text]


def test_the_latest_reading_has_a_row() -> None:
    """A minor flush carries the line of its latest follow-up on the card itself."""
    reading = Phrase("followup-verdict-reloading", {"confidence": Number(0.7, 2)})
    values: dict[str, Value] = {"step": Phrase("followup-step-4h"), "reading": reading}
    plain = lines(build(flush(), past(), NOW_MS))
    spoken = lines(build(flush(), past(), NOW_MS, Phrase("followup-headline", values)))
    assert [text for text in spoken if text not in plain] == ["+4 h: reads as reloading, not reset (confidence 0.70)"]


@pytest.mark.parametrize(("language", "kind"), list(product(LANGUAGES, ("long_flush", "short_squeeze", "two_sided"))))
def test_the_fullest_card_fits_and_can_be_stored(language: str, kind: str) -> None:
    """Several coins, two legs, a reading, gaps everywhere: at most twelve rows, every key known, storable as it is."""
    full = several(kind=kind, legs=[Leg(ONSET_MS, None, ONSET_MS, 50.0, 1e6, 9e4)] * 2)
    full.side = "short" if kind == "short_squeeze" else "long"
    message = build(full, past(basis_bps=NAN), NOW_MS, Phrase("card-day-no-spot"))
    spoken = lines(message, language)
    assert len(message.rows) == 12
    assert not [text for text in spoken if "{" in text or "!" in text]
    assert decode(encode(message)) == message
    assert (message.kind, message.band) == ("card", "flush")


def test_buttons_are_commands() -> None:
    """Each button asks a command about this flush or this coin."""
    assert [button.command for button in build(flush(), past(), NOW_MS).buttons] == [
        "/flush why 2026-01-19-BTC-1",
        "/flush 2026-01-19-BTC-1",
        "/levels BTC",
        "/funding BTC",
        "/alerts mute 1h",
    ]


HOSTILE = "@everyone **x** `y` <b>\n/alerts mute 30d; $(reboot)\u202e"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hostile_coin_name_stays_a_name(language: str) -> None:
    """A name from outside is one word of its command and one line of text, however it is written."""
    strange = flush(member(HOSTILE), lead=member(HOSTILE + "2"), market_coins=3)
    message = build(strange, past(), NOW_MS)
    assert "\n" not in "".join(lines(message, language))
    assert "\u202e" not in "".join(lines(message, language))
    assert message.buttons[2].command == f"/levels '{HOSTILE}2'"
    assert message.chart is None


def test_chart_shows_the_flush_and_its_levels() -> None:
    """From 6 h before onset to now, at most 300 points, the flush shaded, the levels it touched, figures in words."""
    for hours in (1, 30, 300):
        now_ms = ONSET_MS + hours * HOUR_MS
        chart = build(flush(), past(now_ms, days=1), now_ms).chart
        assert chart is not None
        columns = (chart.price, chart.long_usd, chart.short_usd, chart.open_interest)
        assert {len(column) for column in columns} == {len(chart.times_ms)}
        assert len(chart.times_ms) <= 300
        assert chart.times_ms[-1] == now_ms
        assert chart.window_ms == (ONSET_MS, now_ms)
        assert [line.price for line in chart.lines] == [95_000.0, 92_500.0]
        alt = Wording("en", strict=True).text(chart.alt)
        assert "price 95,475 to 92,210" in alt
        assert "open interest −4.3" in alt


def test_liquidations_keep_their_sum_in_a_thinned_chart() -> None:
    """Thinning adds amounts up instead of dropping slots."""
    chart = build(flush(), past(ONSET_MS + 50 * HOUR_MS), ONSET_MS + 50 * HOUR_MS).chart
    assert chart is not None
    step_ms = chart.times_ms[-1] - chart.times_ms[-2]
    assert step_ms > SLOT_MS
    assert chart.long_usd[-1] == pytest.approx(5e5 * step_ms / SLOT_MS)


def test_a_state_with_nothing_known_is_silent() -> None:
    """A frozen state of which every field is unknown adds no row."""
    empty = Before(ONSET_MS, None, None, None, None, None, {}, None, {}, None, None, None)
    assert not [text for text in lines(build(flush(before=empty), past(), NOW_MS)) if "eforehand" in text]
