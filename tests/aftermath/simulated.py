"""A simulated scenario as slots: its facts through the Board into History, without the detector."""

from __future__ import annotations

from bot.flush.features import measure
from bot.market.board import Board
from bot.market.history import HOUR_MS, History
from bot.market.simulation import SCENARIOS, simulate

STEP_MS = 60_000


def played(name: str, until_h: float) -> tuple[Board, History, int]:
    """Board and history of the scenario up to so many hours after its onset, and the onset in UTC ms."""
    onset_ms = SCENARIOS[name].onset_ms or 0
    end_ms = onset_ms + round(until_h * HOUR_MS)
    board, history = Board(), History()
    stepped_ms = 0
    for fact in simulate(name):
        if fact.t > board.now_ms and board.now_ms - stepped_ms >= STEP_MS:
            stepped_ms = board.now_ms
            measure(board, history, stepped_ms)
        if fact.t > end_ms:
            break
        board.apply(fact)
    return board, history, onset_ms
