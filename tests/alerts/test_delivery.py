"""One delivery and what becomes of it, beyond what the sender's own tests show."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.delivery import BACK_OFF_S, Outcome, deliver
from bot.alerts.settings import ChannelSettings, encode_settings
from bot.errors import (
    ChannelLostError,
    ChannelMovedError,
    DeliveryError,
    MessageGoneError,
    TemporaryDeliveryError,
    UnknownOutcomeError,
)
from bot.message import Post, Turn, encode
from bot.store.claims import Claimed, Moment, claim_deliveries, record_outcome, release_leases
from bot.store.deliveries import load_delivery, save_delivery, save_message
from bot.store.rows import ChannelRow, DeliveryRow, MessageRow
from tests.alerts.outgoing import NOW_MS, Chat, card, delivery
from tests.store.filled import fresh

SENT = delivery("card", state="sent", platform_id="9", sent_revision=1, wanted_revision=3, sent_ms=NOW_MS)
ON = ChannelRow("test:1", "test", "one", "{}", 1, NOW_MS)


async def handed(chat: Chat, entry: Claimed, now_ms: int = NOW_MS, *, steady: bool = True) -> Outcome:
    """One delivery carried out at a moment, both clocks together, without a wait for its turn."""

    async def at_once() -> None:
        """Nothing has to be waited for."""

    return await deliver(chat, entry, Moment(now_ms, now_ms), at_once, steady=steady)


def claimed(
    row: DeliveryRow, *, kind: str = "card", channel: ChannelRow | None = ON, answers: DeliveryRow | None = None
) -> Claimed:
    """A delivery as a sender holds it; with `answers` it is a follow-up of that card."""
    thread_of = answers.message_id if answers else None
    message = MessageRow(
        row.message_id, None, kind, "card", row.wanted_revision, encode(card()).decode(), thread_of, NOW_MS, NOW_MS
    )
    return Claimed(row, message, channel, answers)


@pytest.mark.parametrize("state", ["off", "suspended"])
async def test_an_edit_for_a_channel_that_hears_nothing_leaves_the_post_as_it_stands(state: str) -> None:
    """The post counts as up to date, so that it is not claimed again, and the reason is kept."""
    chat = Chat()
    outcome = await handed(chat, claimed(SENT, channel=ON._replace(state=state)))  # type: ignore[arg-type]  # a state
    assert (outcome.row.state, outcome.row.sent_revision) == ("sent", 3)
    assert outcome.row.last_error == f"the channel is {state}"
    assert chat.edits == []


@pytest.mark.parametrize("state", ["off", "suspended"])
async def test_a_test_post_goes_out_to_a_channel_that_hears_nothing(state: str) -> None:
    """Whoever asks for a test wants to know whether posts can arrive, also where none are sent now."""
    chat = Chat()
    outcome = await handed(chat, claimed(delivery("test"), kind="test", channel=ON._replace(state=state)))  # type: ignore[arg-type]  # a state
    assert (outcome.row.state, chat.taken) == ("sent", ["test"])


async def test_a_post_is_said_as_its_channel_wants_it() -> None:
    """Language, theme, threads and sound come from the channel's settings and the delivery, not from the message."""
    chat = Chat()
    wanted = ChannelSettings(language="es", theme="light", followups_in="thread")
    channel = ON._replace(settings=encode_settings(wanted))
    await handed(chat, claimed(delivery("15m", silent=True), channel=channel, answers=SENT))
    [post] = chat.posts
    assert (post.language, post.theme, post.in_thread, post.silent) == ("es", "light", True, True)
    assert (post.thread_of, post.reply_to, post.now_ms) == ("card", "9", NOW_MS)


async def test_a_follow_up_of_a_card_that_may_have_arrived_is_sent_without_an_answer_to_it() -> None:
    """Where nobody knows the card's id there the follow-up still comes, standing alone."""
    chat = Chat()
    unknown = delivery("card", state="unknown")
    assert (await handed(chat, claimed(delivery("15m"), answers=unknown))).row.state == "sent"
    assert chat.posts[0].reply_to is None


@pytest.mark.parametrize("state", ["pending", "dropped", "dead"])
async def test_a_follow_up_of_a_card_that_never_came_is_dropped(state: str) -> None:
    """Whatever kept the card away keeps its follow-ups away too."""
    outcome = await handed(Chat(), claimed(delivery("15m"), answers=delivery("card", state=state)))
    assert outcome.row.state == "dropped"


async def test_an_edit_never_expires() -> None:
    """A post that stands in a channel is brought up to date however late."""
    chat = Chat()
    outcome = await handed(chat, claimed(SENT._replace(expires_ms=NOW_MS)), NOW_MS + 10**9)
    assert (chat.edits, outcome.row.sent_revision, outcome.row.edited_ms) == ([("9", 3)], 3, NOW_MS + 10**9)


async def test_a_lost_answer_to_an_edit_is_no_repeat() -> None:
    """The edit is made again as it was: an edit that arrives twice shows once."""
    chat = Chat(UnknownOutcomeError("no answer"))
    outcome = await handed(chat, claimed(SENT))
    assert (outcome.row.state, outcome.row.sent_revision, outcome.hold_s) == ("sent", 1, BACK_OFF_S)
    again = await handed(chat, claimed(outcome.row), NOW_MS + 10**6)
    assert (again.row.sent_revision, again.row.repeats, again.row.attempted_ms) == (3, 0, None)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (ChannelMovedError("test:-1"), Outcome(delivery("card"), moved_to="test:-1")),
        (TemporaryDeliveryError("wait", 7.5), Outcome(delivery("card", last_error="wait"), hold_s=7.5)),
        (
            TemporaryDeliveryError("banned", 600, everywhere=True),
            Outcome(delivery("card", last_error="banned"), hold_s=600, everywhere=True),
        ),
        (
            TemporaryDeliveryError("502", everywhere=True),
            Outcome(delivery("card", last_error="502", failures=1), hold_s=BACK_OFF_S, everywhere=True, answered=False),
        ),
        (
            MessageGoneError("deleted"),
            Outcome(delivery("card", state="dead", sent_revision=1, failures=1, last_error="deleted")),
        ),
    ],
)
async def test_what_a_failure_leaves(error: DeliveryError, outcome: Outcome) -> None:
    """A move and a wish for patience cost no try; other failures are counted and say how long to wait."""
    assert await handed(Chat(error), claimed(delivery("card"))) == outcome


async def test_a_lost_channel_is_named_for_whoever_suspends_it() -> None:
    """The outcome carries the reason beside the row that is given up."""
    lost = ChannelLostError("rights", "50013 Missing Permissions")
    outcome = await handed(Chat(lost), claimed(delivery("card")))
    assert (outcome.row.state, outcome.row.last_error, outcome.lost) == ("dead", "50013 Missing Permissions", lost)


class Witness(Chat):
    """A chat that also remembers what it was asked to post and did not confirm."""

    def __init__(self, *failures: DeliveryError, repeatable_for_ms: int) -> None:
        super().__init__(*failures, repeatable_for_ms=repeatable_for_ms)
        self.asked: list[Post] = []

    async def send(self, post: Post, turn: Turn) -> str:
        self.asked.append(post)
        return await super().send(post, turn)


class Run:
    """One delivery in a real database, tried by senders that fail, lose answers and are killed.

    `copies` are the posts that the chat showed or may have shown, with the moment of each.
    """

    def __init__(self, repeatable_for_ms: int) -> None:
        self.db = fresh()
        self.repeatable_for_ms = repeatable_for_ms
        self.copies: list[tuple[int, Post]] = []
        body = encode(card()).decode()
        save_message(self.db, MessageRow("card", None, "card", "card", 1, body, None, NOW_MS, NOW_MS))
        save_delivery(self.db, delivery("card"))

    @property
    def row(self) -> DeliveryRow:
        """The delivery as it is kept."""
        row = load_delivery(self.db, "card", "test:1")
        assert row is not None
        return row

    def attempt(self, fate: str, now_ms: int) -> None:
        """Claim what is due and let it meet its fate."""
        errors = {"lost": UnknownOutcomeError("no answer"), "refused": TemporaryDeliveryError("502")}
        chat = Witness(*([errors[fate]] if fate in errors else []), repeatable_for_ms=self.repeatable_for_ms)
        for entry in claim_deliveries(self.db, "test", Moment(now_ms, now_ms), 1, (), self.repeatable_for_ms).taken:
            outcome = asyncio.run(handed(chat, entry, now_ms))
            if fate != "refused":
                self.copies += [(now_ms, post) for post in chat.asked]
            if fate == "killed":
                release_leases(self.db, "test")
            else:
                record_outcome(self.db, outcome.row)


fates = st.lists(
    st.tuples(st.sampled_from(["lost", "killed", "refused", "arrives"]), st.integers(1, 90_000)), max_size=12
)


@given(fates, st.sampled_from([0, 120_000]))
def test_however_often_answers_are_lost_and_senders_killed_nobody_sees_a_third_copy(
    happening: list[tuple[str, int]], repeatable_for_ms: int
) -> None:
    """Copies beyond the platform's own window are at most one, it is marked, and no other copy is."""
    run, now_ms = Run(repeatable_for_ms), NOW_MS
    for fate, wait_ms in happening:
        now_ms += wait_ms
        run.attempt(fate, now_ms)
    if run.copies:
        first_ms = run.copies[0][0]
        late = [post.repeat for at_ms, post in run.copies if at_ms - first_ms >= repeatable_for_ms and at_ms > first_ms]
        early = [post.repeat for at_ms, post in run.copies if at_ms - first_ms < repeatable_for_ms or at_ms == first_ms]
        assert late in ([], [True])
        assert not any(early)
    run.db.close()
