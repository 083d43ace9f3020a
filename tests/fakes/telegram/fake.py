"""A Telegram for tests: the Bot API on a local socket, with people who act in its chats.

    async with TelegramFake() as fake:
        ana = fake.world.user("Ana", language="es")
        desk = fake.world.supergroup("Desk", ana)
        bot = ApplicationBuilder().token(fake.token).base_url(f"{fake.api}/bot").build().bot

Tests build chats through `world`, order faults through `faults`, act through the methods here and read what the bot
did from `world` and `calls`. All time is the running loop's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.fakes.telegram.call import Call, Json
from tests.fakes.telegram.chats import Chat, Message
from tests.fakes.telegram.content import Content
from tests.fakes.telegram.faults import Faults
from tests.fakes.telegram.hearing import command_entities, hears
from tests.fakes.telegram.people import Member, Status, User
from tests.fakes.telegram.server import Server
from tests.fakes.telegram.updates import Updates
from tests.fakes.telegram.world import ANONYMOUS, AS_CHANNEL, Click, World, now_s

TOKEN = "700000001:AAFakeFakeFakeFakeFakeFakeFakeFake_"


class TelegramFake:
    """The service and everybody in it but the bot under test."""

    def __init__(self, token: str = TOKEN, username: str = "flushwatch_test_bot") -> None:
        self.token = token
        self.bot = User(int(token.partition(":")[0]), "Flushwatch", username, is_bot=True)
        self.world = World(self.bot)
        self.faults = Faults()
        self._changed = asyncio.Event()
        self.updates = Updates(self._ring)
        self._server = Server(token, self.world, self.updates, self.faults, self._ring)

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.stop()

    @property
    def api(self) -> str:
        """The root: methods are under `{api}/bot<token>/`, files under `{api}/file/bot<token>/`."""
        return self._server.address

    @property
    def calls(self) -> list[Call]:
        """Every request, in order of arrival."""
        return self._server.calls

    @property
    def unknown_methods(self) -> list[str]:
        """Methods the bot asked for that this fake does not have; each was answered 404."""
        return self._server.unknown_methods

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until `condition` holds; it is looked at after every request, every poll and every act."""
        while not condition():
            self._changed.clear()
            await self._changed.wait()

    def say(
        self,
        chat: Chat,
        user: User,
        text: str,
        *,
        thread: int | None = None,
        anonymous: bool = False,
        as_channel: Chat | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Write a message in a private chat or a group; the bot hears of it as its privacy allows."""
        if chat.kind == "private" and self.world.bot_in(chat).status == "kicked":
            self.unblock(user)
        elif chat.kind == "private":
            self.world.private(user)
        face, sender_chat = (AS_CHANNEL, as_channel) if as_channel else (ANONYMOUS, chat) if anonymous else (user, None)
        message = self.world.post(
            chat,
            Content(text, command_entities(text), text),
            sender=face,
            sender_chat=sender_chat,
            thread_id=thread,
            reply_to=reply_to.id if reply_to else None,
        )
        if hears(self.world, message):
            self._tell("message", message.to_json())
        return message

    def post_in_channel(self, chat: Chat, text: str) -> Message:
        """Post as the channel, by one of its people."""
        message = self.world.post(chat, Content(text, command_entities(text), text), sender_chat=chat)
        if self.world.bot_in(chat).is_admin:
            self._tell("channel_post", message.to_json())
        return message

    def click(self, message: Message, data_or_label: str, user: User, *, forgotten: bool = False) -> Click:
        """Press an inline button, named by its data or its label; raises `LookupError` where there is none.

        Of a `forgotten` message Telegram tells the chat and the number only.
        """
        buttons = [button for row in message.buttons for button in row]
        named = [b for b in buttons if data_or_label in (b.get("callback_data"), b["text"]) and "callback_data" in b]
        if not named:
            raise LookupError(f"no button {data_or_label!r} among {message.labels}")
        number = len(self.world.clicks) + 1
        click = Click(f"{4_000_000 + number}", now_s(), message, user, named[0]["callback_data"])
        self.world.clicks[click.id] = click
        shown = {"chat": message.chat.to_json(), "message_id": message.id, "date": 0}
        told = shown if forgotten else message.to_json()
        body: Json = {"id": click.id, "from": user.to_json(), "message": told, "data": click.data}
        self._tell("callback_query", body | {"chat_instance": str(message.chat.id)})
        return click

    def join(self, chat: Chat, user: User, *, by: User | None = None) -> Message | None:
        """Come in, or be brought in; groups say so in a message, which is returned."""
        self._become(chat, user, "member", by=by)
        if not chat.is_group:
            return None
        return self._service(chat, by or user, {"new_chat_members": [user.to_json()]})

    def leave(self, chat: Chat, user: User, *, kicked_by: User | None = None) -> None:
        """Go, or be kicked."""
        self._become(chat, user, "kicked" if kicked_by else "left", by=kicked_by)

    def promote(self, chat: Chat, user: User, *rights: str, by: User | None = None) -> None:
        """Become administrator with these rights, with all if none is named."""
        self._become(chat, user, "administrator", *rights, by=by)

    def demote(self, chat: Chat, user: User, *, by: User | None = None) -> None:
        """Become an ordinary member again."""
        self._become(chat, user, "member", by=by)

    def block(self, user: User) -> None:
        """Block the bot."""
        self._become(self.world.chats[user.id], self.bot, "kicked", by=user)

    def unblock(self, user: User) -> None:
        """Take the bot back."""
        self._become(self.world.chats[user.id], self.bot, "member", by=user)

    def share_chat(self, user: User, request_id: int, chat: Chat) -> Message:
        """Choose a chat at a KeyboardButtonRequestChat; raises `LookupError` where the app would not offer it."""
        private = self.world.chats[user.id]
        markups = [post.content.markup or {} for post in private.posts]
        buttons = [button for markup in markups for row in markup.get("keyboard", []) for button in row]
        asked = [b["request_chat"] for b in buttons if isinstance(b, dict) and "request_chat" in b]
        wanted = next((request for request in asked if request["request_id"] == request_id), None)
        if wanted is None:
            raise LookupError(f"no button asks for a chat with request_id {request_id}")
        if wanted["chat_is_channel"] != (chat.kind == "channel"):
            raise LookupError(f"the button asks for another kind of chat than {chat.kind}")
        if wanted.get("bot_is_member") and not self.world.bot_in(chat).is_in:
            raise LookupError("the button asks for a chat in which the bot is a member")
        shared: Json = {"request_id": request_id, "chat_id": chat.id}
        shared |= {"title": chat.title} if wanted.get("request_title") else {}
        shared |= {"username": chat.username} if wanted.get("request_username") and chat.username else {}
        return self._service(private, user, {"chat_shared": shared})

    def migrate(self, group: Chat, *, by: User) -> Chat:
        """Turn a basic group into a supergroup with another id; both chats say so."""
        made = self.world.new_chat("supergroup", group.title)
        made.members = dict(group.members)
        self._service(group, by, {"migrate_to_chat_id": made.id})
        group.migrated_to = made.id
        self._service(made, by, {"migrate_from_chat_id": group.id})
        return made

    def close_topic(self, chat: Chat, topic_id: int) -> None:
        """Let only administrators write in a topic; General is topic 1."""
        chat.topics[topic_id].closed = True

    def delete_topic(self, chat: Chat, topic_id: int) -> None:
        """Delete a topic with everything in it."""
        del chat.topics[topic_id]
        chat.messages = {key: post for key, post in chat.messages.items() if post.thread_id != topic_id}

    def push_raw(self, update: Json) -> None:
        """Send the bot an update as it stands, whatever it may be."""
        self.updates.push_raw(update)
        self._ring()

    def _become(self, chat: Chat, user: User, status: Status, *rights: str, by: User | None) -> None:
        before: Member = chat.member(user)
        after = self.world.set_member(chat, user, status, *rights)
        kind = "my_chat_member" if user == self.bot else "chat_member"
        if kind == "chat_member" and not self.world.bot_in(chat).is_admin:
            return
        body: Json = {"chat": chat.to_json(), "from": (by or user).to_json(), "date": self.world.date_s()}
        self._tell(kind, body | {"old_chat_member": before.to_json(), "new_chat_member": after.to_json()})

    def _service(self, chat: Chat, user: User, service: Json) -> Message:
        message = self.world.post(chat, service=service, sender=user)
        if self.world.bot_in(chat).is_in:
            self._tell("message", message.to_json())
        return message

    def _tell(self, kind: str, body: Json) -> None:
        self.updates.push(kind, body)
        self._ring()

    def _ring(self) -> None:
        self._changed.set()
