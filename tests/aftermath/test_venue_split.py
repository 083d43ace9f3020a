from __future__ import annotations

import pytest

from bot.aftermath.missing import Missing
from bot.aftermath.venue_split import VenueShare, VenueSplit, check
from bot.flush.episode import VenueTold
from tests.aftermath.days import flush_of
from tests.aftermath.slots import ONSET_MS

BINANCE = VenueTold("binance", "throttled", 60.0, 70.0, 90.0)
BYBIT = VenueTold("bybit", "complete", 30.0, 30.0, 30.0)
OKX = VenueTold("okx", "throttled", 10.0, 10.0, 12.0, lost=True)
SILENT = VenueTold("hyperliquid", "silent", None, 5.0, 9.0)


def split(*told: VenueTold, dislocated: str | None = None) -> VenueSplit | Missing:
    """The split of a flush of which the venues told this."""
    flush = flush_of(ONSET_MS, None)
    flush.told, flush.dislocated = told, dislocated
    return check(flush)


def test_shares_are_of_what_was_told() -> None:
    """The largest first; who tells nothing has no share, and who tells only some is named."""
    found = split(BYBIT, OKX, SILENT, BINANCE)
    shares = (VenueShare("binance", 60.0, 0.6), VenueShare("bybit", 30.0, 0.3), VenueShare("okx", 10.0, 0.1))
    assert found == VenueSplit("SPREAD", shares, untold=("hyperliquid",), partial=("okx", "binance"))


@pytest.mark.parametrize("teller", ["binance", "binance+bybit"])
def test_a_venue_that_is_heard_of_another_coin_is_not_untold(teller: str) -> None:
    """A sum of Bitcoin's, its own or of several, beside a silent Solana: some is told by it, so its share is small."""
    bitcoin = VenueTold(teller, "totals", 80.0, 80.0, 99.0, coins=("BTC",))
    solana = VenueTold("binance", "silent", None, None, None, coins=("SOL",))
    found = split(bitcoin, solana, SILENT)
    assert isinstance(found, VenueSplit)
    assert (found.untold, found.partial) == (("hyperliquid",), ("binance",))


@pytest.mark.parametrize(
    ("told", "dislocated", "verdict"),
    [
        ((VenueTold("bybit", "complete", 540.0, 540.0, 540.0), BINANCE), None, "CONCENTRATED"),
        ((VenueTold("bybit", "complete", 539.0, 539.0, 539.0), BINANCE), None, "SPREAD"),
        ((VenueTold("bybit", "complete", 540.0, 540.0, 540.0), BINANCE), "bybit", "DISLOCATED"),
        ((VenueTold("binance+bybit+okx", "totals", 80.0, 80.0, 99.0), SILENT), None, "ONE_TOLD"),
    ],
)
def test_nine_tenths_on_one_of_several_are_concentrated(
    told: tuple[VenueTold, ...], dislocated: str | None, verdict: str
) -> None:
    """A sum over venues has no split to speak of; where the price stood apart too, the venue is dislocated."""
    found = split(*told, dislocated=dislocated)
    assert isinstance(found, VenueSplit)
    assert found.verdict == verdict


def test_venues_that_tell_nothing_are_named() -> None:
    """Nothing observed is unknown, whichever way it came."""
    assert split(SILENT) == Missing("venues", ("hyperliquid",))
    assert split(VenueTold("okx", "throttled", 0.0, 0.0, 0.0)) == Missing("venues", ("okx",))
    assert split() == Missing("venues")
