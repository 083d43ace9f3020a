"""What the application gives to the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.chat.pictures import Pictures
from bot.chat.reception import Reception
from bot.chat.web.player import Shown
from bot.chat.web.views import Posted


@dataclass(frozen=True)
class Backing:
    """Everything behind the page.

    `player` takes wishes where it is a `Player`. `coins` are offered as arguments, most likely first. `load_posts`
    gives what stands in the channel, oldest first. `allow_admin` shows a switch with which any visitor is an admin:
    right for a demo on one's own machine only.
    """

    reception: Reception
    player: Shown
    pictures: Pictures
    coins: Callable[[], list[str]]
    load_posts: Callable[[], Awaitable[list[Posted]]]
    allow_admin: bool
