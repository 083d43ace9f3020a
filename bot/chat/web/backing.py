"""What the application gives to the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.chat.web.pictures import Drawing
from bot.chat.web.player import Player
from bot.chat.web.views import Posted
from bot.command import Catalogue


@dataclass(frozen=True)
class Backing:
    """Everything behind the page.

    `coins` are offered as arguments, most likely first. `load_posts` gives what stands in the channel, oldest first.
    `allow_admin` shows a switch with which any visitor is an admin: right for a demo on one's own machine only.
    """

    catalogue: Catalogue
    player: Player
    drawing: Drawing
    coins: Callable[[], list[str]]
    load_posts: Callable[[], Awaitable[list[Posted]]]
    allow_admin: bool
