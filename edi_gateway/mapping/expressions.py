"""What the generated functions of `quick` say of single values: the expressions, and the names that they refer to."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from pydantic import BaseModel

from edi_gateway.mapping.memo import (
    END,
    NUMBERS,
    Memo,
    Unusual,
    are_numbers,
    begun,
    exact,
    given,
    part,
    value_of,
    value_of_one,
)
from edi_gateway.mapping.paths import Spot
from edi_gateway.mapping.plan import Line, Read
from edi_gateway.mapping.steps import Condition, Plain, Take
from edi_gateway.mapping.texts import read_number
from edi_gateway.model._making import Maker, maker

_PAD = [""] * 128


class NoMakerError(Exception):
    """A class that has to be validated field by field."""


class Expressions:
    """The expressions of one function. `names` are what it refers to, `codes` the variables of what loops said last.

    `elements` are the variables of the segment that is read, where each has one, and none of them is blank without
    being empty; else they stand in `row`.
    """

    def __init__(self) -> None:
        self.names: dict[str, Any] = {
            "END": END, "PAD": _PAD, "NUMBERS": NUMBERS, "Unusual": Unusual, "begun": begun, "given": given,
            "part": part, "exact": exact, "are_numbers": are_numbers,
        }
        self.codes: dict[str, str] = {}
        self.elements: Sequence[str] | None = None
        self._classes: dict[type[BaseModel], str] = {}

    def made(self, cls: type[BaseModel]) -> str:
        """The name of a class's fields; behind `make_` and `make_one_` that of what makes its values."""
        name = self._classes.get(cls)
        if name is None:
            taken = cls.__name__ in self._classes.values()
            name = self._classes[cls] = word(f"{cls.__name__}_{len(self._classes)}" if taken else cls.__name__)
            found = maker_of(cls)
            self.names |= {name: found.names, f"make_{name}": found.many, f"make_one_{name}": found.one}
        return name

    def text(self, position: int, component: int = 0) -> str:
        """The expression of an element's text, or of a component's."""
        if self.elements is None:
            text = f"row[{position}]"
        else:
            text = self.elements[position] if position < len(self.elements) else "''"
        return f"part({text}, {component}, mark)" if component else text

    def is_plain(self, action: Plain | Take) -> bool:
        """Whether the segment says all there is to say of the field, without conditions."""
        if isinstance(action, Plain):
            return True
        return not action.conditions and len(action.spots) == 1 and (bool(action.line.pairs) or not many(action.line))

    def at_once(self, action: Plain | Take) -> str:
        return self.plain(action) if isinstance(action, Plain) else self.value(action)

    def plain(self, plain: Plain) -> str:
        return self.read(plain.read, plain.line.spot, self.text(plain.position))

    def value(self, take: Take) -> str:
        """The expression of a field that holds one value."""
        line = take.line
        texts = [self.text(spot.position, spot.component) for spot in take.spots]
        if line.verb:
            name = f"{line.row.verb}_{line.row.name.replace('.', '_')}"
            if len(texts) == 1:
                return f"{self.bind(f'{name}_of_one', value_of_one(line))}({texts[0]})"
            return f"{self.bind(name, partial(value_of, line))}(({', '.join(texts)},))"
        return self.read(take.forms[0].read, take.spots[0], texts[0])

    def read(self, read: Read | None, spot: Spot, text: str) -> str:
        """The expression of a value by its text: what a memo knows, or itself where it may be anything."""
        whole = self.elements is not None and not spot.component
        if whole and read is None:
            return f"{text} or None"
        if read is None and spot.element.type != "ID":
            return f"(e if '!' <= (e := {text}) < END else e and given(e) or None)"
        if read is read_number:
            e, first = (text, text) if whole else ("e", f"e := {text}")
            return f"(NUMBERS.get({first}) or (exact(asked({e}) or {e}) if {e} else None))"
        return f"{self.memo(read or str)}[{text}]"

    def memo(self, read: Read) -> str:
        table = getattr(read, "__self__", None)
        if table is not None:
            name = f"code_{table.name}"
        elif isinstance(read, partial):
            name = "_".join([read.func.__name__, *(str(value) for value in read.keywords.values())])
        else:
            name = "text" if read is str else read.__name__
        name = word(name)
        if name not in self.names:
            self.names[name] = Memo(read)
        return name

    def condition(self, condition: Condition) -> str:
        if condition.loop:
            return f"{self.code(condition.loop)} == {condition.text!r}"
        return f"{self.text(condition.position, condition.component)} == {condition.text!r}"

    def code(self, loop: str) -> str:
        """The variable that holds what the first segment of a loop said last."""
        return self.codes.setdefault(loop, word(f"said_in_{loop}"))

    def bind(self, name: str, value: object) -> str:
        name = word(name)
        self.names.setdefault(name, value)
        return name


def many(line: Line) -> bool:
    """Whether the field is a list."""
    return line.row.shape.many


def maker_of(cls: type[BaseModel]) -> Maker:
    """The maker of a class, or `NoMakerError`."""
    found = maker(cls)
    if found is None:
        raise NoMakerError
    return found


def defaults(cls: type[BaseModel]) -> dict[str, Any]:
    """What the fields of a class hold when nothing is said of them; None where something must be."""
    fields = cls.model_fields.items()
    return {key: None if info.is_required() else info.get_default() for key, info in fields}


def word(text: str) -> str:
    """A name for the source: names of tables and loops are data, and may be anything."""
    return re.sub(r"\W", lambda odd: f"_{ord(odd[0]):x}_", text, flags=re.ASCII)
