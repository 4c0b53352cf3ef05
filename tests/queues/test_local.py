"""The rounds of one machine."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest

from edi_gateway.issues import internal
from edi_gateway.queues import local

PATIENCE_SECONDS = 20
NIGHTLY = {"night": local.Rhythm(cron="0 3 * * *")}


class Wall(datetime):
    """The clock on the wall, which somebody may set back."""

    back = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) - cls.back


def wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not until():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def test_a_clock_that_is_set_back_stops_no_round(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in (local, apscheduler.schedulers.base, apscheduler.triggers.interval):
        monkeypatch.setattr(place, "datetime", Wall)
    monkeypatch.setattr(local, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(Wall, "back", timedelta())
    asked = threading.Event()
    visits: list[str] = []
    tended: list[datetime] = []
    rhythms = {"acme": local.Rhythm(every_seconds=0.2), **NIGHTLY}
    running = threading.Thread(
        target=local.run, args=(visits.append, lambda: tended.append(Wall.now(UTC)), lambda: rhythms, asked, 5.0),
    )
    running.start()
    wait(lambda: len(visits) > 3 and bool(tended))
    monkeypatch.setattr(Wall, "back", timedelta(days=2))
    before = len(visits), len(tended)
    wait(lambda: len(visits) > before[0] + 3 and len(tended) > before[1] + 1)
    asked.set()
    running.join(PATIENCE_SECONDS)
    assert not running.is_alive()


def test_a_walk_that_cannot_be_put_on_the_desk_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    asked = threading.Event()

    def walk(_channel: str) -> None:
        asked.set()
        raise internal.DATABASE_UNUSABLE.error("database or disk is full")

    local.run(walk, lambda: None, lambda: NIGHTLY, asked, 5.0)
    (told,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "internal.database-unusable" in told.getMessage()
    assert told.exc_info is None


@pytest.mark.parametrize(
    ("fault", "told"), [(internal.DATABASE_UNUSABLE.error("database is locked"), "unusable"), (OSError("gone"), "bug")]
)
def test_rhythms_that_cannot_be_told_stay_as_they_were(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: Exception, told: str
) -> None:
    monkeypatch.setattr(local, "LOOK_SECONDS", 0.05)
    asked = threading.Event()
    visits: list[str] = []
    answers = iter([True])

    def rhythms() -> dict[str, local.Rhythm]:
        if next(answers, False):
            return {"acme": local.Rhythm(every_seconds=0.1)}
        raise fault

    running = threading.Thread(target=local.run, args=(visits.append, lambda: None, rhythms, asked, 5.0))
    running.start()
    wait(lambda: told in caplog.text and len(visits) > 2)
    more = len(visits) + 2
    wait(lambda: len(visits) > more)
    asked.set()
    running.join(PATIENCE_SECONDS)
    assert not running.is_alive()


def test_a_rhythm_that_changes_is_followed_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "LOOK_SECONDS", 0.05)
    asked = threading.Event()
    visits: list[str] = []
    rhythms = {**NIGHTLY, "acme": local.Rhythm(every_seconds=0.1)}
    running = threading.Thread(
        target=local.run, args=(visits.append, lambda: None, lambda: dict(rhythms), asked, 5.0),
    )
    running.start()
    wait(lambda: visits.count("acme") > 1)
    del rhythms["acme"]
    rhythms["birch"] = local.Rhythm(every_seconds=0.1, jitter_seconds=0.01)
    wait(lambda: visits.count("birch") > 1)
    gone = visits.count("acme")
    wait(lambda: visits.count("birch") > 4)
    asked.set()
    running.join(PATIENCE_SECONDS)
    assert visits.count("acme") == gone
    assert visits.count("night") == 1


def test_a_mailbox_whose_day_never_comes_can_be_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "LOOK_SECONDS", 0.05)
    asked = threading.Event()
    visits: list[str] = []
    rhythms = {"never": local.Rhythm(cron="0 0 30 2 *")}
    running = threading.Thread(
        target=local.run, args=(visits.append, lambda: None, lambda: dict(rhythms), asked, 5.0),
    )
    running.start()
    wait(lambda: visits == ["never"])
    rhythms["acme"] = local.Rhythm(every_seconds=0.1)
    del rhythms["never"]
    wait(lambda: visits.count("acme") > 4)
    asked.set()
    running.join(PATIENCE_SECONDS)


def test_a_cron_line_goes_by_the_clocks_of_its_zone() -> None:
    trigger = local.Rhythm(cron="0 3 * * *", zone="America/New_York").trigger()
    winter, summer = datetime(2026, 1, 10, tzinfo=UTC), datetime(2026, 7, 10, tzinfo=UTC)
    assert [trigger.get_next_fire_time(None, day).astimezone(UTC).hour for day in (winter, summer)] == [8, 7]
