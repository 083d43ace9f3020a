"""Whether everything around the bot is as it should be, from databases to exchanges. It changes nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median_high, median_low
from typing import NamedTuple

from bot.chat.checkup import WORDS, Checkup, Finding, fine, lacking, limited, wrong
from bot.chat.discord.checkup import check_up as check_up_discord
from bot.chat.telegram.chat import PUBLIC
from bot.chat.telegram.checkup import check_up as check_up_telegram
from bot.chat.wording import clean_name
from bot.config import FILE, OTHERS, Config, tokens_open_to_others
from bot.errors import StoreError
from bot.exchange_checkup import ExchangeCheckup
from bot.exchange_checkup import check_up as check_up_exchanges
from bot.logs import redact
from bot.message import Phrase
from bot.platforms import NAMES, Name, point_discord
from bot.store.inspection import inspect_database
from bot.store.rows import ChannelRow

LEAST_FREE_BYTES = 200_000_000
"""An own choice: a full disk stops the bot, and somebody has to have time to notice."""
MOST_DRIFT_S = 5.0
"""An own choice: cards tell minutes, and the dates of answers that the clock is compared with tell seconds."""
RECORDED_BYTES = 660_000_000
"""A day of `flushwatch record`: 300 coins of every exchange of the tests, two closures a second, in November 2026."""
OURS = {".db", ".db-wal", ".db-shm", ".lock", ".token"}
"""How the names of what lies in a data folder end, tokens included."""


class Kept(NamedTuple):
    """A channel of a platform, and the name of the database that has it."""

    database: str
    row: ChannelRow


async def examine(config: Config, now_s: Callable[[], float], say: Callable[[str], None]) -> bool:
    """Check one thing after the other and say a line about each; whether all is well. Takes at most half a minute.

    `now_s` is this machine's clock in seconds since 1970.
    """
    kept: list[Kept] = []
    sound = _told(_at_home(config.data_directory.expanduser(), kept), say)
    exchanges, platforms = await asyncio.gather(
        check_up_exchanges(now_s, config.exchanges), _platforms(config, kept, now_s)
    )
    return _told(_outside(exchanges, platforms, kept), say) and sound


def _told(findings: Iterator[Finding], say: Callable[[str], None]) -> bool:
    sound = True
    for finding in findings:
        say(redact(finding.line))
        sound = sound and finding.sound
    return sound


def _at_home(folder: Path, kept: list[Kept]) -> Iterator[Finding]:
    """Settings, folder and databases; `kept` is filled with the channels found there."""
    yield from _settings()
    try:
        yield _folder(folder)
        yield _disk(folder)
    except OSError as error:
        yield wrong(f"data folder {folder}", f"cannot be looked at: {error.strerror}")
        return
    for file in sorted(folder.glob("*.db")):
        yield _database(file, kept)


def _settings() -> Iterator[Finding]:
    """Nothing about a `.env` without a token; a file with a token that others may open is refused at the start."""
    opened = tokens_open_to_others()
    if opened:
        yield wrong(FILE, f"holds a token, and other users may open it; run chmod 600 {FILE}")
    elif opened is not None:
        yield fine(FILE, "holds a token, and can be opened by this user alone")


def _folder(folder: Path) -> Finding:
    there, free_bytes = _there(folder), _free_bytes(folder)
    amiss = None
    if not there.is_dir():
        amiss = f"{there} is no folder; set FLUSHWATCH_DATA_DIRECTORY to another one"
    elif not os.access(there, os.W_OK | os.X_OK):
        amiss = "cannot be written by this user; change its owner, or set FLUSHWATCH_DATA_DIRECTORY to another one"
    elif there == folder and folder.stat().st_mode & OTHERS:
        amiss = _shared(folder)
    elif free_bytes < LEAST_FREE_BYTES:
        amiss = f"only {free_bytes // 1_000_000} MB are free; make room"
    state = "can be written, by this user alone" if there == folder else "is not there yet, and can be made"
    return Finding(amiss is None, f"data folder {folder}", amiss or f"{state}; {free_bytes / 1e9:.1f} GB free")


def _there(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there already."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(_there(folder)).free


def _disk(folder: Path) -> Finding:
    """What there is room for; recordings may lie elsewhere, and are the only thing that grows by the day."""
    kept_bytes, days = sum(map(_size, folder.glob("*.db*"))), _free_bytes(folder) // RECORDED_BYTES
    room = f"{days:,} of which fit here" if days else "more than is free here"
    told = (
        f"the databases take {kept_bytes / 1e6:.1f} MB; a day of flushwatch record takes about "
        f"{RECORDED_BYTES / 1e9:.1f} GB with 300 coins an exchange, {room}"
    )
    return fine("disk", told) if days else limited("disk", told)


def _size(file: Path) -> int:
    """Zero for one that a running bot has just removed."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _shared(folder: Path) -> str:
    """What to do about a folder that others may look into: it is closed only where nobody else has use for it."""
    told = "other users may look into it"
    alone = all(entry.suffix in OURS for entry in folder.iterdir())
    if alone and folder.stat().st_uid == os.getuid():
        return f"{told}; run chmod 700 {folder}"
    return f"{told}, and it is not Flushwatch's alone; set FLUSHWATCH_DATA_DIRECTORY to a folder of its own"


def _database(file: Path, kept: list[Kept]) -> Finding:
    thing = f"database {file.stem}"
    try:
        found = inspect_database(file)
    except StoreError as error:
        return wrong(thing, str(error))
    kept += [Kept(file.stem, row) for row in found.channels if row.platform in NAMES]
    older = "of an older version" if file.stat().st_size else "an empty file"
    version = "of this version" if found.current else f"{older}; the next start brings it up to date"
    return fine(thing, f"{version}, in use by a running process" if found.in_use else version)


async def _platforms(config: Config, kept: list[Kept], now_s: Callable[[], float]) -> dict[Name, Checkup | None]:
    checkups = await asyncio.gather(*(_asked(name, config, kept, now_s) for name in NAMES))
    return dict(zip(NAMES, checkups, strict=True))


async def _asked(name: Name, config: Config, kept: list[Kept], now_s: Callable[[], float]) -> Checkup | None:
    """What a platform says; None without a token."""
    token = config.token(name)
    places = {row.id: row.place for _, row in kept if row.platform == name and row.state != "off"}
    if token is None:
        return None
    if name == "telegram":
        return await check_up_telegram(token, places, now_s, config.telegram_api or PUBLIC)
    point_discord(config)
    return await check_up_discord(token, places, now_s, config.discord_storage_channel)


def _outside(exchanges: ExchangeCheckup, checkups: dict[Name, Checkup | None], kept: list[Kept]) -> Iterator[Finding]:
    platforms = (checkup.drift_s for checkup in checkups.values() if checkup)
    yield _clock([*exchanges.drifts_s, *(drift_s for drift_s in platforms if drift_s is not None)])
    yield from exchanges.findings
    for name, checkup in checkups.items():
        unset = f"not set, so that {name.capitalize()} is not started (FLUSHWATCH_{name.upper()}_TOKEN)"
        yield from checkup.findings if checkup else [fine(f"{name.capitalize()} token", unset)]
        yield from _channels(name, checkup, [entry for entry in kept if entry.row.platform == name])


def _clock(drifts_s: Sequence[float]) -> Finding:
    """Half of the answers say more and half less: one that was long on its way, or of a wrong clock, does not count.

    In the middle of two stands the smaller one, because the way of an answer makes a clock look fast.
    """
    if not drifts_s:
        return fine("clock", "not checked, because no answer came from anywhere")
    drift_s = min(median_low(drifts_s), median_high(drifts_s), key=abs)
    answers = f"{len(drifts_s)} answer{'' if len(drifts_s) == 1 else 's'}"
    told = f"{abs(drift_s):.1f} s {'ahead of' if drift_s > 0 else 'behind'} the dates of {answers}"
    if abs(drift_s) <= MOST_DRIFT_S:
        return fine("clock", told)
    return wrong("clock", f"{told}; let this machine set its clock, for example by timedatectl set-ntp true")


def _channels(name: Name, checkup: Checkup | None, kept: list[Kept]) -> Iterator[Finding]:
    """A line for each channel; those that could not be looked at, all of them when the token is refused, share one."""
    unseen = 0
    for entry in kept:
        if checkup and entry.row.state != "off" and entry.row.id not in checkup.spots:
            unseen += 1
        else:
            yield _channel(entry, checkup)
    if unseen:
        told = f"{unseen} of {len(kept)} could not be looked at; put right what is told above, or try again"
        yield wrong(f"{name.capitalize()} channels", told)


def _channel(entry: Kept, checkup: Checkup | None) -> Finding:
    row = entry.row
    spot = checkup.spots.get(row.id) if checkup else None
    name = clean_name(spot.name if spot else row.name).removeprefix(f"{row.platform}:")
    thing = f"{row.platform.capitalize()} {name} in {entry.database}"
    if row.state == "off":
        return fine(thing, "alerts are switched off by its admins" if row.state_ms else "alerts were never switched on")
    sound, rights = _rights(row, checkup)
    if row.state == "on":
        return Finding(sound, thing, rights)
    why = WORDS.text(Phrase(f"suspended-{row.reason}"))
    mend = "; switch it on again with /alerts on" if sound and checkup else ""
    return wrong(thing, f"suspended: {why}; {rights}{mend}")


def _rights(row: ChannelRow, checkup: Checkup | None) -> tuple[bool, str]:
    if checkup is None:
        return True, "rights are not checked without a token"
    spot = checkup.spots[row.id]
    if spot is None:
        return False, "I cannot post there, or not see it; invite me again, or choose another channel with /alerts on"
    if spot.missing:
        return False, lacking(spot.missing)
    return True, "every right is there"
