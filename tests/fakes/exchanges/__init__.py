"""A wire fake of the exchanges: REST and sockets of eight venues and four spot markets; start at `fake.py`."""

from __future__ import annotations

from tests.fakes.exchanges.eight import eight, minutes
from tests.fakes.exchanges.exchange import Exchange
from tests.fakes.exchanges.fake import ExchangesFake
from tests.fakes.exchanges.faults import FAULTS, Fault

__all__ = ["FAULTS", "Exchange", "ExchangesFake", "Fault", "eight", "minutes"]
