"""The simulated market: the same each time, valid, with the venues' gaps, and with what each scenario promises."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice, takewhile
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bot.market.facts import Depth, Fact, Feed, Funding, Index, Liquidation, Mark, OpenInterest
from bot.market.recording import read
from bot.market.simulation import SCENARIOS, simulate
from bot.market.simulation.closures import split
from bot.market.simulation.market import Market
from bot.market.simulation.positions import LONG

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
HIT = ("ORDI", "PEOPLE", "WIF", "BOME")
PROJECT = Path(__file__).parents[2]


class Told:
    """A run boiled down while it streams: series per (kind, venue, base), liquidations, whether order and gaps hold."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.count = 0
        self.in_order = True
        self.series: dict[tuple[type, str, str], list[tuple[int, float]]] = defaultdict(list)
        self.liquidations: list[Liquidation] = []
        self.feeds: dict[str, str] = {}
        latest = 0
        for fact in facts:
            self.count += 1
            self.in_order &= fact.t >= latest
            latest = fact.t
            if isinstance(fact, Liquidation):
                self.liquidations.append(fact)
            elif isinstance(fact, Mark | Index):
                self.series[type(fact), fact.venue, fact.base].append((fact.t, fact.price))
            elif isinstance(fact, OpenInterest) and fact.coins is not None:
                self.series[OpenInterest, fact.venue, fact.base].append((fact.t, fact.coins))
            elif isinstance(fact, Funding):
                self.series[Funding, fact.venue, fact.base].append((fact.t, fact.rate * 8 / fact.interval_h))
            elif isinstance(fact, Depth):
                self.series[Depth, fact.venue, fact.base].append((fact.t, fact.bid_usd))
            elif isinstance(fact, Feed):
                self.feeds[fact.venue] = fact.state

    def between(self, kind: type, venue: str, base: str, start: int, end: int) -> list[float]:
        """Values known in (start, end]."""
        return [value for t, value in self.series[kind, venue, base] if start < t <= end]

    def at(self, kind: type, venue: str, base: str, t: int) -> float:
        """Last value known at t."""
        return self.between(kind, venue, base, 0, t)[-1]

    def fall(self, base: str, start: int, hours: float) -> float:
        """Deepest fall of the mark after `start`, as fraction of the price there."""
        marks = self.between(Mark, "binance", base, start, start + int(hours * HOUR_MS))
        return 1 - min(marks) / self.at(Mark, "binance", base, start)

    def liquidated_usd(self, start: int, end: int, base: str | None = None) -> float:
        """Observed liquidations in (start, end]."""
        return sum(f.usd for f in self.liquidations if start < f.t <= end and (base is None or f.base == base))


@pytest.fixture(scope="session")
def small() -> Told:
    """The kept recording."""
    return Told(read(PROJECT / "tests/data/small.jsonl.gz"))


@pytest.fixture(scope="session")
def article() -> Told:
    """The whole article day with its history."""
    return Told(simulate("article"))


@pytest.fixture(scope="session")
def cascade() -> Told:
    """The cascade to four hours after its onset; the aftermath is long and is only counted elsewhere."""
    until = SCENARIOS["cascade"].onset_ms or 0
    return Told(takewhile(lambda fact: fact.t <= until + 4 * HOUR_MS, simulate("cascade")))


def digest(scenario: str, seed: int, count: int) -> str:
    """Fingerprint of the first facts."""
    encoder = msgspec.json.Encoder()
    sha = hashlib.sha256()
    for fact in islice(simulate(scenario, seed), count):
        sha.update(encoder.encode(fact))
    return sha.hexdigest()


def test_same_seed_same_bytes_in_another_process() -> None:
    """Another process with another hash seed makes the same facts, another seed makes others."""
    code = "from tests.market.test_simulation import digest; print(digest('article', 7, 20000))"
    told = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONHASHSEED": "99"},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == digest("article", 7, 20_000)
    assert digest("article", 8, 20_000) != digest("article", 7, 20_000)


def test_facts_pass_the_recording_format() -> None:
    """Every simulated fact is valid where facts are read, and comes back equal."""
    encoder, decoder = msgspec.json.Encoder(), msgspec.json.Decoder(Fact)
    kinds = set()
    for fact in islice(simulate("small"), 30_000):
        assert decoder.decode(encoder.encode(fact)) == fact
        kinds.add(type(fact).__name__)
    assert kinds == {"Mark", "Index", "OpenInterest", "Funding", "Bar", "Liquidation", "Depth", "Feed"}


@pytest.mark.slow
def test_facts_come_in_order(small: Told, article: Told, cascade: Told) -> None:
    """Time never runs back, in the history, the minutes and the seconds."""
    assert small.in_order
    assert article.in_order
    assert cascade.in_order


@pytest.mark.slow
def test_venues_have_their_gaps(article: Told, cascade: Told) -> None:
    """Binance and OKX show at most one liquidation a second and symbol, Hyperliquid none, Bybit is not throttled."""
    for told in (article, cascade):
        latest: dict[tuple[str, str], int] = {}
        crowded = 0
        for fact in told.liquidations:
            gap = fact.t - latest.get((fact.venue, fact.base), 0)
            latest[fact.venue, fact.base] = fact.t
            if fact.venue == "bybit":
                crowded += gap < 1000
            else:
                assert gap >= 1000
        assert crowded > 100
        assert {fact.venue for fact in told.liquidations} == {"binance", "bybit", "okx"}
        assert told.feeds == {"binance": "partial", "bybit": "live", "okx": "partial"}


def test_split_closes_exactly_the_amount() -> None:
    """Single closures add up to what was to be closed, lie within the step, and tiny amounts give none."""
    amounts = np.array([[1000.0, 0.0], [3.0, 1e-6]])
    prices = (np.array([2.0, 5.0]), np.array([1.9, 5.1]))
    shares = np.array([[0.4, 0.3, 0.2, 0.1]] * 2)
    rng = np.random.Generator(np.random.PCG64(1))
    closures = split(rng, amounts, np.array([50.0, 50.0]), prices, shares, 10_000, 5.0)
    cells = np.bincount(closures.coin * 2 + closures.side, closures.coins, 4)
    assert cells == pytest.approx([1000.0, 0.0, 3.0, 0.0])
    assert closures.t_ms.min() > 10_000
    assert closures.t_ms.max() <= 15_000
    assert (np.diff(closures.t_ms) >= 0).all()


def test_the_mark_leaves_no_crossed_position_open() -> None:
    """After any step no long is left above the mark and no short below it, and no book exceeds open interest."""
    market = Market(SCENARIOS["small"], 7)
    for step in range(1, 600):
        market.step(step * 60, 60)
        place = market.positions.place
        for coin in range(len(market.table.bases)):
            assert market.positions.books[0, coin, place[coin] :].sum() == 0
            assert market.positions.books[1, coin, : place[coin] + 1].sum() == 0
    assert (market.positions.books.sum(axis=2) <= market.open_interest.sum(axis=1)).all()
    assert (market.positions.books >= -1e-9).all()


@pytest.mark.slow
@pytest.mark.parametrize("base", ["BTC", "SOL", "PEPE"])
def test_open_interest_falls_by_at_least_what_was_liquidated(cascade: Told, base: str) -> None:
    """On the venue that shows every liquidation, the coins liquidated in the cascade are gone from open interest."""
    onset = SCENARIOS["cascade"].onset_ms or 0
    closed = sum(
        fact.coins
        for fact in cascade.liquidations
        if fact.venue == "bybit" and fact.base == base and onset < fact.t <= onset + HOUR_MS
    )
    before = cascade.at(OpenInterest, "bybit", base, onset)
    least = min(cascade.between(OpenInterest, "bybit", base, onset, onset + HOUR_MS))
    assert before - least > 0.95 * closed > 0


@pytest.mark.slow
def test_a_real_cascade(cascade: Told) -> None:
    """BTC falls 12 to 15 %, alts 22 to 60 %, open interest 15 to 40 %, and mostly longs are closed."""
    onset = SCENARIOS["cascade"].onset_ms or 0
    assert 0.12 <= cascade.fall("BTC", onset, 1.5) <= 0.15
    assert all(0.22 <= cascade.fall(base, onset, 1.5) <= 0.60 for base in SCENARIOS["cascade"].coins[2:])
    for base in SCENARIOS["cascade"].coins:
        before = cascade.at(OpenInterest, "binance", base, onset)
        after = min(cascade.between(OpenInterest, "binance", base, onset, onset + 2 * HOUR_MS))
        assert 0.15 <= 1 - after / before <= 0.40
    longs = sum(f.usd for f in cascade.liquidations if onset < f.t <= onset + HOUR_MS and f.side == "long")
    assert longs > 0.9 * cascade.liquidated_usd(onset, onset + HOUR_MS)


@pytest.mark.slow
def test_the_cascade_shows_in_funding_basis_and_depth(cascade: Told) -> None:
    """Funding goes from warm to negative, the perpetual 30 to 100 bps below the index, the book thins by 80 to 96 %."""
    onset = SCENARIOS["cascade"].onset_ms or 0
    assert 0.0002 <= cascade.at(Funding, "binance", "BTC", onset) <= 0.0004
    assert min(cascade.between(Funding, "binance", "BTC", onset, onset + 4 * HOUR_MS)) < 0
    index = dict(cascade.series[Index, "binance", "BTC"])
    marks = [(t, p) for t, p in cascade.series[Mark, "binance", "BTC"] if onset < t <= onset + HOUR_MS and t in index]
    assert -0.0100 <= min(price / index[t] - 1 for t, price in marks) <= -0.0030
    usual = np.median(cascade.between(Depth, "binance", "BTC", 0, onset))
    thinnest = min(cascade.between(Depth, "binance", "BTC", onset, onset + 2 * HOUR_MS))
    assert 0.04 <= thinnest / usual <= 0.20
    lowest = min(cascade.between(Mark, "binance", "BTC", onset, onset + 2 * HOUR_MS))
    assert cascade.at(Mark, "binance", "BTC", onset + 4 * HOUR_MS) > 1.015 * lowest


@pytest.mark.slow
def test_the_article_ends_where_it_was_reported(article: Told) -> None:
    """BTC, ETH, BNB, SOL and XRP end within half a per cent of the article's prices, the first two green."""
    end = SCENARIOS["article"].end_ms
    for base, price in {"BTC": 72_226, "ETH": 2_106, "BNB": 654, "SOL": 90, "XRP": 1.42}.items():
        assert article.at(Mark, "okx", base, end) == pytest.approx(price, rel=0.005)
    for base in ("BTC", "ETH"):
        change = article.at(Mark, "okx", base, end) / article.at(Mark, "okx", base, end - DAY_MS) - 1
        assert 0.003 <= change <= 0.008
    ups = sum(
        article.at(Mark, "okx", base, end) > article.at(Mark, "okx", base, end - DAY_MS)
        for base in SCENARIOS["article"].coins
    )
    assert 10 <= ups <= 20


@pytest.mark.slow
def test_the_article_liquidates_what_it_says(article: Told) -> None:
    """440 to 500 million dollars are observed in the last 24 hours, more than on any day before, on both sides."""
    end = SCENARIOS["article"].end_ms
    days = [article.liquidated_usd(end - (n + 1) * DAY_MS, end - n * DAY_MS) for n in range(4)]
    assert 440e6 <= days[0] <= 500e6
    assert max(days[1:]) < 0.8 * days[0]
    longs = sum(f.usd for f in article.liquidations if f.t > end - DAY_MS and f.side == "long")
    assert 0.35 <= longs / days[0] <= 0.75


@pytest.mark.slow
def test_the_article_hits_four_coins_and_spares_the_majors(article: Told) -> None:
    """Four memecoins fall 8 to 18 % within the hour and lose 4 to 8 % of open interest; BTC and ETH stay put."""
    onset, end = SCENARIOS["article"].onset_ms or 0, SCENARIOS["article"].end_ms
    for base in HIT:
        assert 0.08 <= article.fall(base, onset, 1) <= 0.18
        coins = sum(
            article.at(OpenInterest, venue, base, onset) for venue in ("binance", "bybit", "okx", "hyperliquid")
        )
        share = article.liquidated_usd(end - DAY_MS, end, base) / (coins * article.at(Mark, "okx", base, onset))
        assert 0.04 <= share <= 0.08
    assert article.fall("BTC", onset, 2) < 0.01
    assert article.fall("ETH", onset, 2) < 0.015


def test_calm_is_calm() -> None:
    """A day without an event: funding near its rest, no hour with a large fall, liquidations all the time."""
    scenario = SCENARIOS["calm"]
    told = Told(takewhile(lambda fact: fact.t <= scenario.start_ms + DAY_MS, simulate("calm")))
    prices = np.array([price for _, price in told.series[Mark, "binance", "BTC"]])
    assert np.abs(np.log(prices[12:] / prices[:-12])).max() < 0.03
    rates = [rate for _, rate in told.series[Funding, "binance", "BTC"]]
    assert -0.0001 <= np.median(rates) <= 0.0002
    hours = np.bincount([(f.t - scenario.start_ms - 1) // HOUR_MS for f in told.liquidations], minlength=24)
    assert (hours > 100).all()
    sizes = np.sort([f.usd for f in told.liquidations])
    assert sizes[-len(sizes) // 20 :].sum() > 0.25 * sizes.sum()


def test_the_kept_recording_has_a_clear_flush(small: Told) -> None:
    """BTC falls 4 to 6 %, open interest 6 to 11 %, liquidations are ten times the usual, and +24h is inside."""
    onset = SCENARIOS["small"].onset_ms or 0
    assert 0.04 <= small.fall("BTC", onset, 1) <= 0.06
    before = small.at(OpenInterest, "binance", "BTC", onset)
    least = min(small.between(OpenInterest, "binance", "BTC", onset, onset + 2 * HOUR_MS))
    assert 0.06 <= 1 - least / before <= 0.11
    usual = small.liquidated_usd(0, onset, "BTC") / 77
    assert small.liquidated_usd(onset, onset + HOUR_MS, "BTC") > 10 * usual
    assert small.series[Mark, "binance", "BTC"][-1][0] >= onset + 30 * HOUR_MS
    assert 30_000 <= small.count <= 60_000


@pytest.mark.slow
def test_venues_speak_often_enough(article: Told) -> None:
    """Each venue's mark comes about every two minutes after the history, and every five seconds from some venue."""
    scenario = SCENARIOS["article"]
    onset, after = scenario.onset_ms or 0, scenario.start_ms + 3 * DAY_MS
    for venue in ("binance", "bybit", "okx", "hyperliquid"):
        times = np.array([t for t, _ in article.series[Mark, venue, "BTC"] if t > after])
        # Ten seconds more where the pace changes from seconds to minutes.
        assert np.diff(times).max() <= 130_000
    close = sorted(
        t
        for venue in ("binance", "bybit", "okx", "hyperliquid")
        for t, _ in article.series[Mark, venue, "WIF"]
        if onset - 5 * 60_000 < t < onset + HOUR_MS
    )
    assert np.diff(close).max() <= 5_000


def test_closures_are_never_lost() -> None:
    """A long book shrinks by what waits to be closed: crossing moves positions and makes none."""
    market = Market(SCENARIOS["small"], 7)
    positions = market.positions
    before = positions.books[LONG].sum() + positions.waiting[:, LONG].sum()
    positions.cross(np.log(market.price) - 0.2)
    assert positions.waiting[:, LONG].sum() > 0
    assert positions.books[LONG].sum() + positions.waiting[:, LONG].sum() == pytest.approx(before)


@pytest.mark.slow
def test_the_budget_of_facts(article: Told, cascade: Told) -> None:
    """Article and the cascade's event stay within their share of 2.5 million facts for the demo."""
    assert article.count < 900_000
    assert cascade.count < 800_000
