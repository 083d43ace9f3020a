"""Takes deliveries that are due out of the outbox and hands them to the chats, by the stream's clock.

A delivery is claimed with a lease, sent, and its outcome recorded in one transaction for the whole batch. A process
that dies in between leaves the lease, which is released at the next start.
"""

import logging
from collections.abc import Mapping

from bot.alerts.outbox import Transport
from bot.errors import PermanentDeliveryError, TemporaryDeliveryError
from bot.message import decode
from bot.store.database import Database, Store
from bot.store.deliveries import claim_deliveries, release_leases, save_delivery
from bot.store.rows import DeliveryRow, MessageRow

log = logging.getLogger(__name__)

BATCH = 20
LEASE_MS = 60_000
BACK_OFF_MS = 5_000
BACK_OFF_MOST_MS = 600_000
MOST_FAILURES = 8


class Sender:
    """Delivers for the platforms it was given a transport of; other rows wait."""

    def __init__(self, store: Store, transports: Mapping[str, Transport]) -> None:
        self._store = store
        self._transports = transports

    async def start(self) -> None:
        """Free what a killed process held."""
        await self._store.run(release_leases)

    async def pump(self, now_ms: int) -> int:
        """Send everything that is due at `now_ms`; returns how many new posts went out."""
        posts = 0
        while True:
            claimed = await self._store.run(
                lambda db: claim_deliveries(db, tuple(self._transports), now_ms, BATCH, LEASE_MS)
            )
            if not claimed:
                return posts
            outcomes = [await self._deliver(row, message, now_ms) for row, message in claimed]
            await self._store.run(lambda db, rows=outcomes: _record(db, rows))  # type: ignore[misc]  # mypy has no type for the default
            posts += sum(
                row.state == "sent" and before.state == "pending"
                for row, (before, _) in zip(outcomes, claimed, strict=True)
            )

    async def _deliver(self, row: DeliveryRow, message: MessageRow, now_ms: int) -> DeliveryRow:
        """Send or edit one, and return the row with its outcome."""
        row = row._replace(leased_until_ms=None)
        if row.state == "pending" and row.expires_ms is not None and row.expires_ms < now_ms:
            return row._replace(state="dropped", last_error="expired before it could be sent")
        try:
            return await self._hand_over(row, message, now_ms)
        except PermanentDeliveryError as error:
            log.warning("Delivery refused channel=%s message=%s: %s", row.channel_id, row.message_id, error)
            return row._replace(state="dead", last_error=str(error), failures=row.failures + 1)
        except TemporaryDeliveryError as error:
            wait_ms = int(1000 * error.retry_after_s) if error.retry_after_s is not None else _back_off_ms(row.failures)
            return _postponed(row, str(error), now_ms + wait_ms)
        except Exception as error:
            log.exception("Delivery failed channel=%s message=%s", row.channel_id, row.message_id)
            return _postponed(row, type(error).__name__, now_ms + _back_off_ms(row.failures))

    async def _hand_over(self, row: DeliveryRow, message: MessageRow, now_ms: int) -> DeliveryRow:
        transport = self._transports[row.platform]
        body = decode(message.body)
        if row.state == "sent" and row.platform_id is not None:
            await transport.edit(row.channel_id, row.platform_id, message.id, message.revision, body, now_ms=now_ms)
            return row._replace(sent_revision=message.revision, edited_ms=now_ms)
        platform_id = await transport.send(
            row.channel_id,
            message.id,
            message.revision,
            body,
            thread_of=message.thread_of,
            silent=row.silent,
            now_ms=now_ms,
        )
        return row._replace(state="sent", platform_id=platform_id, sent_revision=message.revision, sent_ms=now_ms)


def _record(db: Database, rows: list[DeliveryRow]) -> None:
    for row in rows:
        save_delivery(db, row)


def _back_off_ms(failures: int) -> int:
    return min(BACK_OFF_MS << failures, BACK_OFF_MOST_MS)


def _postponed(row: DeliveryRow, reason: str, due_ms: int) -> DeliveryRow:
    if row.failures + 1 >= MOST_FAILURES:
        return row._replace(state="dead", last_error=reason, failures=row.failures + 1)
    return row._replace(due_ms=due_ms, last_error=reason, failures=row.failures + 1)
