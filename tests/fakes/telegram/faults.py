"""What can go wrong between the bot and Telegram, by switch and while running."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.telegram.call import ApiError, Call

SENDS = {"sendMessage", "sendPhoto"}
EDITS = {"editMessageText", "editMessageCaption", "editMessageMedia"}


@dataclass
class _Failure:
    status: int
    times: int
    method: str | None


@dataclass
class Faults:
    """`lose_every=3` stores every third message but drops the connection instead of answering; None never does.

    `revoked` refuses the token. `delay_s` holds back the answers of a method, which are made before.
    """

    lose_every: int | None = None
    revoked: bool = False
    delay_s: dict[str, float] = field(default_factory=dict)
    _sent: int = 0
    _hanging: int = 0
    _garbled: bytes | None = None
    _failures: list[_Failure] = field(default_factory=list)

    def fail_next(self, status: int, times: int = 1, *, method: str | None = None) -> None:
        """Refuse the next requests with a bare status, before they do anything; polls only when named."""
        self._failures.append(_Failure(status, times, method))

    def cancel(self, method: str) -> None:
        """Refuse no more requests of a method."""
        self._failures = [failure for failure in self._failures if failure.method != method]

    def hang_next(self, times: int = 1) -> None:
        """Store the next messages and never answer."""
        self._hanging += times

    def garble_next(self, body: bytes) -> None:
        """Store or edit the next message, and answer with status 200 and these bytes."""
        self._garbled = body

    def garbled(self, call: Call) -> bytes | None:
        """The bytes to answer with; None for an answer as it should be."""
        if call.method not in SENDS | EDITS:
            return None
        body, self._garbled = self._garbled, None
        return body

    def check(self, call: Call) -> None:
        """Raise the `ApiError` that was ordered for this request, if one was."""
        if self.revoked:
            raise ApiError(401, "")
        for failure in self._failures:
            if failure.method == call.method or (failure.method is None and call.method != "getUpdates"):
                failure.times -= 1
                if not failure.times:
                    self._failures.remove(failure)
                raise ApiError(failure.status, "")

    def hangs(self, call: Call) -> bool:
        """Whether this message, which was stored, is never answered."""
        if call.method not in SENDS or not self._hanging:
            return False
        self._hanging -= 1
        return True

    def loses(self, call: Call) -> bool:
        """Whether the answer to this message, which was stored, is lost."""
        if call.method not in SENDS:
            return False
        self._sent += 1
        return self.lose_every is not None and self._sent % self.lose_every == 0
