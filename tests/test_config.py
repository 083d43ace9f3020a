"""Settings of the environment: defaults, refusals, and .env.example as their complete list."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.config import PREFIX, Config, load_config
from bot.errors import ConfigError


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_nothing_has_to_be_set() -> None:
    """An empty environment gives a complete configuration with the page on the loopback address."""
    config = load_config()
    assert (config.web_port, config.language, config.log_level) == (8787, "en", "info")
    assert config.web_host.is_loopback


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable of the environment replaces the same line of .env; other lines of .env stay."""
    Path(".env").write_text("FLUSHWATCH_WEB_PORT=1111\nFLUSHWATCH_LANGUAGE=es\n", encoding="utf-8")
    monkeypatch.setenv("FLUSHWATCH_WEB_PORT", "2222")
    config = load_config()
    assert (config.web_port, config.language) == (2222, "es")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("FLUSHWATCH_WEB_PORT", "often"),
        ("FLUSHWATCH_WEB_PORT", "65536"),
        ("FLUSHWATCH_WEB_PORT", "-1"),
        ("FLUSHWATCH_LANGUAGE", "tlh"),
        ("FLUSHWATCH_LOG_LEVEL", "loud"),
        ("FLUSHWATCH_DISCORD_STORAGE_CHANNEL", "charts"),
        ("FLUSHWATCH_DISCORD_STORAGE_CHANNEL", "0"),
        ("FLUSHWATCH_TEST_FAKES", "no"),
        ("FLUSHWATCH_WEBPORT", "8787"),
        ("FLUSHWATCH_WEB_HOST", "0.0.0.0"),
    ],
)
def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    """A wrong value and an unknown name both end in one sentence that names the variable."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigError, match=rf"^{variable} is [^\n]+\.$"):
        load_config()


def test_an_unknown_line_of_the_file_is_named() -> None:
    """A misspelt name in .env is refused instead of being ignored."""
    Path(".env").write_text("FLUSHWATCH_WEBPORT=8787\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"^FLUSHWATCH_WEBPORT is not a setting"):
        load_config()


def test_a_file_in_another_encoding_is_refused_without_what_it_holds() -> None:
    """A .env that an editor saved as UTF-16 ends in one sentence, and no error behind it carries its tokens."""
    Path(".env").write_text("FLUSHWATCH_DISCORD_TOKEN=abc\n", encoding="utf-16")
    with pytest.raises(ConfigError, match=r"^\.env cannot be read: it is not text in UTF-8\.$") as caught:
        load_config()
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize(
    "line", ["FLUSHWATCH_DISCORD_TOKEN: s3cret", "FLUSHWATCH_DISCORD_TOKEN s3cret", "FLUSHWATCH_DISCORD_TOKEN"]
)
def test_a_line_without_a_value_is_named_by_its_number(line: str) -> None:
    """What cannot be read as a setting is not passed over in silence, and nothing of it is repeated."""
    Path(".env").write_text(f"# FLUSHWATCH_WEB_PORT\n\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config()
    assert str(caught.value) == ".env cannot be read: line 3 is not FLUSHWATCH_…=value."


def test_words_may_be_written_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language and a level of the log are understood in any case, as they are in chat and in other programs."""
    monkeypatch.setenv("FLUSHWATCH_LANGUAGE", "ES")
    monkeypatch.setenv("FLUSHWATCH_LOG_LEVEL", "WARNING")
    config = load_config()
    assert (config.language, config.log_level) == ("es", "warning")


def test_names_of_other_programs_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no prefix neither counts nor disturbs, in the file, readable or not, and in the environment."""
    Path(".env").write_text("COMPOSE_PROJECT_NAME=x\nWEB_PORT=1\nDEBUG\nnot a setting\n", encoding="utf-8")
    monkeypatch.setenv("LOG_LEVEL", "debug")
    config = load_config()
    assert (config.web_port, config.log_level) == (8787, "info")


@given(st.integers(min_value=0, max_value=65_535))
def test_every_port_is_taken_as_written(port: int) -> None:
    """Any port number a machine can have arrives unchanged."""
    assert Config(web_port=port).web_port == port


def test_the_configuration_cannot_change() -> None:
    """A running program cannot alter its own settings."""
    config = load_config()
    with pytest.raises(ValidationError):
        config.web_port = 1


def test_each_database_has_its_own_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two runs that must not meet get two files in the folder that was set."""
    monkeypatch.setenv("FLUSHWATCH_DATA_DIRECTORY", str(tmp_path / "with space"))
    config = load_config()
    assert config.database("demo") == tmp_path / "with space" / "demo.db"
    assert config.database("demo") != config.database("replay")


def test_the_example_lists_every_setting_with_its_default(root: Path) -> None:
    """.env.example and Config name the same settings, defaults and one-line explanations, in both directions."""
    text = (root / ".env.example").read_text(encoding="utf-8")
    listed = re.findall(r"^# (.+)\n# (FLUSHWATCH_\w+)=(.*)$", text, flags=re.MULTILINE)
    assert {(name, default, explanation.lower()) for explanation, name, default in listed} == {
        (
            PREFIX + name.upper(),
            "" if field.default_factory or field.default is None else str(field.default),
            str(field.description).lower(),
        )
        for name, field in Config.model_fields.items()
    }


def test_the_example_read_as_it_stands_changes_nothing(root: Path) -> None:
    """Uncommenting the whole example gives the same configuration as having none."""
    without = load_config()
    text = (root / ".env.example").read_text(encoding="utf-8")
    Path(".env").write_text(re.sub(r"^# (FLUSHWATCH_)", r"\1", text, flags=re.MULTILINE), encoding="utf-8")
    assert load_config() == without


def test_every_language_can_be_the_default(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each folder of locales/ may be named as default language, so a translation is never left out of the list."""
    folders = sorted(path.name for path in (root / "locales").iterdir() if path.is_dir() and path.name[0] not in "._")
    assert folders
    for language in folders:
        monkeypatch.setenv("FLUSHWATCH_LANGUAGE", language)
        assert load_config().language == language


REST, SOCKET = "https://fapi.binance.com", "wss://ws.okx.com:8443/ws"


@pytest.mark.parametrize("by_file", [True, False])
def test_fakes_of_exchanges_are_taken_with_the_flag(monkeypatch: pytest.MonkeyPatch, *, by_file: bool) -> None:
    """A JSON object of addresses arrives as it was written, from the environment and from .env; by default is none."""
    assert load_config().exchanges is None
    fakes = {REST: "http://127.0.0.1:8080", SOCKET: "ws://[::1]:8081/ws"}
    settings = {"FLUSHWATCH_TEST_FAKES": "yes", "FLUSHWATCH_EXCHANGES": json.dumps(fakes)}
    if by_file:
        Path(".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
    else:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
    assert load_config().exchanges == fakes


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("http://127.0.0.1:8080", "has to be a JSON object of addresses"),
        ("[]", "has to be a JSON object of addresses"),
        ("7", "has to be a JSON object of addresses"),
        ("{", "has to be a JSON object of addresses"),
        (json.dumps({REST: 8080}), "has to be a JSON object of addresses"),
        (json.dumps({REST: None}), "has to be a JSON object of addresses"),
        (json.dumps({"http://fapi.binance.com": "http://127.0.0.1"}), "may only name addresses of exchanges"),
        (json.dumps({"https://": "http://127.0.0.1"}), "may only name addresses of exchanges"),
        (json.dumps({"": "http://127.0.0.1"}), "may only name addresses of exchanges"),
        (json.dumps({REST: "http://example.org"}), "may lead https:// only to http://"),
        (json.dumps({REST: "http://localhost:8080"}), "may lead https:// only to http://"),
        (json.dumps({REST: "http://127.0.0.1@example.org"}), "may lead https:// only to http://"),
        (json.dumps({REST: "https://127.0.0.1"}), "may lead https:// only to http://"),
        (json.dumps({REST: "ws://127.0.0.1"}), "may lead https:// only to http://"),
        (json.dumps({SOCKET: "http://127.0.0.1"}), "may lead wss:// only to ws://"),
        (json.dumps({SOCKET: "ws://127.0.0.1", REST: "http://10.0.0.1"}), "may lead https:// only to http://"),
    ],
)
def test_fakes_of_exchanges_elsewhere_are_refused(monkeypatch: pytest.MonkeyPatch, told: str, why: str) -> None:
    """Whatever is no object of addresses, or leads away from this machine, is refused in one sentence."""
    monkeypatch.setenv("FLUSHWATCH_TEST_FAKES", "yes")
    monkeypatch.setenv("FLUSHWATCH_EXCHANGES", told)
    with pytest.raises(ConfigError, match=r"^[^\n]+\.$") as caught:
        load_config()
    assert str(caught.value).startswith(f"FLUSHWATCH_EXCHANGES {why}")


def test_fakes_of_exchanges_without_the_flag_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses alone are refused even on this machine, with the reason."""
    monkeypatch.setenv("FLUSHWATCH_EXCHANGES", json.dumps({REST: "http://127.0.0.1:8080"}))
    with pytest.raises(
        ConfigError, match=r"^FLUSHWATCH_EXCHANGES is for tests, with FLUSHWATCH_TEST_FAKES=yes: [^\n]+$"
    ):
        load_config()
