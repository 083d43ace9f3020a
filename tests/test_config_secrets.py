"""Tokens: where they may come from, where they may be sent, and that no text about them holds them."""

from __future__ import annotations

import os
import stat
import traceback
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import PREFIX, Config, load_config
from bot.errors import ConfigError

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDe.not-a-token-but-of-its-shape-0123456789"
PLATFORMS: tuple[Literal["discord", "telegram"], ...] = ("discord", "telegram")
FAKES = {
    "FLUSHWATCH_DISCORD_API": "http://127.0.0.1:8080/api/v10",
    "FLUSHWATCH_DISCORD_GATEWAY": "ws://[::1]:8081/gateway",
    "FLUSHWATCH_TELEGRAM_API": "http://127.1.2.3",
}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def token_file(content: str | bytes, mode: int = 0o600) -> Path:
    """A file of a token in the working directory."""
    path = Path("bot.token")
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def refusal() -> str:
    """The sentence with which the settings are refused; fails when a trace of it would show the token."""
    with pytest.raises(ConfigError) as caught:
        load_config()
    trace = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert TOKEN not in "".join(trace.format())
    assert caught.value.__context__ is None
    return str(caught.value)


def test_no_token_has_to_be_set() -> None:
    """Without a token there is none, rather than an empty one."""
    assert [load_config().token(platform) for platform in PLATFORMS] == [None, None]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_token_comes_from_its_variable(
    monkeypatch: pytest.MonkeyPatch, platform: Literal["discord", "telegram"]
) -> None:
    """The variable of a platform sets that platform's token, without the blanks around it."""
    monkeypatch.setenv(f"FLUSHWATCH_{platform.upper()}_TOKEN", f" {TOKEN} ")
    config = load_config()
    assert [config.token(other) == TOKEN for other in PLATFORMS] == [other == platform for other in PLATFORMS]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_token_comes_from_its_file(
    monkeypatch: pytest.MonkeyPatch, platform: Literal["discord", "telegram"], mode: int
) -> None:
    """The file gives the token without its line end, and is read once, at the start."""
    path = token_file(TOKEN + "\n", mode)
    monkeypatch.setenv(f"FLUSHWATCH_{platform.upper()}_TOKEN_FILE", str(path))
    config = load_config()
    path.unlink()
    assert [config.token(other) == TOKEN for other in PLATFORMS] == [other == platform for other in PLATFORMS]


@pytest.mark.parametrize("field", ["discord_token", "telegram_token"])
def test_a_token_is_in_no_text_of_the_settings(monkeypatch: pytest.MonkeyPatch, field: str) -> None:
    """Neither variable nor file shows in what Python prints of the settings."""
    monkeypatch.setenv(PREFIX + field.upper(), TOKEN)
    config = load_config()
    shown = f"{config!r} {config} {config.model_dump()} {config.model_dump_json()}"
    assert TOKEN not in shown


@pytest.mark.parametrize("platform", ["DISCORD", "TELEGRAM"])
def test_a_token_is_set_once(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    """A variable and a file for the same token are refused, because nobody could say which one counts."""
    monkeypatch.setenv(f"FLUSHWATCH_{platform}_TOKEN", TOKEN)
    monkeypatch.setenv(f"FLUSHWATCH_{platform}_TOKEN_FILE", str(token_file(TOKEN)))
    assert refusal() == (
        f"FLUSHWATCH_{platform}_TOKEN_FILE and FLUSHWATCH_{platform}_TOKEN are both set; keep one of them."
    )


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o666])
def test_a_file_open_to_others_is_refused(monkeypatch: pytest.MonkeyPatch, mode: int) -> None:
    """A file that group or others may read or write is refused with what to do about it."""
    monkeypatch.setenv("FLUSHWATCH_TELEGRAM_TOKEN_FILE", str(token_file(TOKEN, mode)))
    assert refusal() == ("FLUSHWATCH_TELEGRAM_TOKEN_FILE names a file that other users may open; run chmod 600 on it.")
    Path("bot.token").chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert load_config().token("telegram") == TOKEN


@pytest.mark.parametrize("content", ["", "\n", f"{TOKEN}\n{TOKEN}\n", f"Bot {TOKEN}", f"{TOKEN}\0", b"\xff\xfe\x00"])
def test_a_file_holds_one_token_and_nothing_else(monkeypatch: pytest.MonkeyPatch, content: str | bytes) -> None:
    """A file with no line, several lines, several words or no text is refused without being quoted."""
    monkeypatch.setenv("FLUSHWATCH_DISCORD_TOKEN_FILE", str(token_file(content)))
    assert refusal().startswith("FLUSHWATCH_DISCORD_TOKEN_FILE ")


@pytest.mark.parametrize("path", [TOKEN, ".", "absent/bot.token", TOKEN * 20])
def test_a_file_that_cannot_be_read_is_not_quoted(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """A token that was put where its file's name belongs does not show in the refusal."""
    monkeypatch.setenv("FLUSHWATCH_DISCORD_TOKEN_FILE", path)
    assert refusal().startswith("FLUSHWATCH_DISCORD_TOKEN_FILE names a file that cannot be read: ")


def test_a_token_of_two_words_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that holds more than a token is refused without its value."""
    monkeypatch.setenv("FLUSHWATCH_DISCORD_TOKEN", f"Bot {TOKEN}")
    assert refusal() == "FLUSHWATCH_DISCORD_TOKEN does not hold the token alone: one line, without spaces."


def test_another_wrong_setting_does_not_show_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal of something else holds no token that was right."""
    monkeypatch.setenv("FLUSHWATCH_DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("FLUSHWATCH_WEB_PORT", "often")
    assert refusal().startswith("FLUSHWATCH_WEB_PORT is 'often'")


def test_fakes_of_this_machine_are_taken_with_the_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the flag, literal loopback addresses arrive as they were written."""
    monkeypatch.setenv("FLUSHWATCH_TEST_FAKES", "yes")
    for name, address in FAKES.items():
        monkeypatch.setenv(name, address)
    config = load_config()
    assert [config.discord_api, config.discord_gateway, config.telegram_api] == list(FAKES.values())


@pytest.mark.parametrize("name", FAKES)
def test_without_the_flag_no_address_is_taken(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """An address alone is refused even on this machine, with the reason."""
    monkeypatch.setenv(name, FAKES[name])
    assert refusal() == f"{name} is for tests, with FLUSHWATCH_TEST_FAKES=yes: the token would be sent to this address."


@pytest.mark.parametrize("name", FAKES)
@pytest.mark.parametrize(
    "rest",
    [
        "localhost:8080",
        "example.org",
        "10.0.0.1",
        "0.0.0.0",
        "128.0.0.1",
        "127.1",
        "127.0.0.1.example.org",
        "127.000.000.001",
        "2130706433",
        "0x7f000001",
        "[::2]:80",
        "[::ffff:127.0.0.1]",
        "::1",
        f"user:{TOKEN}@127.0.0.1",
        "127.0.0.1@example.org",
        "127.0.0.1:80@example.org",
        "127.0.0.1\\@example.org",
        "127.0.0.1#@example.org",
        "127.0.0.1?@example.org",
        "127.0.0.1/\nx",
        "127.0.0.1 .example.org",
        "１２７.0.0.1",  # noqa: RUF001 -- digits that are none in an address
        "",
    ],
)
def test_an_address_elsewhere_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, rest: str) -> None:
    """Whatever is not a literal loopback address is refused, and a password in it is not repeated."""
    scheme = FAKES[name].partition("://")[0]
    monkeypatch.setenv("FLUSHWATCH_TEST_FAKES", "yes")
    monkeypatch.setenv(name, f"{scheme}://{rest}")
    assert refusal().startswith(f"{name} may only be {scheme}:// and a literal loopback address")


@pytest.mark.parametrize("name", FAKES)
@pytest.mark.parametrize("scheme", ["https", "wss", "ftp", "file", "HTTP", "", "http+unix", "swap"])
def test_another_scheme_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, scheme: str) -> None:
    """Only http for an API and ws for the gateway are taken; not even each other's."""
    right = FAKES[name].partition("://")[0]
    monkeypatch.setenv("FLUSHWATCH_TEST_FAKES", "yes")
    monkeypatch.setenv(name, f"{({'http': 'ws', 'ws': 'http'}[right]) if scheme == 'swap' else scheme}://127.0.0.1")
    assert refusal().startswith(f"{name} may only be {right}://")


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
def test_every_word_is_a_token(word: str) -> None:
    """Whatever a platform may give as one word arrives unchanged and is not shown."""
    config = Config.model_validate({"telegram_token": word})
    assert config.token("telegram") == word
    assert "token" not in repr(config)
