"""Codes and the words they stand for, two ways.

A code without a word stands for itself, in upper case; so a word is never in upper case, and
nothing that a partner says is lost for want of a row.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from edi_gateway.issues import Kind
from edi_gateway.issues import mapping as issues

_WORD = re.compile(r"[a-z][a-z0-9_]*")


class UnsayableError(ValueError):
    """A value that cannot be written; `kind` says in which way."""

    def __init__(self, kind: Kind, note: str) -> None:
        super().__init__(note)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class CodeTable:
    """One table of codes. `words` is code -> word, `codes` word -> the code that is written for it.

    `order` are codes in the order in which what they tell of is written.
    """

    name: str
    words: Mapping[str, str]
    codes: Mapping[str, str]
    ambiguous: frozenset[str] = field(default=frozenset())
    order: tuple[str, ...] = ()

    def read(self, text: str) -> str:
        """The word for a code, or the code itself in upper case."""
        code = text.upper()
        return self.words.get(code, code)

    def write(self, word: str) -> str:
        """The code for a word, or a code that stands for itself. Raises `UnsayableError`."""
        code = self.codes.get(word)
        if code is not None:
            return code
        if word in self.ambiguous:
            raise UnsayableError(issues.CODE_AMBIGUOUS, f"several codes of {self.name} stand for {word!r}")
        if word != word.upper():
            raise UnsayableError(issues.WORD_UNKNOWN, f"{word!r} has no code in {self.name}")
        if word in self.words:
            note = f"the code {word!r} has the word {self.words[word]!r} in {self.name}"
            raise UnsayableError(issues.CODE_HAS_WORD, note)
        return word


def table(name: str, rows: Mapping[str, Any]) -> CodeTable:
    """The table of a `[codes.<name>]` section. Raises `ValueError` for a row that cannot be one."""
    chosen, order = rows.get("write", {}), rows.get("order", [])
    words = {code: word for code, word in rows.items() if code not in {"write", "order"}}
    for code, word in words.items():
        if code != code.upper() or not isinstance(word, str) or not _WORD.fullmatch(word):
            raise ValueError(f"codes.{name}.{code} must be a code in upper case with a word in lower case")
    if not isinstance(chosen, Mapping) or any(words.get(code) != word for word, code in chosen.items()):
        raise ValueError(f"codes.{name}.write must give, for a word of the table, one of its codes")
    if not isinstance(order, list) or not all(isinstance(code, str) and code == code.upper() for code in order):
        raise ValueError(f"codes.{name}.order must be a list of codes in upper case")
    by_word: dict[str, list[str]] = {}
    for code, word in words.items():
        by_word.setdefault(word, []).append(code)
    single = {word: codes[0] for word, codes in by_word.items() if len(codes) == 1}
    ambiguous = frozenset(by_word) - frozenset(single) - frozenset(chosen)
    return CodeTable(name, words, {**single, **chosen}, ambiguous, tuple(order))
