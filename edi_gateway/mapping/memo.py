"""Texts to values, each text read once: what the generated functions of `quick` refer to."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Context, Decimal, InvalidOperation, Rounded
from typing import Any

from edi_gateway.mapping.plan import Line
from edi_gateway.model._making import Maker, Parts

END = "\x7f"
"""A text from `!` up to here begins with a printable character of ASCII, so it says something."""

_REMEMBERED = 10_000
_LONGEST = 30
"""Longer texts are read with care: they are no number that fits a noun, and not worth remembering."""


class Unusual(Exception):  # noqa: N818  It is no error, but an answer.
    """There is something to remark, so the set is to be walked with care."""


class Memo(dict[str, Any]):
    """Values by their texts, None for a text that says nothing; forgets everything when it has grown large."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read

    def __missing__(self, text: str) -> Any:
        if len(self) >= _REMEMBERED:
            self.clear()
        if len(text) > _LONGEST:
            raise Unusual
        try:
            self[text] = value = self._read(text) if text and not text.isspace() else None
        except ValueError:
            raise Unusual from None
        return value


NUMBERS = {str(number): Decimal(number) for number in range(1, 1000)}
"""The numbers that most quantities are. Prices hardly come twice, so that none is remembered."""

exact = Context(prec=_LONGEST, Emin=0, traps=[InvalidOperation, Rounded]).create_decimal
"""The number of a text, quicker than by `Decimal`; an `ArithmeticError` where it is none, or has too many digits.

It takes more than a number of a noun may be written with (an exponent, `NaN`), but no space nor comma.
"""


def are_numbers(texts: Sequence[str]) -> bool:
    """Whether texts that `exact` took are written as numbers: one question for all of a set costs the least."""
    return not "".join(texts).encode(errors="replace").translate(None, b"-+.0123456789")


def given(text: str) -> str | None:
    """The text, or None where it says nothing."""
    return text if text and not text.isspace() else None


def part(text: str, number: int, mark: str) -> str:
    """A component of a composite, `number` counted from 1; empty where it is not there."""
    parts = text.split(mark)
    return parts[number - 1] if number <= len(parts) else ""


def value_of(line: Line, texts: Sequence[str]) -> Any:
    """What the verb of a row makes of texts; a value that is not of the field's plain type is looked at with care."""
    said = [text if text and not text.isspace() else "" for text in texts]
    if not any(said):
        return None
    try:
        value = line.verb.read(said)
    except ValueError:
        raise Unusual from None
    kind = line.row.shape.type
    if type(value) is not kind or kind is Decimal or value == "":
        raise Unusual
    return value


def value_of_one(line: Line) -> Callable[[str], Any]:
    """What `value_of` does, for a verb that reads a single text."""
    read, kind = line.verb.read, line.row.shape.type

    def value(text: str) -> Any:
        if not text or text.isspace():
            return None
        try:
            found = read((text,))
        except ValueError:
            raise Unusual from None
        if type(found) is not kind or kind is Decimal or found == "":
            raise Unusual
        return found

    return value


def begun(record: dict[str, Any], key: str, later: list[Any], make: Callable[[Any], Any]) -> list[Any]:
    """A new list for a field of a record; `later` it is to become what `make` makes of it."""
    items = record[key] = []
    later.append((record, key, make))
    return items


def pairs(line: Line, kinds: Mapping[str, Any], maker: Maker, others: Mapping[str, Any]) -> Callable[[list[str]], Any]:
    """The function that makes values of the element pairs of a segment; `others` are the class's further fields."""
    positions, make, names = line.pairs, maker.many, maker.names
    first = positions[0]

    def made(row: list[str]) -> Any:
        size = len(row)
        found: list[Parts] = []
        for at in positions if size > first + 2 else (first,):
            if at >= size:
                break
            kind, value = kinds[row[at]], given(row[at + 1]) if at + 1 < size else None
            if kind is not None and value is not None:
                found.append(({"kind": kind, "value": value, **others}, None, names))
            elif kind is not None or value is not None:
                raise Unusual
        return make(found) if found else ()

    return made
