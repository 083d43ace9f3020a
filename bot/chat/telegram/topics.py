"""Titles of topics. Telegram has no way to ask for one; it tells them with what happens in a topic."""

from __future__ import annotations

from collections import OrderedDict

import telegram

from bot.chat.telegram.addresses import Address, address_in

KEPT_TOPICS = 10_000


class Topics:
    """The titles heard of since the start; a channel keeps the one that it had when it was switched on."""

    def __init__(self) -> None:
        self._titles: OrderedDict[Address, str] = OrderedDict()

    def note(self, message: telegram.Message) -> None:
        """Take in what a message tells: it opens its topic, gives it another title, or answers what opened it.

        A message that answers no other one carries the opening of its topic as if it answered that.
        """
        told = _title(message)
        if not message.is_topic_message or told is None:
            return
        to = address_in(message)
        if message.forum_topic_edited is None and message.forum_topic_created is None and to in self._titles:
            return  # an opening has the first title, which the topic may not have any more
        self._titles[to] = told
        if len(self._titles) > KEPT_TOPICS:
            self._titles.popitem(last=False)

    def title(self, to: Address) -> str | None:
        """What a topic is called; None where that was not told."""
        return self._titles.get(to)


def _title(message: telegram.Message) -> str | None:
    answered = message.reply_to_message.forum_topic_created if message.reply_to_message else None
    for told in (message.forum_topic_edited, message.forum_topic_created, answered):
        if told is not None and told.name:
            return told.name
    return None
