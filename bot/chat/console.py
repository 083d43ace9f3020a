"""The terminal as a chat: posts are printed as panels, edits of a card as one line."""

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from bot.chat.wording import Wording
from bot.message import Message

COLOURS = {"watch": "bright_black", "flush": "yellow", "severe": "dark_orange", "extreme": "red"}


def panel(message: Message, wording: Wording) -> Panel:
    """A message as a panel: headline, rows, and the mark of its origin below."""
    words = wording.words(message)
    rows = [Text(row.text, style="dim" if row.tone == "muted" else "") for row in words.rows]
    headline = Text(words.headline, style="bold")
    return Panel(
        Group(headline, *rows),
        border_style=COLOURS.get(message.band or "", "blue"),
        subtitle=None if words.origin is None else Text(words.origin),
        subtitle_align="left",
    )


class ConsoleTransport:
    """Prints what a channel would show."""

    platform = "console"

    def __init__(self, console: Console, wording: Wording) -> None:
        self._console = console
        self._wording = wording
        self._headlines: dict[str, str] = {}

    async def send(
        self,
        channel: str,  # noqa: ARG002 -- one terminal is one channel
        message_id: str,
        revision: int,  # noqa: ARG002 -- a print is never replaced
        message: Message,
        *,
        thread_of: str | None,
        silent: bool,  # noqa: ARG002 -- a terminal makes no sound
        now_ms: int,  # noqa: ARG002 -- the message says its own time
    ) -> str:
        """Print a post; a follow-up is set in under its card."""
        shown = panel(message, self._wording)
        self._headlines[message_id] = self._wording.words(message).headline
        self._console.print(shown if thread_of is None else Panel(shown, border_style="bright_black", title=thread_of))
        return message_id

    async def edit(
        self,
        channel: str,  # noqa: ARG002 -- as above
        platform_id: str,  # noqa: ARG002 -- as above
        message_id: str,
        revision: int,
        message: Message,
        *,
        now_ms: int,  # noqa: ARG002 -- as above
    ) -> None:
        """Say in one line what a card says now, when its headline has changed."""
        headline = self._wording.words(message).headline
        if self._headlines.get(message_id) == headline:
            return
        self._headlines[message_id] = headline
        self._console.print(
            Text(f"  {message_id} r{revision}: {headline}", style="dim"), overflow="ellipsis", no_wrap=True
        )


class SilentTransport:
    """Takes everything and shows nothing: for runs in which only the rows matter."""

    platform = "none"

    async def send(
        self,
        channel: str,  # noqa: ARG002 -- nothing is shown
        message_id: str,
        revision: int,  # noqa: ARG002 -- as above
        message: Message,  # noqa: ARG002 -- as above
        *,
        thread_of: str | None,  # noqa: ARG002 -- as above
        silent: bool,  # noqa: ARG002 -- as above
        now_ms: int,  # noqa: ARG002 -- as above
    ) -> str:
        """Nothing to show; the message's own id serves."""
        return message_id

    async def edit(
        self,
        channel: str,
        platform_id: str,
        message_id: str,
        revision: int,
        message: Message,
        *,
        now_ms: int,
    ) -> None:
        """Nothing to show."""
