"""Turns: every request that posts or edits has its own, taken right before it; nobody waits for others without need."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from itertools import pairwise

import pytest

from bot.alerts.pacing import Limit, Pacing
from bot.chat.telegram.addresses import Address
from bot.chat.telegram.answers import MOST_IN_A_GROUP
from bot.chat.telegram.lanes import MOST_AT_ALL, Lanes
from bot.chat.telegram.limits import WHOLE
from bot.chat.telegram.render import Shown
from bot.chat.telegram.writer import Writer
from bot.errors import ChannelLostError, TemporaryDeliveryError
from bot.message import Button, ChartRequest, Message, Theme, Turn
from tests.chat.telegram.house import House, by_bot, card, chart, png, said
from tests.chat.telegram.posting import WORDS, post, send
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.faults import EDITS, SENDS

pytestmark = [pytest.mark.wire, pytest.mark.jumping_clock]

AT = "@flushwatch_test_bot"
PHOTO = card()


def requests(house: House) -> int:
    """How many requests posted or edited something, or tried to."""
    return sum(call.method in SENDS | EDITS for call in house.fake.calls)


async def gone(house: House, _: Chat, turn: Turn) -> None:
    """A topic that is gone, and then its chat."""
    forum = house.fake.world.supergroup("Forum", forum=True)
    with pytest.raises(ChannelLostError):
        await house.chat.transport.send(post(house, forum, thread=77), turn)


async def refused_file(house: House, desk: Chat, turn: Turn) -> None:
    """A file that Telegram forgot, and then an upload."""
    house.fake.world.photos.clear()
    await house.chat.transport.send(post(house, desk, PHOTO), turn)


async def other_kind(house: House, desk: Chat, turn: Turn) -> None:
    """Words that turn out to be a caption, edited by a process that did not post them."""
    later = House(house.fake, house.store)
    await later.chat.start()
    edit = post(later, desk, card("beta", chart=None))
    await later.chat.transport.edit(edit, str(by_bot(desk)[-1].id), turn)
    await later.chat.stop()


async def new_chart(house: House, desk: Chat, turn: Turn) -> None:
    """An edit that brings another chart."""
    edit = post(house, desk, card("beta", chart=chart("new")))
    await house.chat.transport.edit(edit, str(by_bot(desk)[-1].id), turn)


async def markup(house: House, desk: Chat, turn: Turn) -> None:
    """Markup that cannot be read, and then plain text: as a post, as an edit, and as an edit of a photo."""
    broken, writer = Shown("<b>open", "open"), Writer(house.chat._bot)
    address, number = Address(desk.id), by_bot(desk)[-1].id
    await writer.send(address, broken, turn)
    await writer.edit(address, number, broken, turn, caption=True)
    await writer.edit_photo(address, number, broken._replace(plain="other"), turn, png("x"))


@pytest.mark.parametrize(("act", "count"), [(gone, 2), (refused_file, 2), (other_kind, 2), (new_chart, 1), (markup, 6)])
async def test_each_request_has_a_turn_of_its_own(
    house: House, act: Callable[[House, Chat, Turn], Awaitable[None]], count: int
) -> None:
    """However many requests one post takes, there is one turn right before each."""
    desk = house.fake.world.supergroup("Desk")
    await send(house, desk, PHOTO)
    before, turns = requests(house), list[int]()

    async def turn() -> None:
        turns.append(requests(house) - before)

    await act(house, desk, turn)
    assert turns == list(range(count))
    assert requests(house) - before == count


class SlowPencil:
    """Draws for two seconds."""

    def __init__(self) -> None:
        self.drawn = 0

    async def draw(self, request: ChartRequest, wording: object, theme: Theme, note: str | None = None) -> bytes:
        await asyncio.sleep(2)
        self.drawn += 1
        return png("slow")


async def test_drawing_comes_before_the_turn(silent_house: House) -> None:
    """What was drawn slowly does not go out later than its turn."""
    pencil = SlowPencil()
    house = House(silent_house.fake, silent_house.store, drawing=pencil)
    await house.chat.start()
    desk, drawn = house.fake.world.supergroup("Desk"), list[int]()

    async def turn() -> None:
        drawn.append(pencil.drawn)

    await house.chat.transport.send(post(house, desk, PHOTO), turn)
    await house.chat.stop()
    assert drawn == [1]


async def test_a_new_chart_does_not_bunch_requests(house: House) -> None:
    """Forty chats that wait for the same upload post at the platform's pace once it is there."""
    pacing, loop = Pacing(Limit(*WHOLE)), asyncio.get_running_loop()
    desks = [house.fake.world.supergroup(f"Desk {number}") for number in range(40)]
    house.fake.faults.delay_s["sendPhoto"] = 2.0

    async def one(desk: Chat) -> None:
        async def turn() -> None:
            await asyncio.sleep(pacing.take(str(desk.id), loop.time()) - loop.time())

        await house.chat.transport.send(post(house, desk, PHOTO), turn)

    await asyncio.gather(*map(one, desks))
    at_s = sorted(call.at_s for call in house.fake.calls if call.method == "sendPhoto")
    assert len(at_s) == 40
    assert min(later - earlier for earlier, later in pairwise(at_s)) > 0.5 * WHOLE.every_s
    assert [call.status for call in house.fake.calls if call.status == 429] == []


async def test_a_chat_whose_turn_is_far_away_keeps_no_chart_from_others(house: House) -> None:
    """Another chat uploads the same chart itself after a while."""
    slow, quick = house.fake.world.supergroup("Slow"), house.fake.world.supergroup("Quick")

    async def late() -> None:
        await asyncio.sleep(500)

    waiting = asyncio.create_task(house.chat.transport.send(post(house, slow, PHOTO), late))
    await asyncio.sleep(1)
    began_s = asyncio.get_running_loop().time()
    await send(house, quick, PHOTO)
    assert asyncio.get_running_loop().time() - began_s < 15
    await waiting
    assert [by_bot(chat)[0].content.photo is not None for chat in (slow, quick)] == [True, True]


@pytest.mark.parametrize("message", [WORDS, PHOTO], ids=["text", "photo"])
async def test_a_turn_may_be_refused(house: House, message: Message) -> None:
    """While the platform is paused nothing is sent, the reason comes back as it is, and the next post goes out."""
    desk = house.fake.world.supergroup("Desk")

    async def refused() -> None:
        raise TemporaryDeliveryError("paused", 30, everywhere=True)

    with pytest.raises(TemporaryDeliveryError) as error:
        await house.chat.transport.send(post(house, desk, message), refused)
    assert error.value.retry_after_s == 30
    assert requests(house) == 0
    await send(house, desk, message)


async def test_patience_that_is_asked_of_an_answer_holds_the_chat(house: House) -> None:
    """Whoever paces the chat is told, and the answer is said once more in another turn."""
    ana = house.fake.world.user("Ana")
    desk = house.fake.world.supergroup("Desk", ana)
    house.fake.world.flood.pause_next(desk, 7)
    house.fake.say(desk, ana, f"/oi{AT} BTC")
    await house.told(desk)
    channel = f"telegram:{desk.id}"
    assert (house.held, house.turns) == ([(channel, 7.0)], [channel] * 2)


async def test_an_answer_that_would_come_far_too_late_is_left(house: House) -> None:
    """An hour of patience is kept for the posts, but nobody gets an answer after it."""
    ana = house.fake.world.user("Ana")
    desk = house.fake.world.supergroup("Desk", ana)
    house.fake.world.flood.pause_next(desk, 3_600)
    house.fake.say(desk, ana, f"/oi{AT} BTC")
    await house.fake.until(lambda: house.fake.calls[-1].status == 429)
    await asyncio.sleep(4_000)
    assert (house.held, by_bot(desk)) == ([(f"telegram:{desk.id}", 3_600.0)], [])


async def test_a_busy_group_gets_a_few_answers_and_every_key_its_own(house: House) -> None:
    """Of thirty pressed keys all are answered within seconds, five post something, and others are not kept waiting."""
    fake, now_s = house.fake, asyncio.get_running_loop().time
    people = [fake.world.user(f"User {number}") for number in range(30)]
    desk, quiet = fake.world.supergroup("Desk", *people), fake.world.private(people[0])
    keys = (Button(said("OI"), "/oi BTC"),)
    await send(house, desk, card(buttons=keys, chart=None))
    shown, began_s = by_bot(desk)[-1], now_s()
    fake.world.flood.pause_next(desk, 50)
    clicks = [fake.click(shown, "do:/oi BTC", person) for person in people]
    await fake.until(lambda: all(click.answer is not None for click in clicks))
    fake.say(quiet, people[0], "/oi BTC")
    await house.told(quiet)
    assert now_s() - began_s < 5
    await asyncio.sleep(300)
    assert len(by_bot(desk)) - 1 == MOST_IN_A_GROUP


async def test_talk_takes_no_room_from_questions(house: House) -> None:
    """Where the bot hears everything, a hundred messages that are not for it keep no command from being answered."""
    fake = house.fake
    ana = fake.world.user("Ana")
    desk = fake.world.supergroup("Desk", owner=ana, bot="administrator")
    fake.faults.delay_s["getChatAdministrators"] = 10.0
    fake.say(desk, ana, "/alerts log")
    for number in range(100):
        fake.say(desk, ana, f"talk {number}")
    fake.say(desk, ana, "/oi BTC")
    await house.told(desk, 2)


async def test_too_much_work_is_left_and_never_waited_for() -> None:
    """With all room taken what people ask is left at once, and news of who is where are still taken."""
    lanes, gate, done = Lanes(), asyncio.Event(), list[str]()

    async def slow() -> None:
        await gate.wait()

    async def news() -> None:
        done.append("news")

    group: dict[Hashable, int] = {("keys", 1): 40}
    assert [lanes.offer(("key", user), slow, "key", group) for user in range(41)] == [True] * 40 + [False]
    taken = [lanes.offer(("chat", chat), slow, "chat", {}) for chat in range(MOST_AT_ALL)]
    assert taken.count(True) == MOST_AT_ALL - 40
    lanes.put(("where", 1), news, "news")
    await asyncio.sleep(0.1)
    assert done == ["news"]
    gate.set()
    await lanes.close(1)
    assert lanes.offer(("key", 1), news, "key", group)
    await lanes.close(1)
