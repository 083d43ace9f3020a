"""What the operator decides outside the chat: environment variables and `.env`, read once, here and nowhere else."""

from __future__ import annotations

import os
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import ConfigError

PREFIX = "FLUSHWATCH_"
FILE = ".env"


class Config(BaseSettings):
    """Every setting of the environment; `FLUSHWATCH_WEB_PORT` sets `web_port`. Build it with `load_config`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=FILE, env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
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
    language: Literal["en", "es"] = Field(
        default="en", description="language of channels that have not chosen one: en or es"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="what is worth a line in the log: debug, info, warning or error"
    )

    def database(self, name: str) -> Path:
        """Where the database `name` lies, e.g. "demo"; each run that must not meet another has its own name."""
        return self.data_directory.expanduser() / f"{name}.db"


def load_config() -> Config:
    """Read the environment and the `.env` of the working directory; the environment wins.

    Names without the prefix belong to others and are left alone. Raises `ConfigError` with one sentence naming the
    variable when a value is wrong or a name with the prefix is unknown.
    """
    known = {PREFIX + name.upper() for name in Config.model_fields}
    for name in sorted({*dotenv_values(FILE, encoding="utf-8"), *os.environ}):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise ConfigError(f"{name} is not a setting; there are {', '.join(sorted(known))}.")
    try:
        return Config()
    except ValidationError as error:
        raise ConfigError(_sentence(error)) from None


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0]).upper()
    variable = name if name.startswith(PREFIX) else PREFIX + name
    return f"{variable} is {first['input']!r}: {first['msg'][:1].lower()}{first['msg'][1:]}."
