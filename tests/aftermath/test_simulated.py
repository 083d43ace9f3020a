"""The checks that no recording can show, on the simulated market."""

from __future__ import annotations

import pytest

from bot.aftermath import basis, books, high_beta, spot_perp
from bot.aftermath.before import freeze
from bot.flush.episode import Episode
from bot.market.history import HOUR_MS, History
from bot.market.simulation.coins import COINS
from tests.aftermath.days import flush_of
from tests.aftermath.simulated import played

pytestmark = pytest.mark.slow

HIT = {"ORDI", "PEOPLE", "WIF", "BOME"}
MEMES = {coin.base for coin in COINS if coin.tier == "meme"}


def frozen(history: History, onset_ms: int) -> Episode:
    """A flush of an hour and a half with the state before it."""
    flush = flush_of(onset_ms, onset_ms + HOUR_MS * 3 // 2)
    flush.before = freeze(history.until(onset_ms), "BTC", onset_ms)
    return flush


@pytest.fixture(scope="module")
def cascade() -> tuple[History, int]:
    """The crash of everything, to 26 h after its onset."""
    _, history, onset_ms = played("cascade", 26)
    return history, onset_ms


@pytest.fixture(scope="module")
def article() -> tuple[History, int]:
    """The day on which four coins are hit, to 3 h after the first."""
    _, history, onset_ms = played("article", 3)
    return history, onset_ms


def test_a_cascade_takes_the_whole_board_and_memecoins_most(cascade: tuple[History, int]) -> None:
    """All coins fell, the tail more than one and a half times as far as BTC and ETH, and the worst are memecoins."""
    history, onset_ms = cascade
    found = high_beta.check(frozen(history, onset_ms), history.until(onset_ms + 4 * HOUR_MS))
    assert isinstance(found, high_beta.HighBeta)
    assert (found.verdict, found.lead, found.group, found.coins) == ("UNIFORM", "HIGH_BETA_HIT", "tail", len(COINS))
    assert found.high_beta < (found.large or 0.0) < found.majors < 0
    assert {entry.coin for entry in found.worst} <= MEMES


def test_the_article_is_targeted_at_the_coins_it_hits(article: tuple[History, int]) -> None:
    """Four of thirty went unusually far, and the worst beyond their beta are among them."""
    history, onset_ms = article
    found = high_beta.check(frozen(history, onset_ms), history.until(onset_ms + 3 * HOUR_MS))
    assert isinstance(found, high_beta.HighBeta)
    assert (found.verdict, round(found.breadth * found.coins)) == ("TARGETED", len(HIT))
    assert {entry.coin for entry in found.worst} < HIT


def test_the_books_of_a_cascade_are_thin_and_fill_again(cascade: tuple[History, int]) -> None:
    """Thin in the flush, fuller by the day after; the simulation thins its books while prices run."""
    history, onset_ms = cascade
    flush = frozen(history, onset_ms)
    shares = []
    for hours in (1, 4, 24):
        found = books.check(flush, history.until(onset_ms + hours * HOUR_MS))
        assert isinstance(found, books.Books)
        assert found.least is not None
        assert found.least < 0.5
        shares.append((found.verdict, found.share))
    assert shares[0][0] == "THIN"
    assert shares[0][1] < shares[1][1] <= shares[2][1] + 0.1
    assert shares[2][0] == "NORMAL"


def test_the_perp_of_a_cascade_overshoots_and_its_premium_is_gone(cascade: tuple[History, int]) -> None:
    """The index is told there: the perp is sold ahead of spot, and the premium of the crowd is gone a day later.

    That premium stood for all of the three days before, so it is what is usual there, and its end a distance from it.
    """
    history, onset_ms = cascade
    flush = frozen(history, onset_ms)
    assert flush.before is not None
    found = basis.check(flush, flush.before, history.until(onset_ms + 24 * HOUR_MS))
    assert isinstance(found, basis.Basis)
    assert found.perp_led
    assert found.overshoot_bps is not None
    assert found.overshoot_bps <= basis.PERP_LED_BPS
    assert found.usual_bps == pytest.approx(found.before_bps, abs=basis.LEAST_BPS)
    assert found.now_bps < found.usual_bps - basis.LEAST_BPS
    assert found.verdict == "WIDENED"


def test_the_takers_of_a_cascade_are_told(cascade: tuple[History, int]) -> None:
    """The simulated spot bars tell who took: sellers in the flush."""
    history, onset_ms = cascade
    found = spot_perp.check(frozen(history, onset_ms), history.until(onset_ms + 4 * HOUR_MS), 4 * HOUR_MS)
    assert isinstance(found, spot_perp.SpotPerp)
    assert found.demand is not None
    assert found.demand < 0
