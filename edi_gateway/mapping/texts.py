"""Single values: an element's text to a number, date or time, and back.

Readers take what the standard allows and raise `ValueError` with a sentence; writers give the
normal form: numbers without an exponent and with the digits they have, dates `CCYYMMDD` (`YYMMDD`
where the element has six digits), times as short as they are exact.
"""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from edi_gateway.x12.spec import Element

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_CLOCK = re.compile(r"\d\d:\d\d(?::\d\d)?", re.ASCII)
_OF_NUMBERS = "0123456789.+-"
_DIGITS_MAX = 38
SHORT_DATE = 6
"""An element of so many digits holds a date without its century."""


def read_number(text: str) -> Decimal:
    """A number as sent: `1.50` keeps its digits. Exponents are refused."""
    try:
        # What else `Decimal` takes has other characters in it.
        return Decimal("" if text.strip(_OF_NUMBERS) else text)
    except InvalidOperation:
        raise ValueError("it is no number") from None


def read_implied(text: str, places: int) -> Decimal:
    """A whole number whose last digits are decimals, by the element's type N0 to N9."""
    return Decimal(read_whole(text)).scaleb(-places)


def read_whole(text: str) -> int:
    """A whole number."""
    if not _WHOLE.fullmatch(text) or len(text) > _DIGITS_MAX:
        raise ValueError("it is no whole number")
    return int(text)


@lru_cache(4096)
def read_date(text: str) -> dt.date:
    """A date of eight digits, `CCYYMMDD`."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise ValueError("it is no date of eight digits")
    return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))


def read_short_date(text: str) -> dt.date:
    """A date of six digits, `YYMMDD`, of the years 1950 to 2049."""
    if len(text) != 6 or not (text.isascii() and text.isdigit()):
        raise ValueError("it is no date of six digits")
    century = "19" if text[:2] >= "50" else "20"
    return read_date(century + text)


@lru_cache(4096)
def read_time(text: str) -> dt.time:
    """A time of four, six, seven or eight digits: `HHMM`, seconds, tenths or hundredths of a second.

    `HH:MM` and `HH:MM:SS` are taken too, though the standard does not write them.
    """
    text = text.replace(":", "") if _CLOCK.fullmatch(text) else text
    if len(text) not in {4, 6, 7, 8} or not (text.isascii() and text.isdigit()):
        raise ValueError("it is no time of four to eight digits")
    return dt.time(int(text[:2]), int(text[2:4]), int(text[4:6] or 0), int(text[6:].ljust(6, "0")))


def write_number(value: Decimal, element: Element) -> str:
    """The number in the digits it has; the zeros that say nothing give way where the element is short."""
    if not value.is_finite() or abs(value.adjusted()) > _DIGITS_MAX or len(value.as_tuple().digits) > _DIGITS_MAX:
        raise ValueError("it is too long a number")
    text = format(value or abs(value), "f")
    if digits(text) > element.max and "." in text:
        text = text.rstrip("0").rstrip(".")
    if digits(text) > element.max:
        text = re.sub(r"^(-?)0\.", r"\1.", text)
    return _filled(text, element)


def write_implied(value: Decimal, places: int, element: Element) -> str:
    """The number with its last digits as implied decimals."""
    if not value.is_finite() or abs(value.adjusted()) > _DIGITS_MAX:
        raise ValueError("it is too long a number")
    scaled = value.scaleb(places)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"it has more than {places} decimals")
    return _filled(str(int(scaled)), element)


def write_whole(value: int, element: Element) -> str:
    """The whole number."""
    return _filled(str(value), element)


def write_date(value: dt.date) -> str:
    """The date as `CCYYMMDD`."""
    return f"{value.year:04}{value.month:02}{value.day:02}"


def write_short_date(value: dt.date) -> str:
    """The date as `YYMMDD`."""
    if not 1950 <= value.year < 2050:
        raise ValueError("it is not of the years 1950 to 2049, so two digits cannot say its year")
    return write_date(value)[2:]


def write_time(value: dt.time) -> str:
    """The time as short as it is exact, down to hundredths of a second; a time with a zone cannot be said."""
    if value.tzinfo is not None or value.microsecond % 10_000:
        raise ValueError("it is finer than hundredths of a second or has a time zone")
    text = f"{value.hour:02}{value.minute:02}{value.second:02}{value.microsecond // 10_000:02}"
    return text.removesuffix("00").removesuffix("00") if text.endswith("00") else text.removesuffix("0")


def fault(text: str, element: Element) -> str | None:
    """Why the text cannot stand in the element, None where it can.

    Of code lists only those that a partner's guide has narrowed are binding: what a partner sent us
    outside a list of the standard can be repeated to them.
    """
    numeric = element.type == "R" or element.type[0] == "N"
    if numeric and not (_NUMBER if element.type == "R" else _WHOLE).fullmatch(text):
        return "it is no number"
    length = digits(text) if numeric else len(text)
    if not element.min <= length <= element.max:
        takes = str(element.max) if element.min == element.max else f"{element.min} to {element.max}"
        return f"it has {length} characters where {takes} are taken"
    if element.narrowed and element.codes is not None and text not in element.codes:
        return f"the partner takes {', '.join(sorted(element.codes))}, and not {text!r}"
    if not text.strip():
        return "it is blank"
    return _moment_fault(text, element)


def _moment_fault(text: str, element: Element) -> str | None:
    readers: dict[str, Callable[[str], object]] = {"DT": read_date, "TM": read_time}
    if element.max == SHORT_DATE:
        readers["DT"] = read_short_date
    if element.type in readers:
        try:
            readers[element.type](text)
        except ValueError as error:
            return str(error)
        if ":" in text:
            return "a time is written without colons"
    return None


def digits(text: str) -> int:
    """The length of a number: sign and point are not counted (X12.6, numeric and decimal types)."""
    return len(text) - text.count("-") - text.count("+") - text.count(".")


def _filled(text: str, element: Element) -> str:
    sign, bare = ("-", text[1:]) if text.startswith("-") else ("", text)
    return sign + "0" * max(0, element.min - digits(bare)) + bare
