"""The nouns as a page: every field with what it holds, printed from the classes themselves."""

import ast
import datetime as dt
import inspect
import sys
import textwrap
import types
import typing
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from edi_gateway import discover, model
from edi_gateway.model._parts import Value

_WORDS: dict[Any, str] = {
    str: "text", int: "whole number", bool: "true or false", Decimal: "number", dt.date: "date", dt.time: "time",
    dt.datetime: "moment",
}
_ABOUT = """\
# The canonical documents

What partners tell each other, whatever form it came in. `edi-gateway translate` prints these documents as JSON, and
takes them back. This page is printed from the classes in `edi_gateway/model/` by `make docs`; edit the sentences there.

- What is not said is left out (or `null` coming in), and never an empty text or zero. An empty list may be left out
  coming in.
- A **number** is a text without an exponent, so that no digit is lost on the way: `"9.50"`. Two numbers are equal by
  value.
- A **date** is `"2026-03-02"`, a **time** `"14:30:00"`, by the partner's clock. A date without a time stays a date.
- Amounts are in the one `currency` of their document.
- A **kind** or **role** is a word in lower case where `mappings/codes.toml` knows one, such as `"ship_to"`; a code
  without a word stands as it was sent, in upper case. A word always takes the place of its code.
- A field that is not on this page is refused.
"""


def page() -> str:
    """`docs/model.md`: nouns first, then the parts they share."""
    nouns = {name: model.noun(name) for name in discover.names(model.__name__)}
    parts: dict[type[Value], None] = {}
    for noun in nouns.values():
        _collect(noun, parts)
    lines = [_ABOUT]
    lines += (line for name, noun in nouns.items() for line in _section(noun, f"## {name}"))
    lines += ["## Parts", ""]
    lines += (line for part in sorted(parts, key=_name) for line in _section(part, f"### {_name(part)}"))
    return "\n".join(lines).rstrip() + "\n"


def _collect(value: type[Value], found: dict[type[Value], None]) -> None:
    for info in value.model_fields.values():
        inner = _unwrapped(info.annotation)[0]
        if isinstance(inner, type) and issubclass(inner, Value) and inner not in found:
            found[inner] = None
            _collect(inner, found)


def _section(value: type[Value], heading: str) -> Iterator[str]:
    told = _told(value)
    yield from (heading, "", inspect.cleandoc(value.__doc__ or ""), "", "| field | holds | |", "|---|---|---|")
    for name, info in value.model_fields.items():
        need = "**always**" if info.is_required() else ""
        yield f"| `{name}` | {_holds(info.annotation)} | {' '.join(filter(None, (need, told.get(name))))} |"
    yield ""


def _holds(annotation: Any) -> str:
    inner, many = _unwrapped(annotation)
    word = _WORDS.get(inner) or f"[{_name(inner)}](#{_name(inner).lower()})"
    return f"list of {word}" if many else word


def _unwrapped(annotation: Any) -> tuple[Any, bool]:
    """The type within an optional, a tuple or an annotated one, and whether there are many of it."""
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        annotation = next(part for part in typing.get_args(annotation) if part is not type(None))
    many = typing.get_origin(annotation) is tuple
    if many:
        annotation = typing.get_args(annotation)[0]
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    return annotation, many


def _told(value: type[Value]) -> dict[str, str]:
    """The sentence that stands below each field in the source."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(value))).body
    told = {}
    if isinstance(body, ast.ClassDef):
        for field, below in zip(body.body, body.body[1:], strict=False):
            said = below.value if isinstance(below, ast.Expr) else None
            target = field.target if isinstance(field, ast.AnnAssign) else None
            if isinstance(target, ast.Name) and isinstance(said, ast.Constant):
                told[target.id] = " ".join(str(said.value).split())
    return told


def _name(value: type[Value]) -> str:
    return value.__name__


if __name__ == "__main__":
    sys.stdout.write(page())
