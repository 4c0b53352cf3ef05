"""The rounds of one machine, on APScheduler: a job for each mailbox, and one that tends what waits."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from edi_gateway.logs import log

EVERY_SECONDS = 900.0
TEND_SECONDS = 1.0
THREADS = 8


@dataclass(frozen=True)
class Rhythm:
    """When a mailbox is looked at: every so many seconds, or by a cron line in UTC; else every quarter of an hour."""

    every_seconds: float | None = None
    cron: str | None = None

    def trigger(self) -> BaseTrigger:
        """The same for the scheduler."""
        if self.cron:
            return CronTrigger.from_crontab(self.cron, timezone=UTC)
        return IntervalTrigger(seconds=self.every_seconds or EVERY_SECONDS, timezone=UTC)


def run(
    visit: Callable[[str], None], tend: Callable[[], None], rhythms: Mapping[str, Rhythm], asked: threading.Event,
    stop_seconds_max: float,
) -> None:
    """Visits each mailbox in its rhythm and tends what waits every second, until asked to stop.

    Then it waits for what is in hand, at most so many seconds.
    """
    scheduler = BackgroundScheduler(
        timezone=UTC, executors={"default": ThreadPoolExecutor(THREADS)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for channel, rhythm in rhythms.items():
        scheduler.add_job(visit, rhythm.trigger(), args=[channel], id=channel, next_run_time=datetime.now(UTC))
    scheduler.add_job(tend, IntervalTrigger(seconds=TEND_SECONDS, timezone=UTC), id="tend")
    scheduler.start()
    asked.wait()
    finishing = threading.Thread(target=scheduler.shutdown, daemon=True)
    finishing.start()
    finishing.join(stop_seconds_max)
    if finishing.is_alive():
        note = f"something took longer than {stop_seconds_max} seconds; it goes on at the next start"
        log.warning("cut short", note=note)
