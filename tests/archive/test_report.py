"""`flushwatch report`: one flush as one document, in both forms and languages, that trusts no name."""

from __future__ import annotations

import asyncio
import base64
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.alerts.outbox import CARD
from bot.archive.kept import Kept, load_kept
from bot.archive.markdown import plain
from bot.chat.wording import LANGUAGES, Wording, clean_name
from bot.message import decode
from bot.store.database import opened
from bot.store.inspection import read_database
from tests.archive.flushed import flush, kept, live
from tests.last_day import write_last_day
from tests.typed import Typed, typed

ROOT = Path(__file__).resolve().parents[2]
ID = "2026-03-05-DOGE-1"
IN_TURN = ("en", *(pytest.param(other, marks=pytest.mark.slow) for other in LANGUAGES if other != "en"))
ALONE = {"meta", "img", "source"}
MAY_STAND = ALONE | {
    *("html", "head", "title", "style", "body", "main", "header", "h1", "h2", "p", "section", "picture", "footer"),
}
MAY_BE_SET = {*("lang", "charset", "http-equiv", "content", "name", "class", "style", "src", "srcset", "alt", "media")}
HOSTILE = "<img src=x onerror=alert(1)>\"&'</p><script>*_`[x](http://e.example)`_* <!-- www.e.example @all #1 $x$ ~~y~~"


class Page(HTMLParser):
    """What a browser would make of a page: its elements with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.ended: list[str] = []
        self.said: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.ended.append(tag)

    def handle_data(self, data: str) -> None:
        self.said.append(data)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The end of the small recording, played through the whole bot."""
    folder = tmp_path_factory.mktemp("small")
    assert typed(folder, "replay", str(write_last_day(folder)), "--to", "none", "--database", "small.db").code == 0
    return folder / "small.db"


def reported(database: Path, form: str, language: str = "en", id_: str = ID) -> Typed:
    """The command as it is typed."""
    options = ("--to", form, "--language", language, "--database", str(database))
    return typed(database.parent, "report", id_, *options)


def said_by(database: Path, language: str) -> tuple[Kept, list[str]]:
    """What was posted of the flush, line by line."""
    found = read_database(database, lambda db: load_kept(db, ID))
    wording = Wording(language, strict=True)
    spoken = [wording.words(decode(row.body)) for row in found.messages.values()]
    return found, [line for words in spoken for line in (words.headline, *(row.text for row in words.rows))]


@pytest.mark.parametrize("language", IN_TURN)
def test_markdown_says_every_line_that_was_posted(small: Path, language: str) -> None:
    """Read by a Markdown parser, every headline and row of the card and the follow-ups stands there, word for word."""
    found, lines = said_by(small, language)
    assert set(found.messages) >= {CARD, "15m", "1h", "4h", "24h"}
    ended = reported(small, "md", language)
    assert (ended.code, ended.err) == (0, "")
    tokens = [token for token in MarkdownIt("commonmark").parse(ended.out) if token.type == "inline"]
    spoken = ["".join(child.content for child in token.children or ()) for token in tokens]
    assert [line for line in lines if line not in spoken] == []
    verdicts = [row for row in found.reports if row.step in {"4h", "24h"}]
    rules = {"en": "Rules: ", "es": "Reglas: "}[language]
    assert len([line for line in spoken if line.startswith(rules)]) == len(verdicts) == 2


@pytest.mark.parametrize("language", IN_TURN)
def test_html_says_every_line_and_asks_for_nothing(small: Path, language: str) -> None:
    """The same lines as text; no element but ours, no address but pictures in it, and a policy against more."""
    found, lines = said_by(small, language)
    ended = reported(small, "html", language)
    assert (ended.code, ended.err) == (0, "")
    page = Page(ended.out)
    assert [line for line in lines if line not in page.said] == []
    assert {tag for tag, _ in page.elements} <= MAY_STAND
    assert sorted(page.ended) == sorted(tag for tag, _ in page.elements if tag not in ALONE)
    assert ("html", {"lang": language}) in page.elements
    named = {name for _, attributes in page.elements for name in attributes}
    assert named <= {
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "class",
        "style",
        "src",
        "srcset",
        "alt",
        "media",
    }
    (style,) = [text for text in page.said if "prefers-color-scheme: light" in text]
    assert not re.search(r"url|@import|//", style)
    (policy,) = [a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert (policy or "").startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    charts = [row for row in found.messages.values() if decode(row.body).chart is not None]
    pictures = [a.get("src") or a.get("srcset") or "" for tag, a in page.elements if tag in {"img", "source"}]
    assert len(pictures) == 2 * len(charts) > 0
    for picture in pictures:
        head, _, body = picture.partition(",")
        assert head == "data:image/png;base64"
        assert base64.b64decode(body, validate=True).startswith(b"\x89PNG")


@pytest.mark.parametrize("language", IN_TURN)
def test_a_name_with_markup_stays_a_name(tmp_path: Path, language: str) -> None:
    """A coin that is called like a script is text in a page, and text in Markdown; no channel is named at all."""
    database = tmp_path / "a.db"
    asyncio.run(kept(database, flush(), name=HOSTILE))
    found = read_database(database, lambda db: load_kept(db, flush().id))
    assert found.card is not None
    headline = Wording(language, strict=True).text(decode(found.card.body).headline)
    assert clean_name(HOSTILE) in headline
    html = reported(database, "html", language, flush().id).out
    page = Page(html)
    assert headline in page.said
    assert {tag for tag, _ in page.elements} <= MAY_STAND
    assert {name for _, attributes in page.elements for name in attributes} <= MAY_BE_SET
    assert "<script" not in html
    text = reported(database, "md", language, flush().id).out
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    kinds = {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {"text", "text_special", "strong_open", "strong_close", "em_open", "em_close"}
    assert "alerts" not in html + text


@given(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)
    | st.text("*_`[]()<>#-+.1!|~&;=:/wx$@\\ ", min_size=1)
)
def test_any_text_is_read_as_it_stands(text: str) -> None:
    """Whatever a line says, a Markdown parser gives back the very same line and finds no markup in it."""
    said = " ".join(text.split())
    tokens = [token for token in MarkdownIt("commonmark").parse(f"- x{plain(said)}x") if token.type == "inline"]
    (token,) = tokens
    assert {child.type for child in token.children or ()} <= {"text", "text_special"}
    assert "".join(child.content for child in token.children or ()) == f"x{said}x"


@pytest.mark.parametrize("begin", ["- a", "+ a", "1. a", "2) a", "# a", "> a", "* a", "---", "```", "    a", "| a |"])
def test_no_line_begins_another_block(begin: str) -> None:
    """A row that begins like a list, a heading or code is still one row of our list."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(f"- {plain(begin.strip())}")
    assert [token.type for token in tokens if token.type.endswith("_open")] == [
        "bullet_list_open", "list_item_open", "paragraph_open",
    ]  # fmt: skip


def test_an_unknown_flush_is_told_with_its_neighbours(small: Path) -> None:
    """One sentence, with the ids that are nearest, and exit code 1; whatever is asked for."""
    ended = reported(small, "md", id_="2026-03-05-doge-9")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(
        "No flush '2026-03-05-doge-9' is kept in this database; the nearest is 2026-03-05-DOGE-1"
    )
    assert reported(small, "md", id_="x" * 9_000).err.count("x") < 70


def test_an_id_may_be_typed_in_small_letters(small: Path) -> None:
    """As /flush takes it: the same document, its follow-ups among it."""
    assert reported(small, "md", id_=ID.lower()).out == reported(small, "md").out


def test_what_cannot_be_done_is_said(small: Path) -> None:
    """No database, another language, a folder in the way, and the database itself as the file to write."""
    before = small.read_bytes()
    none = small.parent / "none.db"
    assert reported(none, "md").err == f"There is no database {none}; --database names another one.\n"
    assert not (small.parent / "none.db").exists()
    assert reported(small, "md", "fr").err == "--language takes en or es; you wrote 'fr'.\n"
    options = ("--to", "md", "--database", str(small))
    for out, told in (("small.db", "small.db is the database"), (".", ". cannot be written")):
        ended = typed(small.parent, "report", ID, *options, "--out", out)
        assert (ended.code, ended.err.startswith(told)) == (1, True)
    assert small.read_bytes() == before


def test_a_document_goes_into_a_file(small: Path) -> None:
    """With --out nothing is written to the terminal, and the file is what the terminal would have shown."""
    options = ("--to", "md", "--database", str(small))
    assert typed(small.parent, "report", ID, *options, "--out", "flush.md") == Typed(0, "", "")
    assert (small.parent / "flush.md").read_text(encoding="utf-8") == reported(small, "md").out


async def test_the_database_of_a_running_bot_is_read_and_left_alone(tmp_path: Path) -> None:
    """What was committed a moment ago is in the document, and no file beside the database changes."""
    async with opened(tmp_path / "a.db") as store:
        await store.run(lambda db: live(db, flush(), 5))
        before = _files(tmp_path)
        ended = await asyncio.to_thread(_elsewhere, tmp_path / "a.db")
        assert (ended.code, ended.err) == (0, "")
        assert "## +4 h" in ended.out.replace("\u202f", " ")
        assert _files(tmp_path) == before


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _elsewhere(database: Path) -> Typed:
    """The command in a process of its own, as beside a bot."""
    command = [sys.executable, "-m", "bot", "report", flush().id, "--to", "md", "--database", str(database)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    return Typed(done.returncode, done.stdout, done.stderr)
