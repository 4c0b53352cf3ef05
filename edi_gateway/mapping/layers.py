"""The rows of several files laid over each other, and what is left of them without one row."""

from collections.abc import Mapping, Sequence
from typing import Any

Layer = tuple[str, Mapping[str, Any]]
"""A file's path and its rows."""

PARTNERS = "mappings/partners/"


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of `above` laid over those below; a path alone changes where a row stands and keeps the rest of it."""
    gone = {"pairs"} if "at" in above else {"at"} if "pairs" in above else set()
    rows = {key: value for key, value in below.items() if key not in gone}
    for key, value in above.items():
        under = rows.get(key)
        if isinstance(under, Mapping) and isinstance(value, str | list) and {"at", "pairs"} & set(under):
            rows[key] = merged(under, {"at": value})
        elif isinstance(under, str | list) and isinstance(value, Mapping):
            rows[key] = merged({"at": under}, value)
        elif isinstance(under, Mapping) and isinstance(value, Mapping):
            rows[key] = merged(under, value)
        else:
            rows[key] = value
    return rows


def topmost(layers: Sequence[Layer], row: str) -> int | None:
    """Which of the layers, the later above the earlier, says a row such as `fields.lines.title`; None for none."""
    return next((at for at in reversed(range(len(layers))) if _says(layers[at][1], row)), None)


def without(layers: Sequence[Layer], row: str) -> list[Layer] | None:
    """The layers without what a partner's file says of a row; None where no such file says the last word on it.

    What an item stands for (`each`) is taken away with the rows that are read within it.
    """
    at = topmost(layers, row)
    if at is None or not layers[at][0].startswith(PARTNERS):
        return None
    path, rows = layers[at]
    return [*layers[:at], (path, _less(rows, row.removesuffix(".each").split("."))), *layers[at + 1 :]]


def _says(layer: Any, row: str) -> bool:
    for part in row.split("."):
        if not isinstance(layer, Mapping) or part not in layer:
            return False
        layer = layer[part]
    return True


def _less(rows: Mapping[str, Any], parts: Sequence[str]) -> Mapping[str, Any]:
    first, *rest = parts
    kept = {key: value for key, value in rows.items() if key != first}
    return {**kept, first: _less(rows[first], rest)} if rest else kept
