"""A partner's guide to a set as its file says it: rows by path, and rules; `narrowing` lays it over the standard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

TABLES = ("segments", "elements")
USES = ("must", "used", "unused")


class RowError(ValueError):
    """A row that cannot be used: its file, its name, and why."""

    def __init__(self, file: str, row: str, why: str) -> None:
        super().__init__(f"{file}: {row}: {why}")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what is agreed on a segment or an element. `words` is None where a row is taken away."""

    file: str
    path: str
    words: Mapping[str, Any] | None
    page: str = ""

    @property
    def deviates(self) -> bool:
        """Whether it may go beyond the standard."""
        return bool(self.words and self.words.get("deviates"))

    def word(self, name: str) -> Any:
        """What it says under that word, None where it says nothing."""
        return (self.words or {}).get(name)

    def wrong(self, why: str) -> RowError:
        """That the row cannot be used."""
        return RowError(self.file, self.path, why)


@dataclass(frozen=True, slots=True)
class Guide:
    """All rows, by path. `page` holds for rows that name none."""

    segments: Mapping[str, Row]
    elements: Mapping[str, Row]
    rules: tuple[Row, ...] = ()

    def under(self, other: "Guide") -> "Guide":
        """This guide with another laid over it, row by row; the rules of both hold."""
        return Guide(
            {**self.segments, **other.segments}, {**self.elements, **other.elements}, (*self.rules, *other.rules)
        )


def parse(file: str, rows: Mapping[str, Any]) -> Guide:
    """The rows of a file. Raises `RowError` for the first that has another form than it should."""
    unknown = sorted(set(rows) - {"page", "rules", *TABLES})
    if unknown:
        raise RowError(file, unknown[0], f"it is none of page, rules, {', '.join(TABLES)}")
    page = rows.get("page", "")
    if not isinstance(page, str):
        raise RowError(file, "page", 'it is a text, such as "p. 7"')
    tables = [
        {path: _row(file, path, words, _WORDS[table], page) for path, words in _table(file, table, rows).items()}
        for table in TABLES
    ]
    told = rows.get("rules", [])
    if not isinstance(told, list):
        raise RowError(file, "rules", "rules are written as [[rules]], one after the other")
    rules = tuple(_row(file, f"rule {at}", words, _RULE, page) for at, words in enumerate(told, start=1))
    for rule in rules:
        if rule.words is None or not rule.word("then"):
            raise rule.wrong("it says nothing under `then`")
    return Guide(tables[0], tables[1], rules)


def _table(file: str, table: str, rows: Mapping[str, Any]) -> Mapping[str, Any]:
    found = rows.get(table, {})
    if not isinstance(found, dict):
        raise RowError(file, table, f"it is a table, [{table}]")
    return found


def _row(file: str, path: str, words: Any, known: Mapping[str, "_Word"], page: str) -> Row:
    row = Row(file, path, None, page)
    if words is False:
        return row
    if not isinstance(words, dict) or not words:
        raise row.wrong('it holds words, such as { use = "must" }, or is false to take a row away')
    for name, value in words.items():
        if name not in known:
            raise row.wrong(f"{name} is none of {', '.join(known)}")
        if not known[name].fits(value):
            raise row.wrong(f"{name} is {known[name].told}")
    row = replace(row, words=words, page=words.get("page", page))
    if row.deviates and not words.get("page"):
        raise row.wrong("what deviates from the standard names the page of the guide: add page = \"…\"")
    return row


@dataclass(frozen=True, slots=True)
class _Word:
    told: str
    fits: Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_repeat(value: Any) -> bool:
    return value == ">1" or _is_count(value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_length(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 2 or not all(type(each) is int for each in value):
        return False
    return bool(1 <= value[0] <= value[1])


def _is_codes(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_code, value))


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and value != "" and value.isascii() and value.isprintable()


_TEXT = _Word('a text, such as "p. 7"', _is_text)
_USE = _Word(f"one of {', '.join(USES)}", lambda value: value in USES)
_DEVIATES = _Word("true or not there", lambda value: value is True)
_CODES = _Word('a list of texts, such as ["SA", "NE"]', _is_codes)
_WORDS: Mapping[str, Mapping[str, _Word]] = {
    "segments": {
        "use": _USE, "repeat": _Word('a number from 1, or ">1"', _is_repeat), "page": _TEXT, "deviates": _DEVIATES,
        "after": _TEXT, "name": _TEXT, "elements": _TEXT,
    },
    "elements": {
        "use": _USE, "length": _Word("the shortest and the longest, such as [4, 4]", _is_length), "codes": _CODES,
        "codes_add": _CODES, "repeat": _Word("a number from 1", _is_count), "page": _TEXT, "deviates": _DEVIATES,
    },
}
_RULE = {"when": _TEXT, "then": _TEXT, "in": _TEXT, "page": _TEXT}
