"""Numbers and times in the form that a partner wants: the same value in another text."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Literal, TypeVar

from edi_gateway.mapping.texts import digits, write_number
from edi_gateway.x12.spec import Element

TimeForm = Literal["exact", "HHMM", "HHMMSS"]

_Clock = TypeVar("_Clock", dt.time, dt.datetime, dt.time | dt.datetime)
_EXACTLY = Context(prec=80)
_SECONDS_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Forms:
    """How decimal numbers and times are written.

    `places` are the decimals that an element always has, by its number in the standard. Elsewhere a
    number keeps the zeros at its end, unless `trailing_zeros` is off. `leading_zero` says whether a
    zero stands before the point, `0.5` or `.5`. `time` is the one form of times, `exact` the shortest.
    """

    places: Mapping[str, int] = field(default_factory=dict)
    trailing_zeros: bool = True
    leading_zero: bool = True
    time: TimeForm = "exact"

    def said(self, text: str, element: Element) -> str:
        """A number or time, given in its normal form, in the partner's. Raises `ValueError` for what would be lost."""
        return self._number(text, element) if element.type == "R" else self.clock(text, element)

    def clock(self, text: str, element: Element) -> str:
        """A time as long as its form is; what is no time stays as it is."""
        if element.type == "TM" and self.time == "HHMMSS" and len(text) < _SECONDS_DIGITS <= element.max:
            return text.ljust(_SECONDS_DIGITS, "0")
        return text

    def _number(self, text: str, element: Element) -> str:
        places = self.places.get(element.id)
        if places is not None:
            text = write_number(_with_places(Decimal(text), places), element)
        elif not self.trailing_zeros and "." in text:
            text = write_number(Decimal(text.rstrip("0").rstrip(".")), element)
        bare = re.sub(r"^(-?)0(?=\.0*[1-9])", r"\1", text)
        return text if self.leading_zero or digits(bare) < element.min else bare

    def cut(self, time: _Clock) -> _Clock:
        """The time or moment without what its form cannot say."""
        if self.time == "exact":
            return time
        return time.replace(microsecond=0, second=time.second if self.time == "HHMMSS" else 0)


AS_THEY_ARE = Forms()
"""Numbers in the digits they have, times as short as they are exact."""


def _with_places(value: Decimal, places: int) -> Decimal:
    exact = value.quantize(Decimal(1).scaleb(-places), context=_EXACTLY)
    if exact != value:
        raise ValueError(f"it has more than {places} decimals")
    return exact
