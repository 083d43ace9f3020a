"""Writing and changing messages, shared by channel routes, interaction callbacks and follow-ups."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from tests.fakes.discord import message_rules
from tests.fakes.discord.world import COMPONENTS_V2, EPHEMERAL, Attachment, Channel, Json, Message, User, World

Files = Mapping[int, tuple[str, bytes]]
"""Uploaded files: number in `files[n]` → name and content."""

SUPPRESS_NOTIFICATIONS = 1 << 12
SUPPRESS_EMBEDS = 1 << 2
EMPTY: Json = {"content": "", "embeds": [], "components": [], "allowed_mentions": None}
SETTABLE = COMPONENTS_V2 | EPHEMERAL | SUPPRESS_NOTIFICATIONS | SUPPRESS_EMBEDS


def written(world: World, channel: Channel, author: User, body: Json, files: Files) -> Message:
    """A new message that is not in its channel yet.

    Raises:
        ApiError: its body breaks a limit.
    """
    made = Message(world.clock.snowflake(), channel, author)
    made.nonce = None if body.get("nonce") is None else str(body["nonce"])
    made.flags = body.get("flags", 0) & SETTABLE
    made.reference = body.get("message_reference")
    _apply(world, made, body, files)
    message_rules.check(made)
    return made


def rewrite(world: World, message: Message, body: Json, files: Files) -> None:
    """Change a message as a PATCH does: keys that are absent leave things as they are.

    Raises:
        ApiError: the changed message breaks a limit; then nothing has changed.
    """
    changed = copy.copy(message)
    # The flag of Components V2 cannot be taken back (components/reference), all others are replaced.
    changed.flags = message.flags | body.get("flags", 0) & COMPONENTS_V2
    _apply(world, changed, body, files)
    message_rules.check(changed)
    changed.edits = [*message.edits, body]
    changed.edited_ms = world.clock.now_ms()
    message.__dict__.update(changed.__dict__)


def _apply(world: World, message: Message, body: Json, files: Files) -> None:
    for key in EMPTY:
        if key in body:
            setattr(message, key, copy.deepcopy(body[key]) or copy.copy(EMPTY[key]))
    _number(message)
    described = {str(each["id"]): each for each in body.get("attachments") or []}
    if "attachments" in body:
        message.attachments = [each for each in message.attachments if str(each.id) in described]
    for number, (name, content) in files.items():
        text = described.get(str(number), {}).get("description")
        message.attachments = [*message.attachments, Attachment(world.clock.snowflake(), name, content, text)]


def _number(message: Message) -> None:
    for number, (_, component) in enumerate(message_rules.walk(message.components), start=1):
        component.setdefault("id", number)
