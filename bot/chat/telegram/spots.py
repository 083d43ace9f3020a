"""A channel as Telegram sees it: the one place where a command waits for the network."""

from __future__ import annotations

import logging
import re
import unicodedata

import telegram
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.chat.telegram.addresses import Address, address_of
from bot.chat.telegram.admins import Admins
from bot.chat.telegram.render import JOINT
from bot.chat.telegram.topics import Topics
from bot.chat.wording import Wording
from bot.command import Caller
from bot.errors import UserError
from bot.message import Name, Phrase, Spot

log = logging.getLogger(__name__)

LONGEST_SHOWN = 40

_USERNAME = re.compile(r"(?:(?:https?://)?t\.me/|@)([A-Za-z][A-Za-z0-9_]{3,31})/?")
_ID = re.compile(r"(?:telegram:)?(-?[0-9]{1,15}(?:/[0-9]{1,12})?)")


class Spots:
    """Looks up the channels that people name."""

    def __init__(self, bot: telegram.Bot, admins: Admins, topics: Topics | None = None) -> None:
        self._bot = bot
        self._admins = admins
        self._topics = topics or Topics()

    async def spot(self, caller: Caller, wanted: str) -> Spot:
        """The channel of the caller with "", else one by @name, address or id.

        Raises `UserError` for one that is not known here, or that the caller is no administrator of. What somebody else
        knows of it, its title for one, is not told to strangers.
        """
        try:
            return await self._spot(caller, wanted)
        except (BadRequest, Forbidden, ChatMigrated) as error:
            raise UserError("error-channel-unknown", given=_given(wanted)) from error
        except TelegramError as error:
            log.warning("Telegram tells nothing of a channel: %s", error)
            raise UserError("error-not-connected") from error

    async def seen(self, to: Address, language: str = "en") -> Spot:
        """A channel whoever asks; raises `TelegramError` for one that the bot cannot see."""
        chat = await self._bot.get_chat(to.chat_id)
        name = chat.title or (f"@{chat.username}" if chat.username else chat.full_name) or to.channel
        if to.thread_id is not None:
            number = Phrase("telegram-topic", {"number": Name(str(to.thread_id))})
            name += JOINT + (self._topics.title(to) or Wording(language).text(number))
        return Spot(to.channel, name, to.place, tuple(map(Phrase, await self._missing(chat))))

    async def _spot(self, caller: Caller, wanted: str) -> Spot:
        to = await self._address(caller, wanted)
        if to.place != caller.place and not await self._manages(caller, to):
            await self._bot.get_chat(to.chat_id)
            raise UserError("error-channel-not-yours", channel=_given(wanted))
        return await self.seen(to, caller.language)

    async def _address(self, caller: Caller, wanted: str) -> Address:
        if not wanted:
            return address_of(caller.channel)
        name, to = read(wanted)
        if name:
            return Address((await self._bot.get_chat(f"@{name}")).id)
        if to is None:
            raise UserError("error-channel-unknown", given=_given(wanted))
        return to

    async def _manages(self, caller: Caller, to: Address) -> bool:
        """Where the list of administrators is kept from the bot it is not there, which is not the caller's fault."""
        return not to.private and await self._admins.has(to.chat_id, address_of(caller.user).chat_id)

    async def _missing(self, chat: telegram.ChatFullInfo) -> list[str]:
        """The rights the bot lacks in a chat."""
        if chat.type == ChatType.PRIVATE:
            return []
        try:
            member = await self._bot.get_chat_member(chat.id, self._bot.id)
        except (BadRequest, Forbidden):
            return ["right-member"]
        if chat.type == ChatType.CHANNEL:
            return [] if may_post(member, chat.type) else ["right-post-messages"]
        return missing_in_group(member, chat.permissions)


def may_post(member: telegram.ChatMember, kind: str) -> bool:
    """Whether the bot can post as what it is in a chat; what a group forbids all its members is not looked at."""
    match member:
        case telegram.ChatMemberOwner():
            return True
        case telegram.ChatMemberAdministrator(can_post_messages=may):
            return kind != ChatType.CHANNEL or bool(may)
        case telegram.ChatMemberRestricted():
            return member.is_member and member.can_send_messages
        case _:
            return member.status == ChatMemberStatus.MEMBER and kind != ChatType.CHANNEL


def is_out(member: telegram.ChatMember) -> bool:
    """Whether somebody is no member of a chat; who is restricted may be one or not."""
    if isinstance(member, telegram.ChatMemberRestricted):
        return not member.is_member
    return member.status in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}


def missing_in_group(member: telegram.ChatMember, usual: telegram.ChatPermissions | None) -> list[str]:
    """The rights that a member lacks in a group; `usual` are those of its ordinary members."""
    if member.status in {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}:
        return []
    if is_out(member):
        return ["right-member"]
    rights = member if isinstance(member, telegram.ChatMemberRestricted) else usual
    if rights is None:
        return []
    needed = (("right-send-text", rights.can_send_messages), ("right-send-photos", rights.can_send_photos))
    return [key for key, held in needed if held is False]


def read(wanted: str) -> tuple[str, Address | None]:
    """The public name, or the address, that was typed; ("", None) for anything else.

    Signs that cannot be seen may have come along with it.
    """
    plain = "".join(char for char in wanted if unicodedata.category(char) != "Cf").strip()
    if name := _USERNAME.fullmatch(plain):
        return name[1], None
    number = _ID.fullmatch(plain)
    return "", address_of(number[1]) if number else None


def _given(wanted: str) -> Name:
    return Name(wanted[:LONGEST_SHOWN])
