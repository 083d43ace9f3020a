"""The rows of the database as plain values: no SQL, no meaning beyond what each field says. Times are UTC ms."""

from typing import Literal, NamedTuple

DeliveryState = Literal["pending", "sent", "unknown", "dropped", "dead"]
ChannelState = Literal["on", "off", "suspended"]


class EpisodeRow(NamedTuple):
    """A flush; `body` is its JSON, the rest is there to find it."""

    id: str
    coin: str
    side: str
    onset_ms: int
    ended_ms: int | None
    peak_score: float
    band: str
    body: str


class ChannelRow(NamedTuple):
    """A channel of a chat; `settings` is JSON, `revision` counts its changes.

    It hears alerts while its `state` is "on". "off" is what its admins chose, "suspended" what happened to it, with a
    `reason` of one word; `state_ms` is since when. `place` is the server or chat that it belongs to.
    """

    id: str
    platform: str
    name: str
    settings: str
    revision: int
    created_ms: int
    place: str = ""
    state: ChannelState = "on"
    reason: str = ""
    state_ms: int = 0


class SettingsChangeRow(NamedTuple):
    """Who changed what, for the audit: one row a change."""

    channel_id: str
    at_ms: int
    who: str
    key: str
    old: str
    new: str


class MessageRow(NamedTuple):
    """A message as data; a higher `revision` replaces the body. `thread_of` is the id of the card it answers."""

    id: str
    episode_id: str | None
    kind: str
    step: str
    revision: int
    body: str
    thread_of: str | None
    created_ms: int
    revised_ms: int


class DeliveryRow(NamedTuple):
    """One message to one channel: what it should show (`wanted_revision`) and what it shows (`sent_revision`).

    `priority`: lower goes first. `expires_ms`: not worth sending after it. `failures` counts recorded failures only,
    so that a killed process leaves no trace in it; `leased_until_ms` is set while a sender holds the row.
    `attempted_ms` is when the first attempt began whose outcome is not known, `repeats` how often it was sent again
    although an earlier attempt may have arrived. "unknown": it may have arrived, and no further try is made.
    `put_ms` is when it was put into the outbox, by the stream's clock.
    """

    message_id: str
    channel_id: str
    platform: str
    state: DeliveryState
    wanted_revision: int
    sent_revision: int
    priority: int
    silent: bool
    due_ms: int
    expires_ms: int | None
    platform_id: str | None
    leased_until_ms: int | None
    failures: int
    last_error: str | None
    sent_ms: int | None
    edited_ms: int | None
    attempted_ms: int | None = None
    repeats: int = 0
    put_ms: int = 0


class DecisionRow(NamedTuple):
    """Why an episode was or was not posted in a channel: the newest named reason; `posted` once a card went out."""

    episode_id: str
    channel_id: str
    reason: str
    posted: bool
    at_ms: int


class PartRow(NamedTuple):
    """One coin's part in a flush: liquidations of both sides in US dollars, None where unknown, and its highest score.

    Not a table of its own: it is read from the `body` of an episode.
    """

    episode_id: str
    usd: float | None
    peak_score: float


class StepRow(NamedTuple):
    """One change of a flush, or the post about a day (event "day"): all that decides who hears of it.

    `episode_id` is "day/20472" for a day. `reached` is JSON {coin: band} of the coins that reached a band since the
    change before, empty for none; `observed_usd` is None where unknown; `leg_ms` is when its newest leg began.
    """

    episode_id: str
    event: str
    at_ms: int
    scope: str
    band: str
    peak_score: float
    observed_usd: float | None
    leg_ms: int
    ended: bool
    reached: str


class DueRow(NamedTuple):
    """Work that is due at a moment: `done_ms` and `outcome` are None until it was done or skipped.

    Of the digest of a channel `episode_id` is "digest/discord:123" and `step` its UTC day since 1970.
    """

    episode_id: str
    step: str
    due_ms: int
    done_ms: int | None
    outcome: str | None


class ReportRow(NamedTuple):
    """What was found at one step of a flush, written once: `body` is its JSON.

    `step` is a checkpoint ("4h") or a box that tripped between two ("reload"); `due_ms` is as of when it speaks,
    `posted_ms` when it was put out.
    """

    episode_id: str
    step: str
    due_ms: int
    posted_ms: int
    body: str


class OutcomeRow(NamedTuple):
    """What came after one call of ours by one horizon, written once: `body` is its JSON, random moments beside it.

    `call` is "alert" or the checkpoint of a reading, `made_ms` when it was made, `due_ms` that many `hours` later, and
    `done_ms` when it was written down.
    """

    episode_id: str
    call: str
    hours: int
    made_ms: int
    due_ms: int
    done_ms: int
    body: str


class MarkRow(NamedTuple):
    """Something a platform has to remember under a name of its own, such as what commands it registered last."""

    key: str
    value: str


class SentRow(NamedTuple):
    """A delivery with its message, for showing a channel again after a restart."""

    message: MessageRow
    delivery: DeliveryRow
