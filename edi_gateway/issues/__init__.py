"""What can go wrong, and what a person does about it.

A `Kind` is the whole story of one trouble; the kinds of a family stand in one file of this shelf.
A `Finding` is a fault or remark in a document: a value, collected, never raised.
A `GatewayError` says that a step could not be done: raised where the side effect is.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, make_dataclass
from typing import TYPE_CHECKING, Any, Literal

from edi_gateway import discover

Severity = Literal["error", "warning", "repair"]
Verdict = Literal["R", "E", ""]
Told = Callable[..., dict[str, Any]]
"""Tells of a finding, as its fields, what nobody may ever ask for; `note` and `remedy` among them."""


@dataclass(frozen=True, slots=True)
class Ack:
    """The codes an acknowledgment uses for a fault, by level.

    `segment` is AK304, `element` AK403, `set` AK502, `group` AK905, `interchange` TA105.
    """

    segment: str | None = None
    element: str | None = None
    set: str | None = None
    group: str | None = None
    interchange: str | None = None


NO_ACK = Ack()

VALUE_MAX = 99
"""So many characters of a value a finding keeps: as many as an acknowledgment repeats (AK404)."""

_NOTE_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Kind:
    """One trouble: its code, its title, what a person does about it, and how it is acknowledged.

    `code` is `family.name`. `verdict` is the default effect of a finding of this kind on what it
    stands in: `R` rejects it, `E` accepts it with errors, empty changes nothing. `retry` says that
    trying again without a change may help. `actions` are the commands the desk offers. `of_release`
    says that only the rows of its very release can tell such a fault: where a set is read by the rows
    of another release, it is a warning. `reach` is how far a fault at a mailbox goes: one file, whatever goes the
    same way (`mailbox`), or all that goes over the `channel`.
    """

    code: str
    title: str
    resolution: str
    severity: Severity = "error"
    verdict: Verdict = ""
    ack: Ack = NO_ACK
    retry: bool = False
    actions: tuple[str, ...] = ()
    of_release: bool = False
    reach: Literal["file", "mailbox", "channel"] = "file"

    def finding(self, note: str, *, remedy: str | None = None, **where: Any) -> "Finding":
        """A finding of this kind; `where` are the fields of `Finding` that say where it stands."""
        if len(note) > _NOTE_MAX:
            note = clipped(note, _NOTE_MAX)
        made = _Draft(
            self.code, where.pop("severity", self.severity), note, remedy or self.resolution,
            where.pop("verdict", self.verdict), where.pop("ack", self.ack), **where,
        )
        if made.value and len(made.value) > VALUE_MAX:
            made.value = clipped(made.value)
        made.__class__ = Finding
        finding: Finding = made
        return finding

    def at(self, position: int, offset: int, value: str | None, told: Told, facts: tuple[Any, ...]) -> "Finding":
        """The same as `finding`, of a fault in a segment; `told(*facts)` are its other fields.

        It is called when one of these is asked for: where faults are many, few are looked at.
        """
        made = _Draft.__new__(_Draft)
        made.kind, made.verdict, made.position, made.offset = self.code, self.verdict, position, offset
        made.value, made.untold = value, (self, told, facts)
        if value and len(value) > VALUE_MAX:
            # What is not told yet holds on to all of it.
            made.value = clipped(value)
            made.tell()
            del made.untold
        made.__class__ = Finding
        finding: Finding = made
        return finding

    def error(self, note: str, **context: str) -> "GatewayError":
        """An error of this kind, to be raised; `context` names what it concerns (channel, file, …)."""
        return GatewayError(self, note, context)


class _Later:
    """Finds out its other fields when somebody asks for one of them."""

    __slots__ = ("untold",)
    untold: tuple[Kind, Told, tuple[Any, ...]]

    def tell(self) -> None:
        """Sets them."""
        kind, told, facts = self.untold
        found = {"severity": kind.severity, "ack": kind.ack, **told(*facts)}
        found["note"] = clipped(found["note"], _NOTE_MAX)
        found["remedy"] = found["remedy"] or kind.resolution
        for name, value in found.items():
            object.__setattr__(self, name, value)

    if not TYPE_CHECKING:
        def __getattr__(self, name: str) -> Any:
            """Is asked only for what has not been set."""
            if name not in _FIELDS:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
            self.tell()
            return getattr(self, name)


@dataclass(frozen=True, slots=True)
class Finding(_Later):
    """A fault or remark in a document.

    `position` counts segments from ST = 1 and is None outside a set; `offset` is the byte in the
    file where the segment starts (of a missing segment: where it should have stood); `element`,
    `component` and `repetition` count from 1; `loop` is the path of the loop, such as `PO1/N1`.
    `value` is what was sent, clipped behind `VALUE_MAX` characters.
    `verdict` and `reference` (the element's number in the standard, AK402) are for the acknowledgment.
    """

    kind: str
    severity: Severity
    note: str
    remedy: str
    verdict: Verdict = ""
    ack: Ack = NO_ACK
    segment: str | None = None
    position: int | None = None
    element: int | None = None
    component: int | None = None
    repetition: int | None = None
    loop: str | None = None
    offset: int | None = None
    value: str | None = None
    reference: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding as the JSON object that the commands print."""
        return {name: getattr(self, name) for name in _TOLD} | {"ack": asdict(self.ack)}


_FIELDS = [each.name for each in fields(Finding)]
_TOLD = [name for name in _FIELDS if name not in ("verdict", "reference")]

# A frozen value sets each of its fields the long way round, which takes ten times as long; a file may have many faults.
_Draft: Any = make_dataclass(
    "_Draft", [(each.name, each.type, each) for each in fields(Finding)], bases=(_Later,), slots=True
)
"""A finding whose fields can still be set."""


class GatewayError(Exception):
    """A step could not be done. `note` says what happened, the kind says what to do."""

    def __init__(self, kind: Kind, note: str, context: dict[str, str] | None = None) -> None:
        super().__init__(kind, note)
        self.kind = kind
        self.note = note
        self.context = context or {}

    def __str__(self) -> str:
        return f"{self.kind.title}: {self.note}"


def clipped(text: str, longest: int = VALUE_MAX) -> str:
    """A text of at most so many characters; one that is cut off ends in `…`."""
    return text if len(text) <= longest else f"{text[:longest]}…"


def catalogue() -> tuple[Kind, ...]:
    """Every kind of every family, by code."""
    kinds = []
    for family in discover.names(__name__):
        for value in vars(discover.member(__name__, family)).values():
            if isinstance(value, Kind) and value.code.startswith(f"{family}."):
                kinds.append(value)
    return tuple(sorted(kinds, key=lambda kind: kind.code))


def kind(code: str) -> Kind:
    """The kind of that code, such as `exchange.delete-denied`. Raises `KeyError`."""
    for value in vars(discover.member(__name__, code.partition(".")[0])).values():
        if isinstance(value, Kind) and value.code == code:
            return value
    raise KeyError(code)
