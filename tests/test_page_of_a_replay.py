"""A stranger's minute: the page of a real replay, in a real browser, across a kill and a restart."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SMALL = ROOT / "tests" / "data" / "small.jsonl.gz"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE_MS = 60_000

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(240)]


@contextmanager
def served(database: Path, port: int) -> Iterator[str]:
    """`flushwatch replay … --to web` as an operator starts it; killed at the end, as a crash would."""
    command = [sys.executable, "-m", "bot", "replay", str(SMALL), "--to", "web", "--database", str(database)]
    environment = os.environ | {"FLUSHWATCH_WEB_PORT": str(port), "FLUSHWATCH_DATA_DIRECTORY": str(database.parent)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            address = re.search(r"http://\S+", line)
            assert address is not None, line
            yield address[0]
        finally:
            process.send_signal(signal.SIGKILL)


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def page() -> Iterator[Page]:
    """A new browser page."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing, and CI has to run these tests")
        pytest.skip("Chromium not found")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page(viewport={"width": 1280, "height": 900})
        browser.close()


def say(page: Page, text: str) -> None:
    """Type a command and send it."""
    page.fill("#text", text)
    page.press("#text", "Escape")
    page.press("#text", "Enter")


def test_a_stranger_watches_asks_and_tunes_and_a_restart_changes_nothing(page: Page, tmp_path: Path) -> None:
    """The alert arrives, is edited, commands answer, a member is refused, an admin is heard, also after a kill."""
    expect.set_options(timeout=PATIENCE_MS)
    database, port = tmp_path / "page.db", free_port()
    with served(database, port) as address:
        page.goto(address)
        card = page.locator("article").filter(has_text="long flush").first
        expect(card.locator(".headline").first).to_contain_text("ended")
        expect(card.locator(".edited").first).to_be_visible()
        expect(card.locator(".origin").first).to_have_text("simulated")
        expect(page.get_by_text(re.compile(r"^\+24.h: ")).first).to_be_visible()
        say(page, "/funding BTC")
        expect(page.get_by_text("BTC funding").first).to_be_visible()
        say(page, "/alerts set smallest_band severe")
        expect(page.get_by_text("Only people who can manage this channel").first).to_be_visible()
        page.click("#role")
        expect(page.locator("#role")).to_have_attribute("aria-checked", "true")
        say(page, "/alerts set smallest_band severe")
        expect(page.get_by_text(re.compile("smallest_band.*SEVERE|SEVERE.*smallest_band|severe")).last).to_be_visible()
        cards = page.locator("article").filter(has_text="long flush").count()
    with served(database, port) as address:
        page.goto(address)
        card = page.locator("article").filter(has_text="long flush").first
        expect(card).to_be_visible()
        assert page.locator("article").filter(has_text="long flush").count() == cards
        card.get_by_role("button", name="Why").first.click()
        expect(page.get_by_text("100·(1 − Π(1 − a·c))").first).to_be_visible()
        say(page, "/alerts show")
        expect(page.get_by_text("severe").last).to_be_visible()
