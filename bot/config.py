"""What the operator decides outside the chat: environment variables and `.env`, read once, here and nowhere else."""

from __future__ import annotations

import json
import os
import re
import stat
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import ConfigError

PREFIX = "FLUSHWATCH_"
FILE = ".env"

LONGEST_TOKEN = 4096  # bytes; far beyond any platform's token, so that a wrong path cannot fill the memory
OTHERS = stat.S_IRWXG | stat.S_IRWXO
# Only what no two libraries can read differently: a literal address, a port, a plain path.
ADDRESS = re.compile(r"(?P<scheme>http|ws)://(?P<host>[0-9.]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?(/[\w./-]*)?", re.ASCII)
EXCHANGE = re.compile(r"(?P<scheme>http|ws)s://[a-z0-9.-]+(:[0-9]{1,5})?(/[\w./-]*)?", re.ASCII)
EXAMPLE = '{"https://api.example.com": "http://127.0.0.1:8080", "wss://stream.example.com": "ws://127.0.0.1:8080"}'


def _one_word(token: SecretStr) -> SecretStr:
    word = token.get_secret_value().strip()
    if not re.fullmatch(r"[!-~]+", word):
        raise ValueError("does not hold the token alone: one line, without spaces")
    return SecretStr(word)


def _content(path: object) -> SecretStr:
    """What a file of a token holds. No message repeats the path: it could be the token itself, in the wrong place."""
    try:
        with Path(str(path)).expanduser().open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(LONGEST_TOKEN).decode("ascii")
    except UnicodeDecodeError:
        raise ValueError("names a file that is no text") from None
    except OSError as error:
        raise ValueError(f"names a file that cannot be read: {error.strerror}") from None
    if mode & OTHERS:
        raise ValueError("names a file that other users may open; run chmod 600 on it")
    return SecretStr(content)


def _object(told: object) -> dict[str, str]:
    """A JSON object of texts, or one that was read already."""
    try:
        found = json.loads(told) if isinstance(told, str) else told
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise ValueError(f"has to be a JSON object of addresses, such as {EXAMPLE}")
    return found


def _small(word: object) -> object:
    """INFO is info."""
    return word.strip().lower() if isinstance(word, str) else word


Token = Annotated[SecretStr, AfterValidator(_one_word)]
TokenFile = Annotated[SecretStr, BeforeValidator(_content), AfterValidator(_one_word)]
Addresses = Annotated[dict[str, str], BeforeValidator(_object)]


class Config(BaseSettings):
    """Every setting of the environment; `FLUSHWATCH_WEB_PORT` sets `web_port`. Build it with `load_config`.

    Fields with `repr=False` may hold a secret: their values appear in no text, not even in an error about them.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    web_host: ClassVar[IPv4Address] = IPv4Address("127.0.0.1")
    """Not a setting: the page asks for no password, so it is offered to this machine only."""

    data_directory: Path = Field(
        default_factory=lambda: user_data_path("flushwatch"),
        description="folder of the databases; empty is the user's own data folder",
    )
    web_port: Annotated[int, Field(ge=0, le=65_535)] = Field(
        default=8787, description="port of the page on this machine; 0 takes any free one"
    )
    language: Annotated[Literal["en", "es"], BeforeValidator(_small)] = Field(
        default="en", description="language of channels that have not chosen one: en or es"
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_small)] = Field(
        default="info", description="what is worth a line in the log: debug, info, warning or error"
    )
    discord_token: Token | None = Field(default=None, repr=False, description="token of the Discord bot")
    discord_token_file: TokenFile | None = Field(
        default=None, repr=False, description="file with that token instead, which only you may open (chmod 600)"
    )
    discord_storage_channel: Annotated[int, Field(gt=0, lt=2**63)] | None = Field(
        default=None, description="id of a Discord channel of your own, where each chart is uploaded once"
    )
    telegram_token: Token | None = Field(default=None, repr=False, description="token of the Telegram bot")
    telegram_token_file: TokenFile | None = Field(
        default=None, repr=False, description="file with that token instead, which only you may open (chmod 600)"
    )
    test_fakes: Literal["yes"] | None = Field(
        default=None, description="for tests of the program only: yes lets the next four name a fake of this machine"
    )
    discord_api: str | None = Field(default=None, repr=False, description="for tests only: Discord's address")
    discord_gateway: str | None = Field(
        default=None, repr=False, description="for tests only: address of Discord's gateway"
    )
    telegram_api: str | None = Field(default=None, repr=False, description="for tests only: Telegram's address")
    exchanges: Annotated[Addresses | None, NoDecode] = Field(
        default=None, repr=False, description="for tests only: a JSON object, each exchange's address to that of a fake"
    )

    @field_validator("discord_token_file", "telegram_token_file")
    @classmethod
    def _only_once(cls, token: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        other = str(info.field_name).removesuffix("_file")
        if token is not None and info.data.get(other) is not None:
            raise ValueError(f"and {PREFIX}{other.upper()} are both set; keep one of them")
        return token

    @field_validator("discord_api", "discord_gateway", "telegram_api")
    @classmethod
    def _on_this_machine(cls, address: str | None, info: ValidationInfo) -> str | None:
        """An address from elsewhere would be sent the token, so that one variable could steal it."""
        if address is None:
            return None
        if info.data.get("test_fakes") is None:
            raise ValueError(f"is for tests, with {PREFIX}TEST_FAKES=yes: the token would be sent to this address")
        scheme = "ws" if info.field_name == "discord_gateway" else "http"
        if not _is_loopback(address, scheme):
            raise ValueError(
                f"may only be {scheme}:// and a literal loopback address such as 127.0.0.1, with a port and a path: "
                "the token would be sent to this address"
            )
        return address

    @field_validator("exchanges")
    @classmethod
    def _from_this_machine(cls, addresses: dict[str, str] | None, info: ValidationInfo) -> dict[str, str] | None:
        """Figures from elsewhere would be told as those of the exchanges."""
        if addresses is not None and info.data.get("test_fakes") is None:
            raise ValueError(f"is for tests, with {PREFIX}TEST_FAKES=yes: nothing it tells is of an exchange")
        for address, fake in (addresses or {}).items():
            asked = EXCHANGE.fullmatch(address)
            if asked is None:
                raise ValueError("may only name addresses of exchanges that begin with https:// or wss://")
            if not _is_loopback(fake, asked["scheme"]):
                raise ValueError(
                    f"may lead {asked['scheme']}s:// only to {asked['scheme']}:// and a literal loopback address such "
                    "as 127.0.0.1, with a port and a path: what it tells would be taken for the exchange's"
                )
        return addresses

    def token(self, platform: Literal["discord", "telegram"]) -> str | None:
        """The token of a platform, from its variable or its file as it was at the start; None when neither is set."""
        tokens = {
            "discord": self.discord_token or self.discord_token_file,
            "telegram": self.telegram_token or self.telegram_token_file,
        }
        token = tokens[platform]
        return token.get_secret_value() if token else None

    @property
    def chosen_language(self) -> str | None:
        """The language that was set, None where nobody chose one."""
        return self.language if "language" in self.model_fields_set else None

    def database(self, name: str) -> Path:
        """Where the database `name` lies, e.g. "demo"; each run that must not meet another has its own name."""
        return self.data_directory.expanduser() / f"{name}.db"


def load_config() -> Config:
    """Read the environment and the `.env` of the working directory; the environment wins.

    Names without the prefix belong to others and are left alone. Raises `ConfigError` with one sentence naming the
    variable when a value is wrong or a name with the prefix is unknown, or the file where it cannot be read.
    """
    known = {PREFIX + name.upper() for name in Config.model_fields}
    for name in sorted({*_lines_of_file(), *os.environ}):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise ConfigError(f"{name} is not a setting; there are {', '.join(sorted(known))}.")
    try:
        return Config()
    except ValidationError as error:
        sentence = _sentence(error)
    raise ConfigError(sentence)  # outside the handler: what pydantic raised holds the values and must not come along


def tokens_open_to_others() -> bool | None:
    """Whether other users may open the `.env` of the working directory; None when no token stands in it."""
    kept = {name.upper() for name, value in _lines_of_file().items() if value}
    if kept.isdisjoint(PREFIX + name.upper() for name in ("discord_token", "telegram_token")):
        return None
    return bool(Path(FILE).stat().st_mode & OTHERS)


def _lines_of_file() -> dict[str, str | None]:
    """What stands in the `.env` of the working directory, nothing where there is none."""
    try:
        wrong = _wrong_line()
        if wrong is None:
            return dotenv_values(FILE, encoding="utf-8")
        reason = f"line {wrong} is not {PREFIX}…=value"
    except UnicodeDecodeError:
        reason = "it is not text in UTF-8"
    except OSError as error:
        reason = str(error.strerror)
    raise ConfigError(f"{FILE} cannot be read: {reason}.")  # outside: the first error holds the file, tokens included


def _wrong_line() -> int | None:
    """The number of the first line that speaks of a setting and gives it no value; None where all can be read."""
    if not Path(FILE).is_file():
        return None
    with Path(FILE).open(encoding="utf-8") as file:
        lines = [line for line in parse_stream(file) if line.error or (line.key is not None and line.value is None)]
    told = next((line.original for line in lines if PREFIX in line.original.string.upper()), None)
    if told is None:
        return None
    return told.line + told.string[: -len(told.string.lstrip())].count("\n")  # empty lines before it belong to it


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0]).upper().removeprefix(PREFIX)
    reason = first["msg"].removeprefix("Value error, ")
    if not Config.model_fields[name.lower()].repr:
        return f"{PREFIX}{name} {reason}."
    return f"{PREFIX}{name} is {first['input']!r}: {reason[:1].lower()}{reason[1:]}."


def _is_loopback(address: str, scheme: str) -> bool:
    parts = ADDRESS.fullmatch(address)
    if not parts or parts["scheme"] != scheme:
        return False
    try:
        return ip_address(parts["host"].strip("[]")).is_loopback
    except ValueError:
        return False
