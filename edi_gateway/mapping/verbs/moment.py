"""A date element and a time element as one moment; without a time it is midnight."""

import datetime as dt
from collections.abc import Sequence

from edi_gateway.mapping import texts as forms


def read(texts: Sequence[str]) -> dt.datetime:
    """The moment of `CCYYMMDD` and, where there is one, `HHMM` with seconds and decimals."""
    if not texts[0]:
        raise ValueError("it has a time without a date")
    return dt.datetime.combine(forms.read_date(texts[0]), forms.read_time(texts[1]) if texts[1] else dt.time())


def write(value: object) -> tuple[str, ...]:
    """The moment as a date and a time of at least hours and minutes."""
    if not isinstance(value, dt.datetime):
        raise ValueError("it is no moment")
    return forms.write_date(value.date()), forms.write_time(value.timetz())
