"""A document in one language, with its charts drawn: what both forms of a page are made of."""

from __future__ import annotations

from typing import Literal, NamedTuple

from bot.archive.document import Document, Section
from bot.chat.pictures import Drawing
from bot.chat.wording import Wording, WordsRow
from bot.errors import ChartError
from bot.message import Band, ChartRequest, Phrase, Row, Theme


class Picture(NamedTuple):
    """A chart as PNG in both themes, and in words."""

    alt: str
    dark: bytes
    light: bytes


class SpokenSection(NamedTuple):
    """A section in words; `alt` describes a chart, of which there is a `picture` where one was drawn."""

    heading: str
    headline: str | None
    rows: tuple[WordsRow, ...]
    alt: str | None
    picture: Picture | None


class Spoken(NamedTuple):
    """A document in words."""

    language: str
    title: str
    origin: str | None
    band: Band
    about: tuple[WordsRow, ...]
    sections: tuple[SpokenSection, ...]
    footing: str


Form = Literal["html", "md"]


async def spoken(document: Document, wording: Wording, drawing: Drawing | None) -> Spoken:
    """Everything in the language of `wording`; without a `drawing` charts are told in words only."""
    return Spoken(
        language=wording.language,
        title=wording.text(document.title),
        origin=None if document.origin is None else wording.text(document.origin),
        band=document.band,
        about=_rows(document.about, wording),
        sections=tuple([await _section(section, wording, drawing) for section in document.sections]),
        footing=wording.text(Phrase("report-footing")),
    )


async def _section(section: Section, wording: Wording, drawing: Drawing | None) -> SpokenSection:
    chart = section.chart
    return SpokenSection(
        heading=wording.text(section.heading),
        headline=None if section.headline is None else wording.text(section.headline),
        rows=_rows(section.rows, wording),
        alt=None if chart is None else wording.text(chart.alt),
        picture=None if chart is None or drawing is None else await _picture(chart, wording, drawing),
    )


async def _picture(chart: ChartRequest, wording: Wording, drawing: Drawing) -> Picture | None:
    """A chart that cannot be drawn is left to its words, as in a chat."""
    themes: tuple[Theme, Theme] = ("dark", "light")
    try:
        dark, light = [await drawing.draw(chart, wording, theme) for theme in themes]
    except ChartError:
        return None
    return Picture(wording.text(chart.alt), dark, light)


def _rows(rows: tuple[Row, ...], wording: Wording) -> tuple[WordsRow, ...]:
    return tuple(WordsRow(wording.text(row.phrase), row.tone) for row in rows)
