"""A document as one HTML file that asks for nothing: style and pictures are in it, and a policy forbids the rest.

Dark or light is what the reader's system prefers. Everything that is said is escaped, wherever it came from.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from html import escape

from bot.archive.spoken import Picture, Spoken, SpokenSection
from bot.chat.wording import WordsRow

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
STYLE = """
:root { color-scheme: dark light; --page: #10141b; --card: #1a212c; --line: #2a3444; --text: #e8ecf3; --quiet: #a3aebf;
  --mark: #f7c66b; --watch: #8c98aa; --flush: #f5b02e; --severe: #ff7f3f; --extreme: #ff4d5e; }
@media (prefers-color-scheme: light) { :root { --page: #fff; --card: #f6f8fb; --line: #d8dfe9; --text: #161c26;
  --quiet: #55617a; --mark: #7a4a00; --watch: #76839a; --flush: #d98e00; --severe: #e25a12; --extreme: #d3203a; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1rem 3rem; background: var(--page); color: var(--text);
  font: 15px/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
main { max-width: 46rem; margin: 0 auto; }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 0 0 .4rem; font-size: .84rem; font-weight: 600; color: var(--quiet); }
section { margin-top: 1rem; padding: .9rem 1.1rem 1rem; border: 1px solid var(--line); border-radius: 8px;
  border-left: 4px solid var(--bar); background: var(--card); }
p { margin: .22rem 0 0; font-variant-numeric: tabular-nums; }
p.headline { margin: 0 0 .35rem; font-weight: 700; }
p.muted, footer { font-size: .84rem; color: var(--quiet); }
p.origin { color: var(--mark); }
img { display: block; width: 100%; height: auto; margin-top: .7rem; border-radius: 6px; }
footer { margin-top: 1.5rem; }
@media print { body { padding: 0; } section { break-inside: avoid; } }
"""


def html(spoken: Spoken) -> str:
    """The whole file."""
    return "\n".join(_lines(spoken)) + "\n"


def _lines(spoken: Spoken) -> Iterator[str]:
    title = escape(spoken.title)
    yield "<!doctype html>"
    yield f'<html lang="{escape(spoken.language)}">'
    yield '<head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{title}</title>"
    yield f"<style>{STYLE}</style></head>"
    yield f'<body style="--bar: var(--{escape(spoken.band)})"><main>'
    yield f"<header><h1>{title}</h1>"
    if spoken.origin is not None:
        yield f'<p class="origin">{escape(spoken.origin)}</p>'
    yield from (_row(row) for row in spoken.about)
    yield "</header>"
    for section in spoken.sections:
        yield from _section(section)
    yield f"<footer>{escape(spoken.footing)}</footer>"
    yield "</main></body></html>"


def _section(section: SpokenSection) -> Iterator[str]:
    yield f"<section><h2>{escape(section.heading)}</h2>"
    if section.headline is not None:
        yield f'<p class="headline">{escape(section.headline)}</p>'
    yield from (_row(row) for row in section.rows)
    if section.picture is not None:
        yield _picture(section.picture)
    elif section.alt is not None:
        yield f'<p class="muted">{escape(section.alt)}</p>'
    yield "</section>"


def _row(row: WordsRow) -> str:
    tone = ' class="muted"' if row.tone == "muted" else ""
    return f"<p{tone}>{escape(row.text)}</p>"


def _picture(picture: Picture) -> str:
    light, dark = _data(picture.light), _data(picture.dark)
    source = f'<source media="(prefers-color-scheme: light)" srcset="{light}">'
    return f'<picture>{source}<img src="{dark}" alt="{escape(picture.alt)}"></picture>'


def _data(png: bytes) -> str:
    return f"data:image/png;base64,{b64encode(png).decode()}"
