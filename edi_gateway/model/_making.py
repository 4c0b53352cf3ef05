"""Values of the model made of parts that are known to be right: pydantic makes them, and looks at no field again.

A plain `model_validate` asks of every field what it holds. Whoever reads a document by a map knows that
already, so `maker` leaves that out, and keeps everything else: the class's own validators run, and what
comes out is what `model_validate` would make of the same fields (a law in tests/mapping/test_quick.py).
Only `model_fields_set` names every field. Of a class whose fields ask for more than is promised here
there is no maker.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, cast

from pydantic import BaseModel
from pydantic_core import SchemaValidator, core_schema

Parts = tuple[dict[str, Any], None, set[str]]
"""What pydantic makes a value of: its fields by name, all of them and in their order; none beside; their names."""

DIGITS_MAX = 38
_PROMISED: Mapping[str, Mapping[str, Any]] = {
    "str": {"min_length": 1}, "decimal": {"max_digits": DIGITS_MAX}, "int": {}, "bool": {},
    "date": {"microseconds_precision": "truncate"}, "time": {"microseconds_precision": "truncate"},
    "datetime": {"microseconds_precision": "truncate"},
}
"""What is known of a value of each type, before a maker gets it: no text is empty, no number longer."""

_SAYS_NOTHING = {"type", "metadata", "serialization", "ref"}


class Maker(NamedTuple):
    """Makes values of one class, `one` or `many`, of parts whose names are `names`."""

    one: Callable[[Parts], Any]
    many: Callable[[Sequence[Parts]], tuple[Any, ...]]
    names: set[str]


@cache
def maker(cls: type[BaseModel]) -> Maker | None:
    """The maker of a class; None where its fields ask for more than is known of them."""
    schema = cast(dict[str, Any], cls.__pydantic_core_schema__)
    trusting = _trusting(schema.get("schema", {}) if schema.get("type") == "definitions" else schema)
    if trusting is None:
        return None
    one = _validator(trusting)
    many = _validator(core_schema.tuple_variable_schema(cast(core_schema.CoreSchema, trusting)))
    return Maker(one, many, set(cls.model_fields))


def _trusting(schema: Mapping[str, Any]) -> dict[str, Any] | None:
    """The schema of a class with its own validators, and nothing asked of its fields."""
    if schema.get("type") == "function-after":
        inner = _trusting(schema["schema"])
        return None if inner is None else {"type": "function-after", "function": schema["function"], "schema": inner}
    fields = schema.get("schema", {}) if schema.get("type") == "model" else {}
    plain = not (schema.get("custom_init") or schema.get("root_model") or schema.get("post_init"))
    if not plain or fields.get("type") != "model-fields" or not all(map(_is_promised, fields["fields"].values())):
        return None
    return {"type": "model", "cls": schema["cls"], "schema": {"type": "any"}}


def _is_promised(field: Mapping[str, Any]) -> bool:
    *around, leaf = _layers(field["schema"])
    if any({"default_factory", "validate_default"} & set(layer) for layer in around):
        return False
    if leaf["type"] in {"model", "definition-ref"}:
        return True
    promised = _PROMISED.get(leaf["type"])
    asked = {key: value for key, value in leaf.items() if key not in _SAYS_NOTHING}
    return promised is not None and asked.items() <= promised.items()


def _layers(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A field's schema from the outside in: what may be left out, what may be None, a list, and what it holds."""
    yield schema
    # A function after a class, which has a name to refer to, is the class's own, and no validator of the field.
    if schema["type"] in {"default", "nullable"} or (schema["type"] == "function-after" and "ref" in schema):
        yield from _layers(schema["schema"])
    elif schema["type"] == "tuple" and set(schema) <= {"type", "items_schema", "variadic_item_index"}:
        yield from _layers(schema["items_schema"][0])


def _validator(schema: Any) -> Callable[[Any], Any]:
    try:
        # The class has a validator of its own; pydantic would take that one in place of this.
        return SchemaValidator(schema, _use_prebuilt=False).validate_python
    except TypeError:  # Older versions have no such choice, and take this one.
        return SchemaValidator(schema).validate_python
