"""The rounds of one machine, on APScheduler: a job for each mailbox, and one that tends what waits."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from edi_gateway.issues import GatewayError
from edi_gateway.logs import log

EVERY_SECONDS = 900.0
TEND_SECONDS = 1.0
LOOK_SECONDS = 5.0
"""How often it is asked whether the clock was set back."""
THREADS = 8


@dataclass(frozen=True)
class Rhythm:
    """When a mailbox is looked at: every so many seconds, or by a cron line in a zone; else every quarter of an hour.

    Each time up to `jitter_seconds` earlier or later, so that many gateways do not call at once.
    """

    every_seconds: float | None = None
    cron: str | None = None
    zone: str = "UTC"
    jitter_seconds: float = 0

    def trigger(self) -> BaseTrigger:
        """The same for the scheduler."""
        if self.cron:
            trigger = CronTrigger.from_crontab(self.cron, timezone=ZoneInfo(self.zone))
            trigger.jitter = self.jitter_seconds or None
            return trigger
        seconds = self.every_seconds or EVERY_SECONDS
        return IntervalTrigger(seconds=seconds, timezone=UTC, jitter=self.jitter_seconds or None)


def run(
    visit: Callable[[str], None], tend: Callable[[], None], rhythms: Callable[[], Mapping[str, Rhythm]],
    asked: threading.Event, stop_seconds_max: float,
) -> bool:
    """Visits each mailbox in its rhythm and tends what waits every second, until asked to stop.

    The rhythms are asked for every few seconds: a mailbox whose rhythm is new or another is visited at once. When
    asked to stop it waits for what is in hand, at most so many seconds. Says whether all of it was finished.
    """
    scheduler = BackgroundScheduler(
        timezone=UTC, executors={"default": ThreadPoolExecutor(THREADS)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    planned = dict(rhythms())
    _plan(scheduler, visit, planned)
    _plan_tending(scheduler, tend)
    scheduler.start()
    while not asked.wait(LOOK_SECONDS):
        wanted = _wanted(rhythms, planned)
        if _set_back(scheduler):
            log.warning("clock set back", note="every mailbox is visited now, and in its rhythm from here on")
            _plan(scheduler, visit, wanted)
            _plan_tending(scheduler, tend)
        else:
            _plan(scheduler, visit, {name: each for name, each in wanted.items() if planned.get(name) != each})
        for gone in planned.keys() - wanted.keys():
            # One whose cron line names no day that comes, such as the 30th of February, is gone already.
            with suppress(JobLookupError):
                scheduler.remove_job(f"visit {gone}")
        planned = wanted
    finishing = threading.Thread(target=scheduler.shutdown, daemon=True)
    finishing.start()
    finishing.join(stop_seconds_max)
    return not finishing.is_alive()


def _wanted(rhythms: Callable[[], Mapping[str, Rhythm]], planned: dict[str, Rhythm]) -> dict[str, Rhythm]:
    """The rhythms that hold now; while they cannot be told, those of before."""
    try:
        return dict(rhythms())
    except GatewayError as error:
        log.error(error.kind.code, note=error.note)
    except Exception:  # noqa: BLE001 - a bug in a look at the files must not end the rounds
        log.exception("bug")
    return planned


def _plan(scheduler: BackgroundScheduler, visit: Callable[[str], None], rhythms: Mapping[str, Rhythm]) -> None:
    """The visits of these mailboxes from now on, in place of what was planned before."""
    for channel, rhythm in rhythms.items():
        walk = {"args": [visit, channel], "id": f"visit {channel}", "next_run_time": datetime.now(UTC)}
        scheduler.add_job(_told, rhythm.trigger(), **walk, replace_existing=True)


def _plan_tending(scheduler: BackgroundScheduler, tend: Callable[[], None]) -> None:
    every_second = IntervalTrigger(seconds=TEND_SECONDS, timezone=UTC)
    scheduler.add_job(_told, every_second, args=[tend], id="tend", replace_existing=True)


def _told(walk: Callable[..., None], *where: str) -> None:
    """What a walk could not even put on the desk, such as a full disk, is one line in the log."""
    try:
        walk(*where)
    except GatewayError as error:
        log.error(error.kind.code, note=error.note)


def _set_back(scheduler: BackgroundScheduler) -> bool:
    """Whether what comes every second is planned for later than that: the scheduler goes by the clock on the wall."""
    tend = scheduler.get_job("tend")
    later = tend.next_run_time - datetime.now(UTC) if tend is not None and tend.next_run_time else timedelta()
    return later.total_seconds() > TEND_SECONDS + LOOK_SECONDS
