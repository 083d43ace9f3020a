"""One detector step: look, judge, learn what is usual, and say what changed. Nothing here knows a channel."""

from bot.flush.baseline import Baseline
from bot.flush.features import measure
from bot.flush.member import Figures
from bot.flush.severity import Judge
from bot.flush.tracker import Change, Tracker
from bot.market.board import Board
from bot.market.history import History


class Detector:
    """The memory of the judgement: baselines, the last hour's maxima, open episodes."""

    def __init__(self) -> None:
        self.baseline = Baseline()
        self.judge = Judge()
        self.tracker = Tracker()

    def step(self, board: Board, history: History, now_ms: int) -> list[Change]:
        """Run once at `now_ms`, after all facts known then were applied."""
        features = measure(board, history, now_ms)
        self.baseline.make_room(len(board.coins))
        severity = self.judge.judge(features, self.baseline, history)
        changes = self.tracker.step(Figures(board, history, features, severity, self.judge))
        self.baseline.update(features, self.tracker.flushing(board.coins))
        return changes
