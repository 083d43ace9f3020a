"""The table of commands as Discord's application commands: one for each family, with its verbs below it.

Everything comes from `bot.command`: options, ranges, choices and completions from the parameters, texts from
`locales/`. Names stay English, because people type them; only descriptions are translated.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord import app_commands

from bot.catalogue import MOST_SUGGESTED, Catalogue
from bot.chat.channel_book import ChannelBook
from bot.chat.discord.addresses import named
from bot.chat.discord.markup import clip
from bot.chat.languages import negotiate
from bot.chat.wording import Wording, wordings
from bot.command import Command, Parameter
from bot.message import Phrase

if TYPE_CHECKING:
    from bot.chat.discord.client import DiscordClient

DESCRIPTION_MOST, CHOICE_MOST = 100, 100
SYNCED = "discord-commands"
"""Under which the commands that Discord knows are remembered, as a digest."""

Interaction: TypeAlias = "discord.Interaction[DiscordClient]"
Tree: TypeAlias = "app_commands.CommandTree[DiscordClient]"
Run: TypeAlias = "Callable[[Interaction, Command, str], Awaitable[None]]"


class ChannelOption(app_commands.Transformer):
    """A channel in which posts are possible, as its id in the store."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Discord offers the channels of the server."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Text, announcements and threads."""
        kinds = discord.ChannelType
        return [kinds.text, kinds.news, kinds.public_thread, kinds.private_thread, kinds.news_thread]

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> str:  # noqa: ANN401, ARG002 -- as discord.py calls it
        """Its id, whether or not it is in the cache."""
        return named(value.id)


class PhraseTranslator(app_commands.Translator):
    """Descriptions in the languages of `locales/`; Discord shows the English ones to all others."""

    def __init__(self) -> None:
        self._wordings = wordings()

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002 -- as discord.py calls it
    ) -> str | None:
        """The phrase behind a description; None leaves it English."""
        phrase, language = string.extras.get("phrase"), negotiate(locale.value)
        return None if phrase is None or language == "en" else _said(self._wordings[language], phrase)


def grow(tree: Tree, catalogue: Catalogue, run: Run) -> None:
    """Put every command of the catalogue into the tree; `run` answers what was typed."""
    english = Wording("en")
    entries = sorted(catalogue.commands.values(), key=lambda entry: entry.name)
    for family, members in groupby(entries, key=lambda entry: entry.family):
        below = list(members)
        made: Any = [_command(entry, catalogue, english, run) for entry in below]
        if [entry.verb for entry in below] != [""]:
            group = app_commands.Group(name=family, description=_described(english, below[0].summary))
            for command in made:
                group.add_command(command)
            made = [group]
        tree.add_command(_placed(made[0], below))


async def sync(tree: Tree, book: ChannelBook, application_id: int | None) -> bool:
    """Tell Discord the commands if they are not those that it was told last; whether it was told anything."""
    payload = [await command.get_translated_payload(tree, PhraseTranslator()) for command in tree.get_commands()]
    body = json.dumps([application_id, payload], sort_keys=True, default=str).encode()
    digest = hashlib.blake2b(body, digest_size=16).hexdigest()
    if await book.recall(SYNCED) == digest:
        return False
    await tree.sync()
    await book.remember(SYNCED, digest)
    return True


def _placed(made: Any, below: list[Command]) -> Any:  # noqa: ANN401 -- a command or a group: they share no class that has these
    """Where a family is offered: with commands about a channel in servers only, for their admins with admin ones."""
    in_servers = any(entry.here for entry in below)
    made.allowed_contexts = app_commands.AppCommandContext(
        guild=True, dm_channel=not in_servers, private_channel=not in_servers
    )
    made.allowed_installs = app_commands.AppInstallationType(guild=True, user=not in_servers)
    made.guild_only = in_servers
    if any(entry.admin for entry in below):
        made.default_permissions = discord.Permissions(manage_guild=True)
    return made


def _command(entry: Command, catalogue: Catalogue, english: Wording, run: Run) -> app_commands.Command[Any, ..., None]:
    async def call(interaction: Interaction, **values: object) -> None:
        await run(interaction, entry, entry.line(values))

    first = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    signature = inspect.Signature([first, *map(_option, entry.parameters)])
    call.__signature__ = signature  # type: ignore[attr-defined]  # how `inspect` lets a function describe itself
    app_commands.describe(**{p.name: _described(english, p.summary) for p in entry.parameters})(call)
    app_commands.choices(**{p.name: _choices(p) for p in entry.parameters if _is_list(p)})(call)
    completed = {p.name: _completion(p, catalogue) for p in entry.parameters if _is_completed(p)}
    app_commands.autocomplete(**completed)(call)
    description = _described(english, entry.summary)
    return app_commands.Command(name=entry.verb or entry.family, description=description, callback=call)


def _option(parameter: Parameter) -> inspect.Parameter:
    kind: Any = str
    if parameter.kind == "integer":
        kind = app_commands.Range[int, parameter.low, parameter.high]
    elif parameter.kind == "channel":
        kind = app_commands.Transform[str, ChannelOption]
    default = inspect.Parameter.empty if parameter.required else None
    return inspect.Parameter(parameter.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _is_list(parameter: Parameter) -> bool:
    return 0 < len(parameter.choices) <= MOST_SUGGESTED


def _is_completed(parameter: Parameter) -> bool:
    return parameter.kind not in {"integer", "channel", "text"} and not _is_list(parameter)


def _choices(parameter: Parameter) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=word, value=word) for word in parameter.choices]


def _completion(parameter: Parameter, catalogue: Catalogue) -> Any:  # noqa: ANN401 -- discord.py's own type of it is private
    async def complete(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        before: Mapping[str, str] = {name: str(value) for name, value in interaction.namespace}
        words = catalogue.suggest(parameter, typed, before)
        return [app_commands.Choice(name=word, value=word) for word in words if len(word) <= CHOICE_MOST]

    return complete


def _described(english: Wording, phrase: Phrase) -> app_commands.locale_str:
    return app_commands.locale_str(_said(english, phrase), phrase=phrase)


def _said(wording: Wording, phrase: Phrase) -> str:
    return clip(wording.text(phrase), DESCRIPTION_MOST)
