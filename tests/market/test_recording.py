"""Reading and writing recordings: what comes out is valid, and whatever is wrong is said in words."""

from __future__ import annotations

import gzip
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import RecordingError
from bot.market.facts import Bar, Depth, Fact, Feed, Funding, Index, Liquidation, LiquidationTotal, Mark, OpenInterest
from bot.market.recording import Header, read, write

START = 1_764_806_400_000
HEADER = Header(recording=1, name="test", about="made by a test", start_ms=START, end_ms=START + 60_000, facts=0)
HEADER_LINE = msgspec.json.encode(HEADER).decode()
FACTS: list[Fact] = [
    Mark(t=START, venue="binance", base="BTC", price=92_438.5),
    Index(t=START, venue="binance", base="BTC", price=92_440.0, at=START - 900_000),
    OpenInterest(t=START + 1, venue="okx", base="BTC", coins=93_223.0),
    Funding(t=START + 2, venue="okx", base="BTC", rate=-0.0001, interval_h=8, settled=False, next_t=START + 9_000),
    Bar(t=START + 3, venue="okx", base="BTC", market="spot", span_s=60, open=2, high=3, low=1, close=2.5, volume=0),
    LiquidationTotal(t=START + 4, venue="binance+bybit", base="BTC", span_s=60, long_usd=1e6, short_usd=0),
    Liquidation(t=START + 5, venue="bybit", base="BTC", side="long", price=92_000, coins=0.5, usd=46_000),
    Depth(t=START + 6, venue="bybit", base="BTC", bid_usd=0, ask_usd=1e6, spread_bps=0.1),
    Feed(t=START + 7, venue="bybit", feed="liquidation", state="live", since=START),
]


def lines(tmp_path: Path, *rows: str) -> Path:
    """A plain recording with a right header and these lines."""
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join([HEADER_LINE, *rows]) + "\n")
    return path


def mark(t: int = START, price: str = "1.5", more: str = "") -> str:
    """A line with one mark."""
    return f'{{"t":{t},"kind":"mark","venue":"okx","base":"BTC","price":{price}{more}}}'


def test_round_trip(tmp_path: Path) -> None:
    """Every kind of fact and the header come back as they were written."""
    path = tmp_path / "all.jsonl.gz"
    write(path, HEADER, FACTS)
    recording = read(path)
    assert recording.header == HEADER
    assert list(recording) == FACTS
    assert list(recording) == FACTS
    assert recording.truncated is None
    assert not recording.unknown_kinds


def test_same_bytes_under_any_name(tmp_path: Path) -> None:
    """The same facts give the same file, whatever it is called."""
    write(tmp_path / "one.jsonl.gz", HEADER, FACTS)
    write(tmp_path / "two.gz", HEADER, FACTS)
    assert (tmp_path / "one.jsonl.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()


@given(
    st.floats(min_value=1e-12, max_value=1e18),
    st.integers(min_value=0, max_value=10**9),
    st.sampled_from(["long", "short"]),
)
@settings(max_examples=30)
def test_any_liquidation_survives(
    tmp_path_factory: pytest.TempPathFactory, amount: float, late: int, side: str
) -> None:
    """Any amount within the limits comes back exactly."""
    fact = msgspec.convert(
        {"kind": "liquidation", "t": START + late, "venue": "v", "base": "B", "side": side}
        | dict.fromkeys(("price", "coins", "usd"), amount),
        Liquidation,
    )
    path = tmp_path_factory.mktemp("any") / "one.gz"
    write(path, HEADER, [fact])
    assert list(read(path)) == [fact]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (mark(price='"1.5"'), "price: expected a number, got text"),
        (mark(price="null"), "price: expected a number, got nothing"),
        (mark(price="0"), "price: expected a number > 0.0"),
        (mark(price="1e-300"), "the price 1e-300 is below 1e-18"),
        (mark(price="1e19"), "price: expected a number <= 1e+18"),
        (mark(price="NaN"), "NaN"),
        (mark(price="-Infinity"), "Infinity"),
        (mark(t=12), "t: expected a whole number >= 1262304000000"),
        ('{"t":1764806400000,"kind":"mark","venue":"okx","base":"BTC"}', "missing required field price"),
        ('{"t":1764806400000,"kind":"oi","venue":"okx","base":"BTC"}', "neither coins nor usd"),
        ('{"t":1764806400000}', "missing required field kind"),
        ("[1, 2]", "expected an object, got a list"),
        ("}{", "not JSON"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, what: str) -> None:
    """The error names the line and says in words what is wrong with it."""
    recording = read(lines(tmp_path, mark(), line))
    with pytest.raises(RecordingError) as caught:
        list(recording)
    assert caught.value.line == 3
    assert what in caught.value.what


@pytest.mark.parametrize(
    ("prices", "what"),
    [((2, 1, 3, 2), "below the low"), ((9, 3, 1, 2), "outside"), ((2, 3, 1, 0.5), "outside")],
)
def test_a_bar_must_agree_with_itself(tmp_path: Path, prices: tuple[float, ...], what: str) -> None:
    """High below low, or open or close outside them, is an error."""
    columns = ",".join(
        f'"{name}":{value}' for name, value in zip(("open", "high", "low", "close"), prices, strict=True)
    )
    row = f'{{"t":{START},"kind":"bar","venue":"okx","base":"B","market":"perp","span_s":60,{columns},"volume":1}}'
    with pytest.raises(RecordingError, match=what):
        list(read(lines(tmp_path, row)))


def test_a_little_late_is_fine_and_more_is_an_error(tmp_path: Path) -> None:
    """Five seconds behind the latest fact pass, a millisecond more does not; `at` may be as old as it likes."""
    path = lines(tmp_path, mark(START + 5_000), mark(START, more=f',"at":{START - 10**9}'))
    assert len(list(read(path))) == 2
    with pytest.raises(RecordingError, match=r":4: late: t is 5\.001 s"):
        list(read(lines(tmp_path, mark(START + 5_001), mark(START + 1), mark(START))))


def test_unknown_kinds_are_counted(tmp_path: Path) -> None:
    """A kind of a later version is skipped and counted, and unknown fields of a known kind are ignored."""
    later = f'{{"t":{START},"kind":"positioning","anything":[1]}}'
    recording = read(lines(tmp_path, later, mark(more=',"mood":"calm"'), later))
    assert [type(fact) for fact in recording] == [Mark]
    assert recording.unknown_kinds == {"positioning": 2}


def test_a_header_that_does_not_say_when_it_begins(tmp_path: Path) -> None:
    """A recording without `from` begins with its first fact, and is read from there."""
    path = tmp_path / "bare.jsonl"
    path.write_text("\n".join(['{"recording":1,"name":"bare"}', mark(START + 7), mark(START + 9)]))
    recording = read(path)
    assert recording.header == Header(recording=1, name="bare", start_ms=START + 7)
    assert [fact.t for fact in recording] == [START + 7, START + 9]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (bytes(range(256)) * 40, "not a recording"),
        (b'{"t":1}\n', "header is missing"),
        (b'{"recording":2}\n', "format version 2 is unknown"),
        (b'{"recording":1,"name":"x"}\n', "no field from, and no fact"),
        (b"\x1f\x8bnot gzip at all", "damaged"),
        (b"x" * 1_200_000, "longer than"),
    ],
)
def test_what_is_no_recording(tmp_path: Path, content: bytes, what: str) -> None:
    """A file that is no recording is refused at once with one clear sentence."""
    path = tmp_path / "no"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=what):
        read(path)


@pytest.mark.parametrize(
    ("name", "what"),
    [("missing", "no such file"), ("inner", "a folder"), ("", "a folder"), ("file/x", "cannot be read")],
)
def test_a_path_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, what: str) -> None:
    """A missing file, a folder, an empty name and a path through a file are errors of the same kind."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inner").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(RecordingError, match=what):
        read(Path(name))


@pytest.mark.parametrize("packed", [False, True])
def test_a_byte_order_mark_is_passed_over(tmp_path: Path, packed: bool) -> None:
    """A file that an editor saved with a byte order mark reads like one without."""
    path = lines(tmp_path, mark())
    content = b"\xef\xbb\xbf" + path.read_bytes()
    path.write_bytes(gzip.compress(content) if packed else content)
    assert len(list(read(path))) == 1


@pytest.mark.parametrize(("taker_buy", "wrong"), [("2", False), ("2.0000000001", False), ("2.001", True)])
def test_takers_buy_no_more_than_was_traded(tmp_path: Path, taker_buy: str, wrong: bool) -> None:
    """A bar whose takers bought more than its volume is an error; the rounding of sums is none."""
    prices = '"open":2,"high":3,"low":1,"close":2,"volume":2,"taker_buy":'
    bar = f'{{"t":{START},"kind":"bar","venue":"okx","base":"B","market":"perp","span_s":60,{prices}{taker_buy}}}'
    recording = read(lines(tmp_path, bar))
    if wrong:
        with pytest.raises(RecordingError, match=r":2: taker_buy 2\.001 is more than the volume 2"):
            list(recording)
    else:
        assert len(list(recording)) == 1


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_cut_gzip_gives_what_it_has(tmp_path: Path, share: float) -> None:
    """Of a gzip cut anywhere, the whole lines before the cut are read and the place is told."""
    path = tmp_path / "cut.gz"
    facts = [Mark(t=START + n, venue="okx", base="BTC", price=1 + n % 97 / 7) for n in range(20_000)]
    write(path, HEADER, facts)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    recording = read(path)
    got = list(recording)
    assert got == facts[: len(got)]
    assert len(got) > 1_000 * share
    assert recording.truncated is not None
    assert str(len(got) + 1) in recording.truncated or str(len(got) + 2) in recording.truncated


def test_a_damaged_gzip_gives_what_came_before(tmp_path: Path) -> None:
    """Wrong bytes in the middle end the reading, with the damage told, and what lies well before them is right."""
    path = tmp_path / "bad.gz"
    facts = [Mark(t=START + n, venue="okx", base="BTC", price=1 + n * n % 977 / 7) for n in range(20_000)]
    write(path, HEADER, facts)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 200] = b"\xff" * 200
    path.write_bytes(bytes(content))
    recording = read(path)
    got = list(recording)
    sound = len(facts) * 2 // 5
    assert got[:sound] == facts[:sound]
    assert len(got) < len(facts)
    assert recording.truncated is not None
    assert "damaged" in recording.truncated


def test_a_plain_file_cut_within_a_line(tmp_path: Path) -> None:
    """A last line without its end is left out and told, whether the file is packed or not."""
    path = lines(tmp_path, mark(), mark(START + 1))
    path.write_bytes(path.read_bytes()[:-12])
    recording = read(path)
    assert len(list(recording)) == 1
    assert recording.truncated == "line 3 is incomplete: the file ends within it"
    packed = tmp_path / "whole.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert len(list(read(packed))) == 1
