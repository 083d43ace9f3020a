"""Pictures of chats as an app would show what the fake has got: `python -m tests.chat.telegram.pictures FOLDER`.

The small recording is played to its end. Everything goes the way of a real post or answer; only the look of the app is
made here. Needs Chromium; FLUSHWATCH_CHROMIUM names it where it is not /usr/bin/chromium.
"""

from __future__ import annotations

import asyncio
import base64
import functools
import html
import os
import sys
from pathlib import Path
from typing import Any

import msgspec
from playwright.async_api import async_playwright

from bot.chat.charts import ChartWorker
from bot.message import Post
from bot.store.database import Store
from tests.chat.telegram.house import House
from tests.chat.telegram.messages import played
from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.call import Json
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.chats import Message as Posted

ASKED = {
    "funding": "/funding BTC",
    "levels": "/levels BTC",
    "settings": "/alerts show",
    "setting": "/alerts set smallest_band",
    "start": "/start",
}
STEP = "4h"
WIDTH = 412

STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


def page_of(chat: Chat) -> str:
    """A chat as a page."""
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>" + "".join(map(_bubble, chat.posts))


def _bubble(post: Posted) -> str:
    if not post.by_bot:
        return f'<div class="post mine">{html.escape(post.text)}</div><div class=gap></div>'
    photo = post.content.photo
    image = f'<img src="data:image/png;base64,{base64.b64encode(photo.data).decode()}">' if photo else ""
    words = post.html.replace("<blockquote expandable>", '<blockquote class="long">')
    for gap in ("\n\n", "\n"):  # a quote is a block of its own and makes room for itself
        words = words.replace(f"{gap}<blockquote", "<blockquote").replace(f"</blockquote>{gap}", "</blockquote>")
    width = ' style="width:388px"' if post.buttons or photo else ""
    bubble = f"<div class=post{width}>{_reply(post)}{image}<div class=words>{words}</div></div>"
    rows = "".join(map(_keys, post.buttons or (post.content.markup or {}).get("keyboard", [])))
    return f"<div class=name>Flushwatch</div>{bubble}{rows}<div class=gap></div>"


def _keys(row: list[Json]) -> str:
    return "<div class=keys>" + "".join(f"<span>{html.escape(key['text'])}</span>" for key in row) + "</div>"


def _reply(post: Posted) -> str:
    replied = post.chat.messages.get(post.reply_to or 0)
    if replied is None:
        return ""
    name = "Flushwatch" if replied.by_bot else "Ana"
    return f"<div class=reply><b>{name}</b><div>{html.escape(replied.text)}</div></div>"


async def scenes(house: House, posts: dict[str, Post]) -> dict[str, Chat]:
    """Chats in which something was posted or asked."""
    world = house.fake.world
    ana = world.user("Ana")
    made: dict[str, Chat] = {}
    for name in ("card", "followup", *ASKED):
        made[name] = world.supergroup(name, owner=ana) if name != "start" else world.private(ana)
    card_id = next(name for name in posts if name.endswith("/card"))
    for name, language in (("card", "en"), ("followup", "es")):
        at_home: Any = functools.partial(
            msgspec.structs.replace, channel=f"telegram:{made[name].id}", language=language
        )
        number = await house.send(at_home(posts[card_id]))
        if name == "followup":
            await house.send(at_home(posts[card_id.replace("card", STEP)], reply_to=number))
    for name, line in ASKED.items():
        house.fake.say(made[name], ana, line.replace(" ", "@flushwatch_test_bot ", 1))
        await house.told(made[name])
    return made


async def main(folder: Path) -> None:
    """Write one PNG for each scene into `folder`, which exists."""
    store = await Store.open(":memory:")
    charts = ChartWorker()
    await charts.start()
    try:
        engine, source, posts = await played(store, STEP)
        async with TelegramFake() as fake:
            house = House(fake, store, engine.view, drawing=charts, now_ms=engine.now_ms, origin=source.origin)
            async with house.open():
                chats = await scenes(house, posts)
            await _show(chats, folder)
    finally:
        await charts.stop()
        await store.close()


async def _show(chats: dict[str, Chat], folder: Path) -> None:
    path = os.environ.get("FLUSHWATCH_CHROMIUM", "/usr/bin/chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": WIDTH, "height": 400}, device_scale_factor=2)
        for name, chat in chats.items():
            await page.set_content(page_of(chat))
            await page.screenshot(path=folder / f"telegram-{name}.png", full_page=True)
        await browser.close()


if __name__ == "__main__":
    chosen = Path(sys.argv[1])
    chosen.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(chosen))
