import re

import pytest
from playwright.async_api import Browser, Page, expect

from bot.chat.web.server import WebServer
from bot.chat.web.transport import Posted
from tests.chat.web.conftest import (
    CHART,
    NOW_MS,
    Desk,
    LiveMarket,
    Start,
    TapePlayer,
    at_once,
    button,
    card,
    place_of,
    post,
    posted,
    say,
)

pytestmark = [pytest.mark.chromium, pytest.mark.asyncio(loop_scope="module")]

LAUGH = "<img src=x onerror=alert(1)>"


async def test_post_arrives_live_with_its_mark(page: Page, server: WebServer) -> None:
    """A card appears while the page is open, with push line, coloured bar and the mark of a simulation."""
    await expect(page.locator("#empty")).to_be_visible()
    await post(server, "alpha")
    article = page.locator(place_of("alpha"))
    await expect(article.locator(".headline")).to_contain_text("noted as alpha")
    await expect(article.locator(".push")).to_contain_text("push alpha")
    await expect(article.locator(".origin")).to_have_text("simulated")
    await expect(article.locator(".card")).to_have_class(re.compile("band-flush"))
    await expect(page.locator("#mark")).to_have_text("simulated")
    await expect(page.locator("#empty")).to_be_hidden()
    await expect(page.locator("#announcer")).to_contain_text("push alpha")


async def test_muted_rows_fold(page: Page, server: WebServer) -> None:
    """What stands behind the figures is folded away, and one click shows it, also after an edit."""
    await post(server, "alpha")
    article = page.locator(place_of("alpha"))
    await expect(article.get_by_text("noted as gap")).to_be_hidden()
    await article.locator(".more summary").click()
    await expect(article.get_by_text("noted as gap")).to_be_visible()
    await server.transport.edit(posted("alpha", card("beta"), 2), "alpha", at_once)
    await expect(article.locator(".headline")).to_contain_text("beta")
    await expect(article.get_by_text("noted as gap")).to_be_visible()


async def test_edit_replaces_card_and_chart_in_place(page: Page, server: WebServer) -> None:
    """An edit changes the card where it stands, keeps its thread, marks it, and draws the chart anew."""
    await post(server, "alpha", chart=CHART)
    await post(server, "omega")
    await post(server, "check", thread_of="alpha", kind="followup")
    article = page.locator(place_of("alpha"))
    await expect(article.locator("img[alt*='a fall in price']")).to_be_visible()
    first = await article.locator(".card img").first.get_attribute("src")
    await server.transport.edit(posted("alpha", card("ended", chart=CHART), 2), "alpha", at_once)
    await expect(article.locator(".headline").first).to_contain_text("noted as ended")
    await expect(article.locator(".edited").first).to_be_visible()
    await expect(article.locator(".thread .check")).to_have_count(1)
    await expect(page.locator("article")).to_have_count(2)
    await expect(page.locator("article").first).to_have_attribute("data-id", "alpha")
    assert await article.locator(".card img").first.get_attribute("src") != first


async def test_follow_ups_stand_in_the_thread_under_their_card(page: Page, server: WebServer) -> None:
    """Follow-ups are counted in a thread that folds; the newest is open, older ones are one line."""
    await post(server, "alpha")
    for name in ("first", "second"):
        await post(server, name, thread_of="alpha", kind="followup")
    thread = page.locator(f"{place_of('alpha')} .thread")
    await expect(thread.locator(".count")).to_have_text("2")
    await expect(thread.locator(f"{place_of('first')} .card")).to_be_hidden()
    await expect(thread.locator(f"{place_of('second')} .card")).to_be_visible()
    await thread.locator("summary").first.click()
    await expect(thread.locator(place_of("second"))).to_be_hidden()


async def test_what_comes_on_another_day_has_its_date(page: Page, server: WebServer) -> None:
    """A follow-up and an edit of three days later say so; those of the day on which the card was posted need not."""
    later_ms = NOW_MS + 3 * 86_400_000
    clock, moment = (
        re.compile(f"^[(]?{begin}[0-9]{{2}}:[0-9]{{2}}[)]?$")
        for begin in ("(edited )?", "(edited )?[0-9]{1,2} [A-Z][a-z]{2}, ")
    )
    await post(server, "alpha")
    await post(server, "first", thread_of="alpha", kind="followup")
    await server.transport.edit(posted("alpha", card("beta"), 2), "alpha", at_once)
    byline = page.locator(f"{place_of('alpha')} > .message > .byline")
    await expect(byline.locator(".edited")).to_have_text(clock)
    await expect(page.locator(f"{place_of('first')} time")).to_have_text(clock)
    last = posted("last", card("last", kind="followup"), thread_of="alpha", at_ms=later_ms)
    await server.transport.send(last, at_once)
    await server.transport.edit(posted("alpha", card("gamma"), 3, at_ms=later_ms), "alpha", at_once)
    await expect(byline.locator(".edited")).to_have_text(moment)
    await expect(byline.locator("time")).to_have_text(clock)
    await expect(page.locator(f"{place_of('last')} time")).to_have_text(moment)


async def test_button_runs_its_command(page: Page, server: WebServer, desk: Desk) -> None:
    """A button says its command as if the visitor had typed it."""
    await post(server, "alpha", buttons=(button("more", "/funding SOL"),))
    await page.get_by_role("button", name="noted as more").click()
    await expect(page.locator(".answer .asked code")).to_have_text("/funding SOL")
    await expect(page.locator(".answer .headline")).to_contain_text("funding of SOL")
    assert [line for line, _ in desk.callers] == ["funding SOL"]


async def test_completion_by_keyboard(page: Page, desk: Desk) -> None:
    """A slash offers commands, an arrow and Enter take one, then its coins are offered, and Enter sends."""
    box = page.get_by_role("combobox", name="Command")
    await box.press_sequentially("/")
    await expect(page.locator("#options").get_by_role("option")).to_have_count(3)
    await box.press_sequentially("fu")
    await box.press("ArrowDown")
    await expect(page.locator("#option-0")).to_have_attribute("aria-selected", "true")
    await expect(box).to_have_attribute("aria-activedescendant", "option-0")
    await box.press("Enter")
    await expect(box).to_have_value("/funding ")
    await expect(page.locator("#options").get_by_role("option")).to_have_text(
        ["/funding BTC", "/funding ETH", "/funding SOL"]
    )
    for key in ("ArrowUp", "ArrowUp", "Tab"):
        await box.press(key)
    await expect(box).to_have_value("/funding ETH")
    await expect(box).to_have_attribute("aria-expanded", "false")
    await box.press("Enter")
    await expect(page.locator(".answer .headline")).to_contain_text("funding of ETH")
    await expect(box).to_have_value("")
    await box.press("ArrowUp")
    await expect(box).to_have_value("/funding ETH")
    assert [line for line, _ in desk.callers] == ["funding ETH"]


async def test_completion_by_touch(browser: Browser, server: WebServer) -> None:
    """A tap takes an offered line and leaves the box ready for more."""
    context = await browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    page = await context.new_page()
    await page.goto(server.address)
    await page.tap("#text")
    await page.locator("#text").press_sequentially("/f")
    await page.locator("#option-0").tap()
    await expect(page.locator("#text")).to_have_value("/funding ")
    await expect(page.locator("#text")).to_be_focused()


async def test_role_switch_reaches_the_caller(page: Page, desk: Desk) -> None:
    """As a member an admin command is refused; after the switch it runs with the caller an admin."""
    switch = page.get_by_role("switch")
    await expect(switch).to_contain_text("member")
    await say(page, "/alerts set")
    await expect(page.locator(".answer .kind-refusal")).to_have_count(1)
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "true")
    await say(page, "/alerts set")
    await expect(page.locator(".answer .kind-answer")).to_have_count(1)
    assert [caller.admin for _, caller in desk.callers] == [True]


async def test_no_role_switch_where_it_is_forbidden(browser: Browser, start: Start) -> None:
    """A server without the demo feature shows no switch."""
    page = await browser.new_page()
    await page.goto((await start(allow_admin=False)).address)
    await expect(page.locator("#connection")).to_be_hidden()
    await expect(page.locator("#role")).to_be_hidden()


async def test_language_switch_says_everything_again(page: Page, server: WebServer, desk: Desk) -> None:
    """Posts, replies, marks and controls change language at once; commands are then asked in it; a reload keeps it."""
    await post(server, "alpha")
    await say(page, "/status")
    await expect(page.locator(".private")).to_have_text("Only you can see this")
    await page.select_option("#language", "es")
    await expect(page.locator(f"{place_of('alpha')} .headline")).to_contain_text("anotado como alpha")
    await expect(page.locator(".private")).to_have_text("Solo tú puedes ver esto")
    await expect(page.locator("#mark")).to_have_text("simulado")
    await expect(page.locator("html")).to_have_attribute("lang", "es")
    await say(page, "/funding")
    await expect(page.locator(".answer .kind-answer")).to_have_count(2)
    await expect(page.locator(".answer .headline").last).to_contain_text("anotado como")
    assert desk.callers[-1][1].language == "es"
    await page.reload()
    await expect(page.locator("#mark")).to_have_text("simulado")


async def test_reload_shows_old_posts(page: Page, server: WebServer, standing: list[Posted]) -> None:
    """A reload brings back posts and public replies in their order, and not what was private."""
    await post(server, "alpha")
    await post(server, "check", thread_of="alpha", kind="followup")
    await say(page, "/funding")
    await say(page, "/status")
    await expect(page.locator(".private")).to_be_visible()
    await page.reload()
    await expect(page.locator("article")).to_have_count(2)
    await expect(page.locator("article").first).to_have_attribute("data-id", "alpha")
    await expect(page.locator(".thread .check")).to_have_count(1)
    await expect(page.locator(".private")).to_have_count(0)


async def test_text_from_outside_stays_text(page: Page, server: WebServer) -> None:
    """Markup in a name or a command is shown as it was typed and never becomes an element."""
    await post(server, LAUGH)
    await say(page, f"/funding {LAUGH}")
    await expect(page.locator("article")).to_have_count(2)
    await expect(page.locator(".headline").first).to_contain_text(LAUGH)
    await expect(page.locator("#posts img[src='x']")).to_have_count(0)


async def test_reader_elsewhere_is_not_moved(page: Page, server: WebServer) -> None:
    """Who reads old posts stays there and gets a pill that leads to the new one; who is at the end moves along."""
    for number in range(12):
        await post(server, f"old-{number}")
    await expect(page.locator(place_of("old-11"))).to_be_in_viewport()
    await page.evaluate("document.getElementById('feed').scrollTo({ top: 0, behavior: 'instant' })")
    await expect(page.locator(place_of("old-0"))).to_be_in_viewport()
    await post(server, "new")
    await expect(page.locator("#pill")).to_contain_text("New posts")
    assert await page.evaluate("document.getElementById('feed').scrollTop") == 0
    await page.click("#pill")
    await expect(page.locator(place_of("new"))).to_be_in_viewport()
    await expect(page.locator("#pill")).to_be_hidden()


async def test_the_pill_hides_no_post(page: Page, server: WebServer) -> None:
    """A follow-up far above is announced below the newest post, to whose end the reader is still led."""
    for number in range(12):
        await post(server, f"old-{number}")
    await expect(page.locator(place_of("old-11"))).to_be_in_viewport()
    await post(server, "check", thread_of="old-0", kind="followup")
    await expect(page.locator("#pill")).to_contain_text("New follow-up ↑")
    await expect(page.locator(place_of("old-11"))).to_be_in_viewport(ratio=1)
    await page.wait_for_function(  # once the page has come to rest
        """newest => document.querySelector(newest).getBoundingClientRect().bottom
        <= document.querySelector("#pill").getBoundingClientRect().top""",
        arg=place_of("old-11"),
    )


async def test_lost_socket_is_said_and_comes_back(page: Page, server: WebServer) -> None:
    """While the socket is away the page says so and keeps a typed command; then it shows what it missed."""
    await post(server, "alpha")
    await expect(page.locator(place_of("alpha"))).to_be_visible()
    block = await _cut(page, server)
    await expect(page.locator("#connection")).to_contain_text("Reconnecting")
    await say(page, "/funding")
    await expect(page.locator("#text")).to_have_value("/funding")
    await post(server, "beta")
    block.clear()
    await expect(page.locator("#connection")).to_be_hidden(timeout=20_000)
    await expect(page.locator(place_of("beta"))).to_be_visible()
    await expect(page.locator("article")).to_have_count(2)


async def _cut(page: Page, server: WebServer) -> list[bool]:
    """Cut the page's socket from the server's side and refuse new ones while the list is not empty."""
    block = [True]
    await page.route_web_socket("**/live", lambda route: route.close() if block else route.connect_to_server())
    for listener in list(server._room._listeners):
        listener.drop()
    return block


async def test_player_controls(page: Page, player: TapePlayer) -> None:
    """Play, speed, jump and replay reach the player, and the clock follows the stream."""
    await expect(page.locator("#clock")).to_contain_text("23:40")
    await page.get_by_role("button", name="Play", exact=True).click()
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    await page.get_by_role("button", name="max").click()
    await expect(page.get_by_role("button", name="max")).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("button", name="Next event").click()
    await expect(page.locator("#clock")).to_contain_text("23:41")
    await page.get_by_role("button", name="Replay").click()
    await expect(page.locator("#clock")).to_contain_text("23:40")
    assert (player.paused, player.speed, player.restarts) == (False, None, 1)


async def test_replay_empties_the_channel(page: Page, server: WebServer) -> None:
    """After a restart the page is as if newly opened."""
    await post(server, "alpha")
    await say(page, "/status")
    await expect(page.locator("article")).to_have_count(2)
    await page.get_by_role("button", name="Replay").click()
    await expect(page.locator("article")).to_have_count(0)
    await expect(page.locator("#empty")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
async def test_a_live_market_has_a_clock_and_no_controls(browser: Browser, start: Start, width: int) -> None:
    """The page of the live market shows the present in UTC, that it is live, and what is due; nothing to play with."""
    market = LiveMarket()
    server = await start(player=market)
    page = await browser.new_page(locale="en-GB", viewport={"width": width, "height": 844})
    await page.goto(server.address)
    await expect(page.locator("#clock")).to_contain_text("23:40UTC")
    await expect(page.locator("#live")).to_have_text("live")
    await expect(page.locator("#due")).to_have_text("18 Jan, 23:55 UTC")
    for part in ("#stream", "#controls", "#track", "#mark"):
        await expect(page.locator(part)).to_be_hidden()
    for name in ("Pause", "Next event", "Replay", "30×"):
        await expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    await expect(page.locator("#empty-hint")).to_have_text("You can ask at any time:")
    market.now_ms += 60_000
    await expect(page.locator("#clock")).to_contain_text("23:41")
    await page.select_option("#language", "es")
    await expect(page.locator("#live")).to_have_text("en vivo")
    await expect(page.locator("#empty-hint")).to_have_text("Puedes preguntar en cualquier momento:")
    await page.close()
