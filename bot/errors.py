"""Every exception Flushwatch raises on purpose, in one tree.

FlushwatchError
├── UserError        a person asked for something that cannot be done; told to them, in their language
├── RecordingError   a recording cannot be read at one place; the command line prints it and exits with 2
├── RecorderError    a recording cannot be written: its folder, its disk, or another process is in the way
├── VenueError       an exchange said something that cannot be read
│   └── VenueDown    it says nothing for now, or refuses this place of the world
├── ConfigError      a setting of the environment is wrong; start-up ends with one sentence
├── StoreError       the database cannot be used as it is
├── ChartError       a chart could not be drawn; the message goes out without it
├── ChatError        a platform cannot be used as it is: a token it refuses, an address it does not answer at
└── DeliveryError    a chat did not take a message
    ├── TemporaryDeliveryError   worth another try, after `retry_after_s` where the chat said so
    ├── UnknownOutcomeError      the answer was lost: it may have arrived
    ├── ChannelMovedError        the chat has a new id
    └── PermanentDeliveryError   no further try will help
        ├── MessageGoneError     the message to be edited was deleted
        └── ChannelLostError     nothing can reach this channel until somebody changes that
"""

from pathlib import Path
from typing import Literal


class FlushwatchError(Exception):
    """Root of all exceptions raised on purpose."""


class UserError(FlushwatchError):
    """A request that cannot be carried out; `key` names its sentence in `locales/*/errors.ftl`.

    `values` are the typed values of `bot.message` that the sentence needs, so that numbers and names are
    written in the reader's language. Never put text that a person typed into `key`.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class RecordingError(FlushwatchError):
    """A recording is wrong at one place; `str()` gives `file:line: what is wrong`."""

    def __init__(self, path: Path, line: int, what: str) -> None:
        super().__init__(f"{path}:{line}: {what}")
        self.path = path
        self.line = line
        self.what = what


class RecorderError(FlushwatchError):
    """A recording cannot be written; `str()` says where and why."""


class VenueError(FlushwatchError):
    """A body or frame of an exchange cannot be read as a whole; `str()` says which and why."""


class VenueDown(VenueError):  # noqa: N818 -- a state of the exchange that callers wait for, no fault of the program
    """An exchange does not answer, or asks to be left alone; worth another try after `retry_after_s`.

    `state` is that of its feeds meanwhile: "stale", or "blocked" where it refuses this place of the world.
    """

    def __init__(self, why: str, state: Literal["stale", "blocked"], retry_after_s: float) -> None:
        super().__init__(why)
        self.state = state
        self.retry_after_s = retry_after_s


class ConfigError(FlushwatchError):
    """A value in the environment or on the command line is missing or wrong."""


class StoreError(FlushwatchError):
    """The database is newer than this program, is not one of ours, or cannot be written."""


class ChartError(FlushwatchError):
    """The chart worker could not draw what was asked."""


class ChatError(FlushwatchError):
    """A platform cannot be used as it is; `str()` says what to do and never holds a token."""


class DeliveryError(FlushwatchError):
    """A chat did not take a message."""


class TemporaryDeliveryError(DeliveryError):
    """Certainly not delivered, and worth another try; `retry_after_s` is the chat's own wish, None when it gave none.

    `everywhere` is true when the platform refuses us as a whole, so that no other chat should be tried either.
    """

    def __init__(self, reason: str, retry_after_s: float | None = None, *, everywhere: bool = False) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s
        self.everywhere = everywhere


class UnknownOutcomeError(DeliveryError):
    """The answer was lost: the chat may have taken the message or not."""


class PermanentDeliveryError(DeliveryError):
    """No further try will help this message."""


class MessageGoneError(PermanentDeliveryError):
    """The message to be edited is no longer there: somebody deleted it."""


class ChannelLostError(PermanentDeliveryError):
    """No message can reach this channel until somebody changes that.

    `reason` is a word of `locales/*/commands.ftl` under "suspended-": "rights", "gone", "removed", "blocked".
    """

    def __init__(self, reason: str, told: str) -> None:
        super().__init__(told)
        self.reason = reason


class ChannelMovedError(DeliveryError):
    """The chat has a new id (a Telegram group that became a supergroup); `channel` is its id in the store now."""

    def __init__(self, channel: str) -> None:
        super().__init__(f"moved to {channel}")
        self.channel = channel
