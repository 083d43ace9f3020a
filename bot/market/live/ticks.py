"""When the polls go: APScheduler on the loop's clock.

Its own scheduler asks the wall's clock what is due. Where that is set back by an hour no poll would go for an hour, and
on the jumping loop of the tests none would ever go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.executors.base import MaxInstancesReachedError
from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

JITTER = 0.1
"""A poll comes earlier or later by up to this part of its period, so that not all come at once."""
DEFAULTS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


class Ticks(AsyncIOScheduler):  # type: ignore[misc]  # the library ships no types
    """Runs jobs by the loop's clock. A job that is still running when it is due again is skipped."""

    def __init__(self) -> None:
        super().__init__(timezone=UTC, job_defaults=DEFAULTS)

    def every(self, seconds: float, work: Callable[[], Awaitable[None]], *, first_s: float = 0.0) -> Job:
        """Run `work` every so many seconds, give or take a tenth, for the first time in `first_s` seconds."""

        async def run() -> None:
            # Only the end of the scheduler cancels a poll: no error, though the library would write its trace.
            with suppress(asyncio.CancelledError):
                await work()

        begin = self.now() + timedelta(seconds=first_s)
        # The trigger only adds jitter, so the period is as much shorter.
        shortest_s, jitter_s = seconds * (1 - JITTER), 2 * seconds * JITTER
        trigger = IntervalTrigger(seconds=shortest_s, jitter=jitter_s, start_date=begin, timezone=UTC)
        return self.add_job(run, trigger, next_run_time=begin)

    def now(self) -> datetime:
        """The loop's clock as a date; only its differences mean something."""
        return datetime.fromtimestamp(self._eventloop.time(), UTC)

    def _process_jobs(self) -> float | None:
        """Start what is due, and tell how long nothing will be; the method that asks the wall's clock otherwise."""
        if self._eventloop is None:  # a wake-up that was on its way when the scheduler ended
            return None
        now = self.now()
        jobs: list[Job] = self.get_jobs()
        for job in jobs:
            if job.next_run_time <= now:
                self._begin(job, now)
        waits_s = [(job.next_run_time - now).total_seconds() for job in self.get_jobs()]
        return min(waits_s, default=None)

    def _begin(self, job: Job, now: datetime) -> None:
        with suppress(MaxInstancesReachedError):  # the one before is not over: this one is skipped
            self._lookup_executor(job.executor).submit_job(job, [now])
        self.modify_job(job.id, next_run_time=job.trigger.get_next_fire_time(now, now))
