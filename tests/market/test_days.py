from __future__ import annotations

import random
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.errors import RecorderError
from bot.market.days import AHEAD_MS, HEADER_BYTES, NOTE, Days
from bot.market.facts import Fact, Feed, FeedState, Mark
from bot.market.recording import read

MIDNIGHT_MS = 1_773_014_400_000  # 2026-03-09
START_MS = MIDNIGHT_MS - 60_000
FIRST, SECOND = "2026-03-08.jsonl.gz", "2026-03-09.jsonl.gz"


def mark(after_ms: int, price: float = 1.0) -> Mark:
    """A fact so long after the start."""
    return Mark(START_MS + after_ms, "toy", "AVAX", price)


def feed(name: str, state: FeedState, after_ms: int) -> Feed:
    """How a feed stands since so long after the start."""
    return Feed(START_MS + after_ms, "toy", name, state, START_MS + after_ms)


def opened(folder: Path, now_ms: int = START_MS) -> Days:
    """The recordings of a folder, as the next process finds them."""
    return Days(folder, now_ms, "made by a test")


def whole(path: Path) -> list[Fact]:
    """The facts of a file that nothing is wrong with."""
    recording = read(path)
    facts = list(recording)
    assert recording.truncated is None
    assert (recording.header.end_ms, recording.header.facts) == (facts[-1].t, len(facts))
    return facts


def test_a_file_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    """After each part the file is a whole recording, whose header says how far it goes."""
    with opened(tmp_path / "new" / "folder") as days:
        for number in (1, 2, 3):
            days.keep([mark(number * 100)], [], START_MS + number * 100)
            assert len(whole(tmp_path / "new" / "folder" / FIRST)) == number
    assert read(tmp_path / "new" / "folder" / FIRST).header.start_ms == START_MS + 100


def test_a_day_begins_at_midnight(tmp_path: Path) -> None:
    """One part across midnight makes two files, and the second begins with how every feed stands."""
    live = Feed(START_MS + 1, "toy", "oi", "live", START_MS)
    with opened(tmp_path) as days:
        days.keep([live, mark(59_999), mark(60_000), mark(60_001)], [], START_MS + 60_001)
    assert whole(tmp_path / FIRST) == [live, mark(59_999)]
    assert whole(tmp_path / SECOND) == [Feed(MIDNIGHT_MS, "toy", "oi", "live", START_MS), mark(60_000), mark(60_001)]


@pytest.mark.parametrize("torn", [b"", b"\x1f\x8b\x08\x00", b"anything"])
def test_after_a_crash_it_goes_on_with_what_was_held(tmp_path: Path, torn: bytes) -> None:
    """What a dead process held is there, what it had begun to write is cut off, and the pause is told."""
    with opened(tmp_path) as days:
        days.keep(
            [feed("oi", "live", 1), feed("bar", "live", 1)], [feed("bar", "stale", 800), mark(900)], START_MS + 10
        )
    with (tmp_path / FIRST).open("ab") as file:
        file.write(torn)
    with opened(tmp_path, START_MS + 5_000) as days:
        assert (days.held, days.floor_ms) == ([feed("bar", "stale", 800), mark(900)], START_MS + 10)
        pause = days.pause(START_MS + 5_000)
        assert pause == [Feed(START_MS + 5_000, "toy", "oi", "stale", START_MS + 900)]
        days.keep([*days.held, *pause], [], START_MS + 5_000)
    assert [fact.t - START_MS for fact in whole(tmp_path / FIRST)] == [1, 1, 800, 900, 5_000]
    with opened(tmp_path, START_MS + 6_000) as days:
        assert days.pause(START_MS + 6_000) == []


def test_nothing_of_the_first_minute_is_lost(tmp_path: Path) -> None:
    """Facts that are held before the first one was written are there for the next process."""
    with opened(tmp_path) as days:
        days.keep([], [mark(500), mark(900)], START_MS)
    assert list(read(tmp_path / FIRST)) == []
    with opened(tmp_path, START_MS + 5_000) as days:
        days.keep([mark(400), *days.held], [], START_MS + 5_000)
    assert [fact.t - START_MS for fact in whole(tmp_path / FIRST)] == [400, 500, 900]
    assert read(tmp_path / FIRST).header.start_ms == START_MS + 400


def test_without_its_note_it_goes_on_in_a_second_part(tmp_path: Path) -> None:
    """A file that nothing is known of is left as it is, and one without a fact is used."""
    with opened(tmp_path) as days:
        days.keep([mark(1)], [], START_MS + 1)
    (tmp_path / NOTE).unlink()
    (tmp_path / SECOND).write_bytes(b"x" * HEADER_BYTES)
    with opened(tmp_path) as days:
        days.keep([mark(5), mark(60_000)], [], START_MS + 60_000)
    assert whole(tmp_path / FIRST) == [mark(1)]
    assert whole(tmp_path / "2026-03-08-2.jsonl.gz") == [mark(5)]
    assert whole(tmp_path / SECOND) == [mark(60_000)]


def test_a_file_that_is_shorter_than_noted_is_left_alone(tmp_path: Path) -> None:
    """Somebody put another file in the place of the recording: a second part is begun."""
    with opened(tmp_path) as days:
        days.keep([mark(1)], [], START_MS + 1)
    (tmp_path / FIRST).write_bytes((tmp_path / FIRST).read_bytes()[:-1])
    with opened(tmp_path) as days:
        days.keep([mark(5)], [], START_MS + 5)
    assert whole(tmp_path / "2026-03-08-2.jsonl.gz") == [mark(5)]


def test_one_process_at_a_time(tmp_path: Path) -> None:
    """A second one is refused with a sentence that names the folder, and let in when the first is gone."""
    with opened(tmp_path), pytest.raises(RecorderError, match=r"^Another Flushwatch process records into .+\.$"):
        opened(tmp_path)
    opened(tmp_path).__exit__(None, None, None)


def test_a_clock_that_was_set_far_back_is_said(tmp_path: Path) -> None:
    """Facts that are later than the clock by more than five minutes end the start; exactly five do not."""
    with opened(tmp_path) as days:
        days.keep([mark(1)], [], START_MS + 1)
    opened(tmp_path, START_MS + 1 - AHEAD_MS).__exit__(None, None, None)
    with pytest.raises(RecorderError, match=r"later than the clock"):
        opened(tmp_path, START_MS - AHEAD_MS)


def test_a_damaged_note_is_said(tmp_path: Path) -> None:
    """A note that cannot be read ends the start with one sentence that says what to do."""
    (tmp_path / NOTE).write_bytes(b"{}")
    with pytest.raises(RecorderError, match=r"damaged; delete it"):
        opened(tmp_path)


def test_a_folder_that_cannot_be_one_is_said(tmp_path: Path) -> None:
    """Where a file is in the way the start ends with one sentence."""
    (tmp_path / "file").touch()
    with pytest.raises(RecorderError, match=r"file/folder cannot be recorded into: Not a directory\.$"):
        opened(tmp_path / "file" / "folder")


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """A disk that takes no more, for this process."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_said_and_leaves_a_whole_file(tmp_path: Path) -> None:
    """What was begun is cut off again, so that what was written before stays a recording, and can be gone on with."""
    numbers = random.Random(1)
    many = [mark(10 + number, numbers.random() + 1) for number in range(2_000)]
    with opened(tmp_path) as days:
        days.keep([mark(1)], [], START_MS + 1)
        with no_file_longer_than(8_192), pytest.raises(RecorderError, match=r"cannot be recorded into: File too large"):
            days.keep(many, [], START_MS + 5_000)
        assert whole(tmp_path / FIRST) == [mark(1)]
    with opened(tmp_path) as days:
        days.keep([mark(2)], [], START_MS + 2)
    assert whole(tmp_path / FIRST) == [mark(1), mark(2)]
