"""What a value of each element type looks like: numbers, dates, times."""

import re
from datetime import date

_NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_INTEGER = re.compile(r"-?[0-9]+")
_DIGITS = re.compile(r"[0-9]+")
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9][0-9]{0,2})?")


def is_number(value: str) -> bool:
    """Type R: digits, with a minus in front and a decimal point where one is."""
    return _NUMBER.fullmatch(value) is not None


def is_integer(value: str) -> bool:
    """Types N0 to N9: digits, with a minus in front; a decimal point is implied and never sent."""
    return _INTEGER.fullmatch(value) is not None


def digits(value: str) -> int:
    """The length of a number: sign and decimal point do not count."""
    return len(value) - value.count("-") - value.count(".")


def is_date(value: str, low: int, high: int) -> bool:
    """Type DT: YYMMDD or YYYYMMDD, of the calendar, with a length the element allows."""
    if len(value) not in (6, 8) or not low <= len(value) <= high or not _DIGITS.fullmatch(value):
        return False
    year = value[:-4] if len(value) == 8 else f"20{value[:2]}"
    try:
        date(int(year), int(value[-4:-2]), int(value[-2:]))
    except ValueError:
        return False
    return True


def is_time(value: str, low: int, high: int) -> bool:
    """Type TM: HHMM, HHMMSS, and up to two decimals of a second, with a length the element allows."""
    return low <= len(value) <= high and _TIME.fullmatch(value) is not None


def is_clock(value: str) -> bool:
    """A time as people write it, `HH:MM` or `HH:MM:SS`: not the standard's form, but plain enough."""
    return _CLOCK.fullmatch(value) is not None and _TIME.fullmatch(value.replace(":", "")) is not None
