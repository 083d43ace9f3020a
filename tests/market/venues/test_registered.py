from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from bot.market.facts import Liquidation
from bot.market.venues import VENUES
from bot.market.venues.venue import Venue
from tests.market.venues.wires import facts, fixtures, known, parts, title

ROOT = Path(__file__).resolve().parents[3]
MODULES = sorted(path.stem for path in (ROOT / "bot/market/venues").glob("*.py") if path.stem != "__init__")

every_venue = pytest.mark.parametrize("venue", VENUES, ids=title)


def test_every_venue_file_is_registered() -> None:
    """A file that describes a venue is in the registry, so none is written and forgotten."""
    described = [getattr(import_module(f"bot.market.venues.{name}"), "VENUE", None) for name in MODULES]
    assert {id(venue) for venue in described if venue is not None} == {id(venue) for venue in VENUES}


def test_a_venue_is_registered_once() -> None:
    """Two entries for one market of a venue would count everything twice."""
    markets = [(venue.name, venue.market) for venue in VENUES]
    assert len(markets) == len(set(markets))


@every_venue
def test_a_venue_is_documented(venue: Venue) -> None:
    """Whoever reads a coverage line finds the venue on its page, with the source of its limits in the file."""
    page = (ROOT / "docs/venues.md").read_text(encoding="utf-8")
    headings = [line.removeprefix("## ").lower() for line in page.splitlines() if line.startswith("## ")]
    assert any(heading.startswith(venue.name) for heading in headings)
    assert venue.limits.source


@every_venue
def test_every_feed_has_a_fixture(venue: Venue) -> None:
    """Each poll, stream and history reads a fixture to each kind of fact that it promises, and to no other kind."""
    instruments = known(venue)
    for part in parts(venue):
        told = [fact for body in fixtures(venue.name).values() for fact in facts(part, body, instruments)]
        kinds = {str(fact.__struct_config__.tag) for fact in told}
        assert kinds == set(part.feeds), part.name
        assert {fact.venue for fact in told} == {venue.name}, part.name


@every_venue
def test_closures_have_a_fixture_of_each_side(venue: Venue) -> None:
    """A long and a short closure are read from the wire of each stream that carries them."""
    instruments = known(venue)
    for part in parts(venue):
        if part.streamed and "liquidation" in part.feeds:
            told = [fact for body in fixtures(venue.name).values() for fact in facts(part, body, instruments)]
            assert {fact.side for fact in told if isinstance(fact, Liquidation)} == {"long", "short"}, part.name


@every_venue
def test_fixtures_named_by_side_are_of_that_side(venue: Venue) -> None:
    """What a fixture calls a long is the closure of a long: a side read the wrong way round fails here by name."""
    instruments = known(venue)
    for part in parts(venue):
        for name, body in fixtures(venue.name).items():
            for side in ("long", "short"):
                if part.streamed and name.endswith(f"_{side}.json"):
                    told = [fact.side for fact in facts(part, body, instruments) if isinstance(fact, Liquidation)]
                    assert set(told) <= {side}, name
