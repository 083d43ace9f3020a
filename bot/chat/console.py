"""The terminal as a chat: posts are printed as panels, edits of a card as one line."""

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from bot.chat.wording import Wording
from bot.message import Message, Post, Turn

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
    repeatable_for_ms = 0

    def __init__(self, console: Console, wording: Wording) -> None:
        self._console = console
        self._wording = wording
        self._headlines: dict[str, str] = {}

    async def send(self, post: Post, turn: Turn) -> str:
        """Print a post; a follow-up is set in under its card."""
        await turn()
        shown = panel(post.message, self._wording)
        self._headlines[post.message_id] = self._wording.words(post.message).headline
        below = post.thread_of
        self._console.print(shown if below is None else Panel(shown, border_style="bright_black", title=below))
        return post.message_id

    async def edit(self, post: Post, platform_id: str, turn: Turn) -> None:
        """Say in one line what a card says now, when its headline has changed."""
        await turn()
        headline = self._wording.words(post.message).headline
        if self._headlines.get(platform_id) == headline:
            return
        self._headlines[platform_id] = headline
        text = Text(f"  {platform_id} r{post.revision}: {headline}", style="dim")
        self._console.print(text, overflow="ellipsis", no_wrap=True)


class SilentTransport:
    """Takes everything and shows nothing: for runs in which only the rows matter."""

    repeatable_for_ms = 365 * 86_400_000
    """What is not shown is never shown twice."""

    def __init__(self, platform: str = "none") -> None:
        self.platform = platform

    async def send(self, post: Post, turn: Turn) -> str:
        """Nothing to show; the message's own id serves."""
        await turn()
        return post.message_id

    async def edit(self, post: Post, platform_id: str, turn: Turn) -> None:  # noqa: ARG002 -- nothing is shown
        """Nothing to show."""
        await turn()
