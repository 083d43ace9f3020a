"""The details of a follow-up: one row a check, with its numbers and the rule it was judged by, and what is missing."""

from __future__ import annotations

from bot.aftermath.basis import Basis
from bot.aftermath.books import Books
from bot.aftermath.checks import Checks
from bot.aftermath.follow_through import FollowThrough
from bot.aftermath.high_beta import HighBeta
from bot.aftermath.missing import Missing
from bot.aftermath.spot_perp import Since, SpotPerp
from bot.aftermath.venue_split import VenueSplit
from bot.alerts.card_words import told_usd
from bot.alerts.followup_rows import funding_phrase, interest_phrase, levels_phrase, price_phrases
from bot.alerts.venue_names import venue_name
from bot.flush.episode import Episode
from bot.market.facts import Side
from bot.message import BasisPoints, Count, Name, Names, Number, Percent, Phrase, Phrases, Row, Span, Usd, Value

MINUTE_MS = 60_000
ASIDE = ("basis", "coins", "depth", "venues", "liquidations")


def detail_rows(checks: Checks, episode: Episode, due_ms: int) -> list[Row]:
    """Every check that is due and known, in the order of the four questions and then the rest; last, what is not."""
    phrases = [*_of_coin(checks, episode, due_ms), *_of_market(checks, episode)]
    rows = [Row(phrase) for phrase in phrases]
    missing = not_assessed(checks)
    if missing:
        rows.append(Row(Phrase("detail-not-assessed", {"what": Phrases(missing, "list")}), "muted"))
    return rows


def not_assessed(checks: Checks, *, short: bool = False) -> tuple[Phrase, ...]:
    """What could not be assessed at this step, each with its reason, once; what is not due is not missing.

    With `short` those that no line of a follow-up asks for come last and are named without their reason.
    """
    results = (
        *(checks.rebuild, checks.recovery, checks.funding, checks.levels, checks.basis),
        *(checks.spot_perp, checks.follow_through, checks.high_beta, checks.books, checks.venue_split),
    )
    absent = {result.what: result for result in results if isinstance(result, Missing)}
    if not short:
        return tuple(_missing(result) for result in absent.values())
    aside = tuple(Phrase(f"followup-short-{what}") for what in absent if what in ASIDE)
    return (*(_missing(result) for what, result in absent.items() if what not in ASIDE), *aside)


def basis_phrase(basis: Basis, side: Side) -> Phrase:
    """How far the perp stands from the index, before and now, against its usual."""
    values: dict[str, Value] = {
        "verdict": Phrase(f"detail-basis-{_key(basis.verdict)}"),
        "before": BasisPoints(basis.before_bps),
        "now": BasisPoints(basis.now_bps),
        "usual": BasisPoints(basis.usual_bps),
    }
    parts = [Phrase("detail-basis", values)]
    if basis.closed is not None:
        share = Percent(abs(basis.closed), digits=0)
        parts.append(Phrase("detail-basis-closed" if basis.closed >= 0 else "detail-basis-grown", {"share": share}))
    if basis.overshoot_bps is not None:
        overshoot = BasisPoints(basis.overshoot_bps)
        parts.append(Phrase(f"detail-basis-overshoot-{side}", {"overshoot": overshoot}))
    if basis.perp_led:
        parts.append(Phrase(f"detail-basis-perp-led-{side}"))
    return _line(*parts, Phrase("detail-basis-rule"))


def volume_phrase(volume: SpotPerp) -> Phrase:
    """Who led, by how many times the usual each market traded, and what is traded since."""
    values: dict[str, Value] = {
        "verdict": Phrase(f"detail-volume-{_key(volume.verdict)}"),
        "perp": Number(volume.perp),
        "spot": Number(volume.spot),
        "ratio": Number(volume.ratio, digits=2),
        "low": Number(volume.low, digits=2),
        "high": Number(volume.high, digits=2),
    }
    parts = [Phrase("detail-volume", values)]
    if volume.demand is not None:
        parts.append(Phrase("detail-volume-demand", {"demand": Percent(volume.demand, signed=True)}))
    parts += [_since(since) for since in volume.since]
    if volume.demand is None:
        parts.append(Phrase("detail-volume-no-takers"))
    known: dict[str, Value] = {"hours": Number(volume.hours), "known": Count(volume.hours_known)}
    return _line(*parts, Phrase("detail-volume-rule", known))


def liquidations_phrase(follow: FollowThrough, episode: Episode) -> Phrase:
    """How fast they ran, whether they go on, and on which side."""
    side = episode.side
    q90 = Usd(follow.q90_usd)
    values: dict[str, Value] = {
        "coin": Name(episode.coin),
        "verdict": Phrase(
            f"detail-liquidations-{_key(follow.verdict)}",
            {"above": Count(follow.above), "q90": q90} if follow.verdict == "PERSISTENT" else {},
        ),
        "total": Usd(follow.total_usd, at_least=True),
        "step": Span(round(follow.step_min * MINUTE_MS)),
    }
    if follow.half_min > 0:
        half = Span(round(follow.half_min * MINUTE_MS))
        parts = [Phrase("detail-liquidations", {**values, "half": half})]
    else:
        parts = [Phrase("detail-liquidations-at-peak", values)]
    parts.append(Phrase("detail-liquidations-aftershocks", {"n": Count(follow.aftershocks)}))
    if follow.last is not None:
        last: dict[str, Value] = {"hurt": told_usd(follow.last.hurt_usd), "other": told_usd(follow.last.other_usd)}
        parts.append(Phrase(f"detail-liquidations-last-{side}", last))
    if follow.trend is not None:
        parts.append(Phrase(f"detail-liquidations-{_key(follow.trend)}"))
    if follow.flipped:
        parts.append(Phrase(f"detail-liquidations-flipped-{side}"))
    return _line(*parts, Phrase("detail-liquidations-rule", {"q90": q90}))


def board_phrase(board: HighBeta) -> Phrase:
    """How much of the board moved, who moved further than the majors, and where stress does not show in the price."""
    values: dict[str, Value] = {
        "verdict": Phrase(f"detail-board-{_key(board.verdict)}"),
        "moved": Count(round(board.breadth * board.coins)),
        "coins": Count(board.coins),
        "majors": Percent(board.majors, signed=True),
        "group": Phrase(f"detail-board-{board.group}"),
        "others": Percent(board.high_beta, signed=True),
    }
    parts = [Phrase("detail-board", values)]
    if board.lead is not None and board.times is not None:
        parts.append(Phrase(f"detail-board-{_key(board.lead)}", {"times": Number(board.times)}))
    worst = tuple(
        Phrase(
            "detail-board-coin",
            {
                "coin": Name(entry.coin),
                "residual": Percent(entry.residual, signed=True),
                "beta": Number(entry.beta),
            },
        )
        for entry in board.worst
    )
    if worst:
        parts.append(Phrase("detail-board-worst", {"coins": Phrases(worst, "list")}))
    return _line(*parts, *_hygiene(board), Phrase("detail-board-rule"))


def books_phrase(books: Books) -> Phrase:
    """How full the books are, how thin they were, and how much of the trading is forced."""
    values: dict[str, Value] = {
        "verdict": Phrase(f"detail-books-{_key(books.verdict)}"),
        "share": Percent(books.share, digits=0),
        "now": Usd(books.now_usd),
        "usual": Usd(books.usual_usd),
    }
    parts = [Phrase("detail-books", values)]
    if books.least is not None:
        parts.append(Phrase("detail-books-least", {"share": Percent(books.least, digits=0)}))
    if books.forced is not None:
        parts.append(Phrase("detail-books-forced", {"share": Percent(books.forced, digits=2)}))
    if books.cleaner:
        parts.append(Phrase("detail-books-cleaner"))
    return _line(*parts, Phrase("detail-books-rule", {"days": Count(books.days)}))


def venues_phrase(split: VenueSplit, episode: Episode) -> Phrase:
    """On which exchanges positions were closed, as far as they tell."""
    apart: dict[str, Value] = {} if episode.dislocated is None else {"venue": venue_name(episode.dislocated)}
    shares = tuple(
        Phrase("detail-venue-share", {"venue": venue_name(entry.venue), "share": Percent(entry.share, digits=0)})
        for entry in split.shares
    )
    values: dict[str, Value] = {
        "verdict": Phrase(f"detail-venues-{_key(split.verdict)}", apart),
        "shares": Phrases(shares, "list"),
    }
    parts = [Phrase("detail-venues", values)]
    if split.partial:
        parts.append(Phrase("detail-venues-partial", {"venues": _names(split.partial)}))
    if split.untold:
        parts.append(Phrase("detail-venues-untold", {"venues": _names(split.untold)}))
    return _line(*parts, Phrase("detail-venues-rule"))


def _of_coin(checks: Checks, episode: Episode, due_ms: int) -> list[Phrase]:
    phrases = []
    if not isinstance(checks.rebuild, Missing):
        # Another figure than /flush tells, which is the highest of the hour before.
        phrases.append(_line(interest_phrase(checks.rebuild, episode), Phrase("detail-interest-before")))
    if checks.funding is not None and not isinstance(checks.funding, Missing):
        phrases.append(funding_phrase(checks.funding, episode.side))
    if isinstance(checks.spot_perp, SpotPerp):
        phrases.append(volume_phrase(checks.spot_perp))
    price = [] if isinstance(checks.recovery, Missing) else price_phrases(checks.recovery, episode.side, due_ms)
    levels = () if isinstance(checks.levels, Missing) else checks.levels
    if price or levels:
        phrases.append(levels_phrase(levels, price, episode, due_ms))
    return phrases


def _of_market(checks: Checks, episode: Episode) -> list[Phrase]:
    phrases = []
    if isinstance(checks.follow_through, FollowThrough):
        phrases.append(liquidations_phrase(checks.follow_through, episode))
    if isinstance(checks.basis, Basis):
        phrases.append(basis_phrase(checks.basis, episode.side))
    if isinstance(checks.books, Books):
        phrases.append(books_phrase(checks.books))
    if isinstance(checks.high_beta, HighBeta):
        phrases.append(board_phrase(checks.high_beta))
    if isinstance(checks.venue_split, VenueSplit):
        phrases.append(venues_phrase(checks.venue_split, episode))
    return phrases


def _since(since: Since) -> Phrase:
    values: dict[str, Value] = {
        "hours": Count(since.hours),
        "perp": _times(since.perp),
        "spot": _times(since.spot),
    }
    if since.demand is None:
        return Phrase("detail-volume-since", values)
    return Phrase("detail-volume-since-demand", {**values, "demand": Percent(since.demand, signed=True)})


def _times(multiple: float | None) -> Value:
    return Phrase("detail-unknown") if multiple is None else Phrase("detail-times", {"n": Number(multiple)})


def _hygiene(board: HighBeta) -> list[Phrase]:
    """What the price does not show, and volume that cannot be right."""
    parts = []
    stressed = tuple(
        Phrase(
            "detail-board-stressed",
            {"coin": Name(entry.coin), "share": Percent(entry.share), "move": Percent(entry.move, signed=True)},
        )
        for entry in board.stressed
    )
    if stressed:
        parts.append(Phrase("detail-board-stress", {"coins": Phrases(stressed, "list")}))
    if board.implausible:
        parts.append(Phrase("detail-board-implausible", {"coins": Names(board.implausible)}))
    return parts


def _missing(result: Missing) -> Phrase:
    if result.what == "venues" and result.venues:
        return Phrase("detail-missing-venues-named", {"venues": _names(result.venues)})
    return Phrase(f"followup-missing-{_key(result.what)}")


def _key(verdict: str) -> str:
    return verdict.lower().replace("_", "-")


def _names(venues: tuple[str, ...]) -> Names:
    return Names(tuple(venue_name(venue).text for venue in venues))


def _line(*parts: Phrase) -> Phrase:
    return Phrase("detail-line", {"parts": Phrases(parts)})
