import re
from importlib import resources

import pytest

from bot.chat.languages import LANGUAGES
from bot.chat.web.words import words_of_page
from bot.chat.wording import Wording

SPOKEN_BY_NAME = {"web-connecting", "web-reconnecting"}  # put together from the state of the socket


def test_every_word_is_used_and_every_used_word_exists() -> None:
    """The page and its sentences name the same keys, none too many on either side."""
    files = (resources.files("bot.chat.web") / "static").iterdir()
    source = "".join(file.read_text(encoding="utf-8") for file in files if file.name.endswith((".js", ".html")))
    # Title, description and the notice without scripts are filled in by the server.
    used = set(re.findall(r"web-[a-z]+(?:-[a-z]+)*", source)) | {"web-description", "web-noscript"} | SPOKEN_BY_NAME
    assert used == set(words_of_page(Wording("en", strict=True)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    """No language borrows a word of the page from another."""
    assert all(words_of_page(Wording(language, strict=True)).values())
