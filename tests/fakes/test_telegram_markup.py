"""Telegram's HTML as the fake reads it: what becomes an entity, and what is refused with which words."""

from __future__ import annotations

import pytest

from tests.fakes.telegram.call import ApiError
from tests.fakes.telegram.markup import parse_html


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<b>BTC", 'Can\'t find end tag corresponding to start tag "b"'),
        ("price <5", "Unclosed start tag at byte offset 6"),
        ("€ <5 %", 'Unsupported start tag "5" at byte offset 4'),
        ("<h1>BTC</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ('<tg-time unix="soon">x</tg-time>', "Invalid date-time specified"),
    ],
)
def test_a_mistake_is_refused_with_its_place(html: str, reason: str) -> None:
    """A mistake in the markup is named as the server names it, places counted in bytes."""
    with pytest.raises(ApiError) as refusal:
        parse_html(html)
    assert refusal.value.to_json() == {
        "ok": False,
        "error_code": 400,
        "description": f"Bad Request: can't parse entities: {reason}",
    }


def test_every_tag_that_may_be_used_is_understood() -> None:
    """Each tag gives its entity; white space at the ends is dropped and the entities move along."""
    tags = ["b", "i", "u", "s", "code", "pre", "blockquote", "tg-spoiler"]
    html = "\n " + "".join(f"<{tag}>x</{tag}>" for tag in tags)
    text, entities = parse_html(
        html + '<tg-time unix="1768780800" format="wDT">y</tg-time><blockquote expandable>z </blockquote>'
    )[:2]
    assert text == "x" * 8 + "yz"
    assert [entity["offset"] for entity in entities] == list(range(10))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&quot;&#36;&#x20ac;", '"$€'),
        ("AT&T, &nbsp; and 3 > 2", "AT&T, &nbsp; and 3 > 2"),
        ('<a href="javascript:x">no link</a>', "no link"),
        ("<b></b>", ""),
    ],
)
def test_what_is_no_markup_stays_as_it_is(html: str, text: str) -> None:
    """The known characters are decoded, unknown ones stay, and empty or unsafe entities vanish without a word."""
    assert parse_html(html) == (text, ())
