"""Hours in which a channel rests: nothing is collected there nor delivered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTES = 24 * 60
_WINDOW = re.compile(r"(?:(?P<days>[a-z,-]+) +)?(?P<start>\d\d:\d\d)-(?P<end>\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Window:
    """From one minute of the day up to another, on the days it begins on; over midnight where the end is not later."""

    days: frozenset[int]
    start: int
    end: int

    def holds(self, local: datetime) -> bool:
        """Whether it is now, by the clock on the wall."""
        minute, day = local.hour * 60 + local.minute, local.weekday()
        if self.start < self.end:
            return day in self.days and self.start <= minute < self.end
        return day in self.days and minute >= self.start or (day - 1) % 7 in self.days and minute < self.end


@dataclass(frozen=True, slots=True)
class Blackout:
    """The windows of a channel, in its zone: when the clocks change there, they go with them."""

    windows: tuple[Window, ...]
    zone: ZoneInfo

    def holds(self, now: datetime) -> bool:
        """Whether the channel rests at that instant."""
        local = now.astimezone(self.zone)
        return any(window.holds(local) for window in self.windows)


def blackout(texts: Sequence[str], zone: ZoneInfo) -> Blackout:
    """Windows as people write them: `22:00-04:00`, `sat,sun 00:00-24:00`, `mon-fri 08:00-09:30`.

    Raises `ValueError`.
    """
    return Blackout(tuple(_window(text) for text in texts), zone)


def _window(text: str) -> Window:
    read = _WINDOW.fullmatch(text)
    if read is None:
        raise ValueError(f"{text!r} is no window such as '22:00-04:00' or 'sat,sun 00:00-24:00'")
    start, end = _minute(read["start"], text), _minute(read["end"], text)
    if start in (end, _MINUTES):
        raise ValueError(f"{text!r} begins where it ends; the whole day is 00:00-24:00")
    return Window(_days(read["days"], text), start, end)


def _minute(clock: str, text: str) -> int:
    hours, minutes = int(clock[:2]), int(clock[3:])
    if minutes > 59 or hours * 60 + minutes > _MINUTES:
        raise ValueError(f"{text!r}: there is no {clock}")
    return hours * 60 + minutes


def _days(names: str | None, text: str) -> frozenset[int]:
    if names is None:
        return frozenset(range(7))
    days: set[int] = set()
    for part in names.split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise ValueError(f"{text!r}: days are {', '.join(DAYS)}")
        begin, count = DAYS.index(first), (DAYS.index(last or first) - DAYS.index(first)) % 7
        days.update((begin + step) % 7 for step in range(count + 1))
    return frozenset(days)
