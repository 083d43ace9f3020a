import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, Page, Route, expect

from bot.chat.web.server import WebServer
from tests.chat.web.conftest import CHART, Start, button, post, say

pytestmark = [pytest.mark.chromium, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize("language", ["en-GB", "es-ES"])
@pytest.mark.parametrize(
    "width", [320, 1280, *(pytest.param(width, marks=pytest.mark.slow) for width in (390, 768, 1920))]
)
async def test_the_page_itself_never_scrolls(browser: Browser, server: WebServer, width: int, language: str) -> None:
    """From a small phone to a wide screen nothing stands outside the page, and posts alone scroll; both languages."""
    await post(server, "A" * 60, chart=CHART, buttons=(button("one", "/status"), button("two", "/status")))
    await post(server, "check", thread_of="A" * 60, kind="followup")
    context = await browser.new_context(viewport={"width": width, "height": 844}, locale=language)
    page = await context.new_page()
    await page.goto(server.address)
    await say(page, "/funding " + "B" * 80)
    await expect(page.locator(".answer")).to_have_count(1)
    outside = await page.evaluate("""() => [...document.querySelectorAll('body *')]
        .filter((node) => node.checkVisibility() && !node.closest('.unseen, .skip'))
        .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
        .map((node) => node.outerHTML.slice(0, 80))""")
    assert outside == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_texts_have_contrast(browser: Browser, server: WebServer, theme: str) -> None:
    """Every text on the page has a contrast of at least 4.5 to 1 against what lies behind it."""
    await post(server, "alpha", buttons=(button("one", "/status"),))
    await post(server, "check", thread_of="alpha", kind="followup")
    context = await browser.new_context(color_scheme="dark" if theme == "dark" else "light", locale="en-GB")
    page = await context.new_page()
    await page.goto(server.address)
    await say(page, "/status")
    await expect(page.locator(".private")).to_be_visible()
    await page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
    assert await page.evaluate(CONTRAST) == []


CONTRAST = """() => {
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const over = (colours) => {
    paint.clearRect(0, 0, 1, 1);
    for (const colour of colours) { paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1); }
    return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const grounds = (node) => node ? [...grounds(node.parentElement), getComputedStyle(node).backgroundColor] : [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const poor = [];
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    const text = walk.currentNode.data.trim();
    if (!text || !node.checkVisibility() || node.closest(".unseen, .skip, option, button:disabled")) continue;
    const behind = light(over(grounds(node)));
    const front = light(over([...grounds(node), getComputedStyle(node).color]));
    const ratio = (Math.max(behind, front) + .05) / (Math.min(behind, front) + .05);
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${node.className} ${text.slice(0, 30)}`);
  }
  return poor;
}"""


async def test_controls_have_names(page: Page, server: WebServer) -> None:
    """Every control can be named by a screen reader, and the channel can be reached past the header."""
    await post(server, "alpha", chart=CHART, buttons=(button("one", "/status"),))
    await expect(page.locator("article")).to_have_count(1)
    nameless = await page.evaluate("""() => [...document.querySelectorAll('button, input, select, progress, img, a')]
        .filter((node) => node.checkVisibility())
        .filter((node) => !(node.ariaLabel || node.textContent.trim() || node.hasAttribute('alt') || node.title
                            || node.querySelector('img[alt]')))
        .map((node) => node.outerHTML)""")
    assert nameless == []
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()


async def test_nothing_moves_for_those_who_asked(browser: Browser, server: WebServer) -> None:
    """With reduced motion no animation runs on for longer than an instant."""
    context = await browser.new_context(reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(server.address)
    await expect(page.locator("#connection")).to_be_hidden()
    await post(server, "alpha")
    await expect(page.locator("article")).to_have_count(1)
    spans = await page.evaluate("document.getAnimations().map((one) => one.effect.getComputedTiming().duration)")
    assert all(span <= 1 for span in spans)


async def test_on_a_phone_a_summary_has_the_width_of_the_list(browser: Browser, server: WebServer) -> None:
    """What a command answers stands below its name there, not in a column of single words beside it."""
    page = await browser.new_page(viewport={"width": 360, "height": 740})
    await page.goto(server.address)
    await page.fill("#text", "/")
    option = page.locator("#options li").filter(has=page.locator(".summary")).first
    name, summary = await option.locator("code").bounding_box(), await option.locator(".summary").bounding_box()
    assert name is not None
    assert summary is not None
    assert summary["y"] >= name["y"] + name["height"]
    assert summary["x"] == name["x"]


async def test_chart_that_cannot_be_drawn_is_told_in_words(browser: Browser, start: Start) -> None:
    """Where no picture comes, its description stands in its place."""
    server: WebServer = await start()
    await post(server, "alpha", chart=CHART)
    page = await browser.new_page(locale="en-GB")

    async def refuse(route: Route) -> None:
        await route.fulfill(status=503)

    await page.route("**/chart/**", refuse)
    await page.goto(server.address)
    await expect(page.locator(".missing")).to_contain_text("a fall in price")


async def test_page_asks_nobody_else(page: Page, server: WebServer) -> None:
    """Everything the page loads comes from its own server, and no part of it is missing."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.reload()
    await expect(page.locator("#connection")).to_be_hidden()
    assert all(url.startswith(server.address) for url in asked)
    async with ClientSession() as session:
        for url in asked:
            async with session.get(url) as response:
                assert response.status == 200, url
