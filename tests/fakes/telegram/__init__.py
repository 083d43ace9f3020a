"""A wire fake of the Telegram Bot API; start at `fake.py`."""

from __future__ import annotations

from tests.fakes.telegram.fake import TOKEN, TelegramFake
from tests.fakes.telegram.menus import menu_for

__all__ = ["TOKEN", "TelegramFake", "menu_for"]
