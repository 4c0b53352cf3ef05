"""The rows of a mapping file as values, checked against the noun they fill.

A *row* says where one field of the noun stands. A *record* says what part of a document each item
of a list stands for, and holds the rows of that item; the document itself is the outermost record.
"""

import datetime as dt
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

ROW_WORDS = ("at", "also", "pairs", "codes", "verb", "when", "with", "tree")
RECORD_WORDS = ("each", "also", "needs", "unless", "same", "split", "always", "leave_out")
_SCALARS: tuple[type, ...] = (str, int, bool, Decimal, dt.date, dt.time, dt.datetime)
_OWN_FORM: tuple[type, ...] = (bool, dt.datetime)
"""Types that take a verb: there is no one way to say them in an element."""


class RowError(ValueError):
    """A row that cannot be used. `row` is its dotted name in the file, such as `fields.lines.title`."""

    def __init__(self, row: str, note: str) -> None:
        super().__init__(note)
        self.row = row


@dataclass(frozen=True, slots=True)
class Shape:
    """What a field of a noun holds: values of `type`, one or `many`."""

    type: type
    many: bool
    required: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Where one field stands. `at` are the elements it fills; `also` are read, but never written.

    `pairs` is the first of the element pairs that hold kind and value; `codes` names a table;
    `when` are elements beside it that must say so (and are written so); `beside` are written only.
    `tree` names a list: the field is the ordinal of the item of that list under which this one stands.
    """

    key: str
    name: str
    shape: Shape
    at: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    pairs: str | None = None
    codes: str | None = None
    verb: str | None = None
    when: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    tree: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A constant that is not constant: how many items a list of the record has, or how many levels its tree."""

    of: str


@dataclass(frozen=True, slots=True)
class Record:
    """What each item of a list stands for; `each` is None for the document itself.

    What stands at `also` is read too, and never written. A segment of the loop or segment `each` is
    taken only where the element `needs` says something, and element 1 none of `unless`.
    `same` are the fields by which an item of a tree is known again where it stands under another
    parent; `split` those that are said anew by each part of the item that stands below it, the first
    being what is divided. `always` is written for every item; `leave_out` are fields that are not
    told, on purpose.
    """

    key: str
    name: str
    model: type[BaseModel]
    many: bool
    each: str | None
    rows: "tuple[Row | Record, ...]"
    needs: str | None = None
    always: Mapping[str, str | Count] = field(default_factory=dict)
    leave_out: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    split: tuple[str, ...] = ()


def record(
    fields: Mapping[str, Any], model: type[BaseModel], *, name: str, key: str = "", many: bool = False
) -> Record:
    """The record of a table of rows. Raises `RowError`."""
    own = _kept({word: fields[word] for word in RECORD_WORDS if word in fields})
    shapes = {name: _shape(info.annotation, required=info.is_required()) for name, info in model.model_fields.items()}
    rows = tuple(_rows(fields, shapes, name, model))
    leave_out = tuple(_texts(own.get("leave_out", ()), f"{name}.leave_out"))
    for left in leave_out:
        if left not in shapes or shapes[left].required:
            raise RowError(f"{name}.leave_out", f"{left!r} is not a field of {model.__name__} that can be left out")
    said = {row.key for row in rows}
    for field_name, shape in shapes.items():
        if shape.required and field_name not in said:
            raise RowError(name, f"{model.__name__}.{field_name} must be said, and has no row")
    told = _kept(own.get("always", {}))
    always = {path: _constant(value, shapes, f"{name}.always.{path}") for path, value in told.items()}
    also, unless, same, split = (
        tuple(_texts(own.get(word, ()), f"{name}.{word}")) for word in ("also", "unless", "same", "split")
    )
    for word, keys in (("same", same), ("split", split)):
        if unknown := sorted(set(keys) - said):
            raise RowError(f"{name}.{word}", f"{unknown[0]!r} is no field with a row")
    if also and not many:
        raise RowError(f"{name}.also", "only a list is read at several places")
    return Record(
        key, name, model, many, own.get("each"), rows, own.get("needs"), always, leave_out, also, unless, same, split
    )


def _rows(
    fields: Mapping[str, Any], shapes: Mapping[str, Shape], name: str, model: type[BaseModel]
) -> Iterator[Row | Record]:
    for key, value in fields.items():
        if (key in RECORD_WORDS and key not in shapes) or value is False:
            continue
        path = f"{name}.{key}"
        if key not in shapes:
            raise RowError(path, f"{model.__name__} has no field {key!r}; it has {', '.join(shapes)}")
        shape = shapes[key]
        if isinstance(value, str | list):
            yield _row(key, path, shape, {"at": value})
        elif not isinstance(value, Mapping):
            raise RowError(path, "a row is a path, a list of paths, or a table")
        elif "each" not in value:
            yield _row(key, path, shape, _kept(value))
        elif issubclass(shape.type, BaseModel):
            yield record(value, shape.type, name=path, key=key, many=shape.many)
        else:
            raise RowError(path, f"{key} is no record, so it cannot have `each`")


def _row(key: str, name: str, shape: Shape, value: Mapping[str, Any]) -> Row:
    unknown = sorted(set(value) - set(ROW_WORDS))
    if unknown:
        raise RowError(name, f"{unknown[0]!r} is no word of a row; the words are {', '.join(ROW_WORDS)}")
    row = Row(
        key, name, shape,
        at=tuple(_texts(value.get("at", ()), name)), also=tuple(_texts(value.get("also", ()), name)),
        pairs=value.get("pairs"), codes=value.get("codes"), verb=value.get("verb"), tree=value.get("tree"),
        when=_fixed(value.get("when", {}), name), beside=_fixed(value.get("with", {}), name),
    )
    _check(row)
    return row


def _check(row: Row) -> None:
    kind, pairs = row.shape.type, row.pairs is not None
    if row.tree:
        if kind is not int or row.shape.many or row != Row(row.key, row.name, row.shape, tree=row.tree):
            raise RowError(row.name, "`tree` stands alone, on a field that holds one whole number")
        return
    if bool(row.at) == pairs:
        raise RowError(row.name, "a row has either `at` or `pairs`")
    if pairs and (not row.shape.many or {"kind", "value"} - set(getattr(kind, "model_fields", ()))):
        raise RowError(row.name, "`pairs` fill a list of records with the fields kind and value")
    if pairs and row.also:
        raise RowError(row.name, "`pairs` stand in one segment, so there is no `also`")
    if not pairs and kind not in _SCALARS:
        raise RowError(row.name, f"{kind.__name__} is a record: say what each item stands for with `each`")
    if row.codes and not (pairs or kind is str):
        raise RowError(row.name, "`codes` are for texts")
    if row.verb and (row.codes or row.shape.many or pairs or (row.also and len(row.at) > 1)):
        raise RowError(row.name, "a verb stands alone, on a field with one value")
    if kind in _OWN_FORM and not row.verb:
        raise RowError(row.name, f"a field of type {kind.__name__} needs a verb")
    if len(row.at) > 1 and not (row.shape.many or row.verb):
        raise RowError(row.name, f"{row.key} holds one value, so it stands at one place")


def _shape(annotation: Any, *, required: bool) -> Shape:
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        annotation = next(part for part in typing.get_args(annotation) if part is not type(None))
    many = typing.get_origin(annotation) is tuple
    if many:
        annotation = typing.get_args(annotation)[0]
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    return Shape(annotation, many, required)


def _texts(value: Any, name: str) -> list[str]:
    texts = [value] if isinstance(value, str) else list(value)
    if not all(isinstance(text, str) and text for text in texts):
        raise RowError(name, "it holds something that is no text")
    return texts


def _fixed(value: Any, name: str) -> Mapping[str, str]:
    texts = _kept(value) if isinstance(value, Mapping) else {"": value}
    if not all(isinstance(text, str) and text and path for path, text in texts.items()):
        raise RowError(name, "`when` and `with` are tables of an element's path and its text")
    return texts


def _kept(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is said, without what a row above takes away by `false`."""
    return {key: value for key, value in said.items() if value is not False}


def _constant(value: Any, shapes: Mapping[str, Shape], name: str) -> str | Count:
    if isinstance(value, str) and value:
        return value
    if isinstance(value, Mapping) and set(value) == {"count"} and (
        value["count"] in shapes or str(value["count"]).isupper()
    ):
        return Count(value["count"])
    raise RowError(name, "it is either a text or { count = \"<a list of the record>\" }")
