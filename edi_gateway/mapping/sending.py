"""How documents of a set go out beside each other: which first, and which in the place of another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from pydantic import BaseModel

from edi_gateway.mapping.rows import RowError
from edi_gateway.model import Noun

_WORDS = ("turn", "same", "supersedes")


@dataclass(frozen=True, slots=True)
class Sending:
    """The rows of `[sending]`.

    Of the documents of one order those with the lowest `turn` go first; one without a turn waits for nothing.
    Documents that agree in the fields `same` are of one subject. One whose fields say what `supersedes` names takes
    the place of those of its subject that have not gone.
    """

    turn: int | None = None
    same: tuple[str, ...] = ()
    supersedes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def subject(self, noun: Noun) -> str | None:
        """What a document tells of, as a digest; None where its set has no rows for that."""
        if not self.same:
            return None
        said = noun.model_dump_json(include=set(self.same), exclude_none=True)
        return sha256(said.encode()).hexdigest()

    def is_latest(self, noun: Noun) -> bool:
        """Whether a document takes the place of those of its subject that wait."""
        said = (getattr(noun, name) in words for name, words in self.supersedes.items())
        return bool(self.same and self.supersedes) and all(said)


ANY_TIME = Sending()
"""That of what waits for nothing, and takes no other's place."""


def sending(rows: Any, noun: type[BaseModel]) -> Sending:
    """The rows of a map as a value. Raises `RowError`."""
    if not isinstance(rows, Mapping) or set(rows) - set(_WORDS):
        raise RowError("sending", f"its rows are {', '.join(_WORDS)}")
    turn = rows.get("turn") or None
    if turn is not None and (isinstance(turn, bool) or not isinstance(turn, int)):
        raise RowError("sending.turn", "a turn is a whole number, or false for none")
    same = rows.get("same", [])
    if not isinstance(same, list):
        raise RowError("sending.same", "it is a list of fields")
    supersedes = rows.get("supersedes", {})
    if not isinstance(supersedes, Mapping) or not all(isinstance(words, list) for words in supersedes.values()):
        raise RowError("sending.supersedes", "it is a table of fields, each with a list of words")
    for name in (*same, *supersedes):
        if name not in noun.model_fields:
            raise RowError("sending", f"{noun.__name__} has no field {name!r}")
    return Sending(turn, tuple(same), {name: tuple(words) for name, words in supersedes.items()})
