"""Hours in which a channel rests."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from edi_gateway.flows.blackout import blackout

NEW_YORK = ZoneInfo("America/New_York")


def at(text: str) -> datetime:
    """An instant in UTC. 2026-11-22 is a Sunday."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("window", "instant", "rests"), [
    ("08:00-09:30", "2026-11-22 08:00", True),
    ("08:00-09:30", "2026-11-22 09:29", True),
    ("08:00-09:30", "2026-11-22 09:30", False),
    ("22:00-04:00", "2026-11-22 23:00", True),
    ("22:00-04:00", "2026-11-22 03:59", True),
    ("22:00-04:00", "2026-11-22 12:00", False),
    ("sun 22:00-04:00", "2026-11-23 03:00", True),
    ("sun 22:00-04:00", "2026-11-22 03:00", False),
    ("sat,sun 00:00-24:00", "2026-11-22 23:59", True),
    ("sat,sun 00:00-24:00", "2026-11-23 00:00", False),
    ("fri-mon 12:00-13:00", "2026-11-23 12:30", True),
    ("fri-mon 12:00-13:00", "2026-11-24 12:30", False),
])
def test_a_window_holds_from_its_first_minute_up_to_its_last(window: str, instant: str, rests: bool) -> None:
    assert blackout([window], ZoneInfo("UTC")).holds(at(instant)) is rests


@pytest.mark.parametrize(("instant", "rests"), [
    ("2026-03-08 06:30", True), ("2026-03-08 07:30", True), ("2026-03-08 08:00", False),
    ("2026-11-01 05:30", True), ("2026-11-01 06:30", True), ("2026-11-01 08:30", True), ("2026-11-01 09:00", False),
])
def test_a_window_goes_with_the_clocks_when_they_change(instant: str, rests: bool) -> None:
    # On 8 March 2026 two o'clock becomes three in New York, on 1 November two becomes one.
    assert blackout(["01:00-04:00"], NEW_YORK).holds(at(instant)) is rests


@given(st.integers(0, 1439), st.integers(0, 1439), st.datetimes(timezones=st.just(UTC)))
def test_a_window_and_the_one_from_its_end_to_its_start_part_the_day(start: int, end: int, now: datetime) -> None:
    assume(start != end)
    first, last = (f"{minute // 60:02}:{minute % 60:02}" for minute in (start, end))
    zone = ZoneInfo("UTC")
    assert blackout([f"{first}-{last}"], zone).holds(now) != blackout([f"{last}-{first}"], zone).holds(now)


@pytest.mark.parametrize(
    "text", ["", "8-9", "25:00-26:00", "08:00-08:00", "08:60-09:00", "day 08:00-09:00", "24:00-01:00"],
)
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"window|begins|there is no|days are"):
        blackout([text], NEW_YORK)
