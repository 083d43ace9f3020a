"""People and what they are in a chat, as data and as the wire shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.fakes.telegram.call import Json

Status = Literal["creator", "administrator", "member", "left", "kicked"]

# The rights of an administrator that every answer carries, and those that only one kind of chat knows.
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
OTHER_RIGHTS = ("can_post_messages", "can_edit_messages", "can_pin_messages", "can_manage_topics")


@dataclass(frozen=True)
class User:
    """A person or a bot; `language` is an IETF tag, which Telegram tells only of some."""

    id: int
    first_name: str
    username: str | None = None
    language: str | None = None
    is_bot: bool = False

    def to_json(self) -> Json:
        """As the field `from` of an update."""
        optional = {"username": self.username, "language_code": self.language}
        required: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        return required | {key: value for key, value in optional.items() if value is not None}


@dataclass(frozen=True)
class Member:
    """What somebody is in a chat. For the bot in a private chat, "kicked" means blocked and "left" never started."""

    user: User
    status: Status = "member"
    rights: frozenset[str] = frozenset()
    anonymous: bool = False

    @property
    def is_in(self) -> bool:
        """Whether the chat can be read and written by this one."""
        return self.status not in {"left", "kicked"}

    @property
    def is_admin(self) -> bool:
        """The owner is an administrator too."""
        return self.status in {"creator", "administrator"}

    def may(self, right: str) -> bool:
        """Whether an administrator's right is held."""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)

    def to_json(self) -> Json:
        """As a ChatMember."""
        body: Json = {"user": self.user.to_json(), "status": self.status}
        if self.is_admin:
            body["is_anonymous"] = self.anonymous
        if self.status == "administrator":
            body |= {"can_be_edited": False} | {right: self.may(right) for right in RIGHTS}
            body |= {right: True for right in OTHER_RIGHTS if self.may(right)}
        if self.status == "kicked":
            body["until_date"] = 0
        return body
