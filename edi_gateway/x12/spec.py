"""What a transaction set allows: the rows of `specs/`, as values."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, cast

from edi_gateway.issues import x12
from edi_gateway.x12.guided import Counted, Guided, Rule

Need = Literal["M", "O", "X"]

UNGUIDED = Guided()

Rows = Callable[[str], Mapping[str, Any] | None]
"""The parsed TOML of a path such as `specs/850/004010.toml`, None where there is none."""


@dataclass(frozen=True, slots=True)
class SyntaxNote:
    """A relation between elements, such as P0304. `confidence` is V, P, R, I or U (see specs/README)."""

    rule: str
    positions: tuple[int, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a segment, or one component of a composite (then it has no components of its own).

    `type` is AN, ID, R, N0-N6, DT, TM, B or COMP; `codes` is None where any value will do;
    `narrowed` says that a partner's guide tells the list. `notes` relate its components.
    """

    position: int
    id: str
    name: str
    need: Need
    type: str
    min: int
    max: int
    repeat: int = 1
    codes: frozenset[str] | None = None
    narrowed: bool = False
    components: tuple["Element", ...] = ()
    notes: tuple[SyntaxNote, ...] = ()
    guided: Guided = UNGUIDED

    @property
    def unused(self) -> bool:
        """Whether a guide says that it is not sent."""
        return self.narrowed and not self.codes


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: its elements and the relations between them. One that is `unused` by a guide has a note that
    never holds, so that the generated checks fail for it."""

    id: str
    name: str
    elements: tuple[Element, ...]
    notes: tuple[SyntaxNote, ...] = ()
    unused: bool = False
    guided: Guided = UNGUIDED


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop. `path` is unique in a set, such as `PO1/N1`; the set itself is the loop with path ``."""

    path: str
    need: Need
    repeat: int | None
    """None: without limit."""
    guided: Guided = UNGUIDED


@dataclass(frozen=True, slots=True)
class Place:
    """One place in the grammar where a segment may stand.

    `index` is its ordinal in the set's definition, ST = 0; grammar order is index order.
    `trigger` says that it opens its loop.
    """

    index: int
    segment: Segment
    loop: Loop
    need: Need
    max: int | None
    trigger: bool
    guided: Guided = UNGUIDED


@dataclass(frozen=True, slots=True)
class Definition:
    """A transaction set in one version, as a partner's guide has it where there is one.

    `counted` and `rules` are what the guide says and the grammar cannot: it is looked at when the walk is done.
    """

    set: str
    version: str
    name: str
    group: str
    places: tuple[Place, ...]
    totals: tuple["Total", ...] = ()
    hierarchy: "Hierarchy | None" = None
    counted: tuple[Counted, ...] = ()
    rules: tuple[Rule, ...] = ()

    @property
    def used(self) -> tuple[Place, ...]:
        """The places that a guide leaves to be used, for those who hand the definition on."""
        shut = {place.loop.path for place in self.places if place.trigger and place.segment.unused}
        return tuple(
            place for place in self.places
            if not place.segment.unused and not any(f"{place.loop.path}/".startswith(f"{path}/") for path in shut)
        )


@dataclass(frozen=True, slots=True)
class Total:
    """An element that tells how often segments occur (`count`) or what an element of theirs adds up to (`sum`)."""

    segment: str
    element: int
    verb: Literal["count", "sum"]
    places: frozenset[int]
    of: int | None


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A loop whose occurrences stand flat in the set and form a tree by what their first segment says.

    `id`, `parent` and `level` are elements of the segment, which has one place in the set: `place` opens `loop`.
    """

    segment: str
    loop: str
    place: int
    id: int
    parent: int
    level: int


def base_version(version: str) -> str:
    """The standard's version of a GS08: `004010VICS` is `004010`."""
    return version[:6]


def is_release(version: str) -> bool:
    """Whether that may be a release of the standard, such as `004010`: six digits, none below 001000."""
    return _RELEASE.fullmatch(version) is not None


def group_of(rows: Rows, set_id: str, release: str) -> str | None:
    """The code of the groups a set belongs into (GS01); None where `specs/` has no rows of it in that release."""
    row = _row(rows, set_id, release)
    return None if row is None else str(row["group"])


def load(rows: Rows, set_id: str, version: str) -> Definition | None:
    """The definition of a set; None where `specs/` has no rows of it.

    Raises `GatewayError` (`x12.definition-broken`) when rows contradict the format or each other.
    """
    row = _row(rows, set_id, base_version(version))
    if row is None:
        return None
    source = f"specs/{set_id}/{base_version(version)}.toml"
    try:
        return _definition(rows, row, base_version(version))
    except (ValueError, KeyError, IndexError) as error:
        raise x12.DEFINITION_BROKEN.error(f"{source}: {error}") from error


def written(rows: Rows, version: str, id: str, name: str, elements: str) -> Segment:
    """A segment that somebody else tells in rows of the same form. Raises `ValueError` where they are none."""
    listed = _segments(rows, version)
    return Segment(id, name, tuple(listed.element(line) for line in elements.splitlines() if line.strip()))


def knows_version(rows: Rows, version: str) -> bool:
    """Whether `specs/` has segments of that version."""
    base = base_version(version)
    return _PLAIN.fullmatch(base) is not None and rows(f"specs/x12/{base}/ST.toml") is not None


def segment(rows: Rows, version: str, id: str) -> Segment | None:
    """A segment of that version by itself; None where `specs/` has none of that id."""
    known = _PLAIN.fullmatch(version) is not None and knows_segment(rows, version, id)
    return _segments(rows, version)[id] if known else None


def knows_segment(rows: Rows, version: str, segment: str) -> bool:
    """Whether `specs/` has a segment of that id in that version."""
    return _SEGMENT_ID.fullmatch(segment) is not None and rows(f"specs/x12/{version}/{segment}.toml") is not None


# What comes from a file of a partner never becomes part of a path unless it is plain.
_RELEASE = re.compile(r"00[1-9][0-9]{3}")
_PLAIN = re.compile(r"[0-9A-Z]{1,12}")
_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")
_SEGMENT = re.compile(r"(?:(?P<loop>[A-Z0-9/]+)/)?(?P<segment>[A-Z][A-Z0-9]{1,2})(?:\[(?P<code>[^\[\]]+)\])?")
_ELEMENT = re.compile(r"(?:(?P<loop>[A-Z0-9/]+)/)?(?P<segment>[A-Z][A-Z0-9]{1,2})(?P<element>\d\d)")


def _row(rows: Rows, set_id: str, version: str) -> Mapping[str, Any] | None:
    if not (_PLAIN.fullmatch(set_id) and _PLAIN.fullmatch(version)):
        return None
    return rows(f"specs/{set_id}/{version}.toml")


def _definition(rows: Rows, row: Mapping[str, Any], version: str) -> Definition:
    segments = _segments(rows, version)
    places = tuple(_places(row["structure"], segments))
    definition = Definition(row["set"], version, row["name"], row["group"], places)
    totals = tuple(_total(definition, path, form) for path, form in row.get("totals", {}).items())
    hierarchy = _hierarchy(definition, row["tree"]) if "tree" in row else None
    return replace(definition, totals=totals, hierarchy=hierarchy)


def _places(structure: str, segments: "_Segments") -> Iterator[Place]:
    loops = [Loop("", "M", 1)]
    opening, index = True, 0
    for line in structure.splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        depth = (len(line) - len(line.lstrip(" "))) // 2
        del loops[depth + 1:]
        if words[0] == "loop":
            path = f"{loops[-1].path}/{words[1]}".lstrip("/")
            loops.append(Loop(path, _need(words[2]), _times(words[3])))
            opening = True
        else:
            yield Place(index, segments[words[0]], loops[-1], _need(words[1]), _times(words[2]), opening)
            opening, index = False, index + 1


def _times(word: str) -> int | None:
    return None if word == ">1" else int(word)


def _need(word: str) -> Need:
    if word not in ("M", "O", "X"):
        raise ValueError(f"{word!r} is none of M, O, X")
    return cast(Need, word)


@lru_cache(maxsize=8)
def _segments(rows: Rows, version: str) -> "_Segments":
    """Shared by every set of a version: most segments stand in several sets."""
    return _Segments(rows, version)


class _Segments(dict[str, Segment]):
    """The segments of a version, each read once."""

    def __init__(self, rows: Rows, version: str) -> None:
        self._rows = rows
        self._folder = f"specs/x12/{version}"
        self._codes: dict[str, frozenset[str] | None] = {}

    def __missing__(self, id: str) -> Segment:
        row = self._rows(f"{self._folder}/{id}.toml")
        if row is None:
            raise ValueError(f"{self._folder}/{id}.toml is missing")
        elements = tuple(self.element(line) for line in row["elements"].splitlines() if line.strip())
        notes = tuple(_note(text) for text in row.get("syntax", ()))
        self[id] = Segment(id, row["name"], elements, notes)
        return self[id]

    def element(self, line: str) -> Element:
        """One row of a segment."""
        position, need, id, type, *rest = line.split()
        if type == "COMP":
            composite, low, high = self[id], 0, 0
        else:
            composite = None
            low, high = (int(word) for word in rest.pop(0).split("/"))
        repeat = int(rest.pop(0)[1:]) if rest and re.fullmatch(r"x\d+", rest[0]) else 1
        return Element(
            int(position), id, " ".join(rest), _need(need), type, low, high, repeat,
            codes=self._list(id) if type == "ID" else None,
            components=composite.elements if composite else (),
            notes=composite.notes if composite else (),
        )

    def _list(self, id: str) -> frozenset[str] | None:
        if id not in self._codes:
            row = self._rows(f"{self._folder}/codes/{id}.toml")
            self._codes[id] = frozenset(row["codes"].split()) if row else None
        return self._codes[id]


def _note(text: str) -> SyntaxNote:
    rule, confidence = text.split()
    digits = rule[1:]
    positions = tuple(int(digits[at:at + 2]) for at in range(0, len(digits), 2))
    if rule[0] not in "PRCLE" or confidence not in "VPRIU" or len(positions) < 2:
        raise ValueError(f"{text!r} is no syntax note")
    return SyntaxNote(rule, positions, confidence)


def _total(definition: Definition, path: str, form: str) -> Total:
    stands = _match(_ELEMENT, path)
    verb, target = form.split()
    if verb == "count":
        counted = _match(_SEGMENT, target)
        return Total(stands["segment"], int(stands["element"]), "count", _find(definition, counted), None)
    if verb == "sum":
        summed = _match(_ELEMENT, target)
        places = _find(definition, summed)
        return Total(stands["segment"], int(stands["element"]), "sum", places, int(summed["element"]))
    raise ValueError(f"{form!r} is neither count nor sum")


def _hierarchy(definition: Definition, row: Mapping[str, str]) -> Hierarchy:
    if set(row) != {"id", "parent", "level"}:
        raise ValueError("tree has id, parent and level, and nothing else")
    spots = {word: _match(_ELEMENT, path) for word, path in row.items()}
    places = [place for place in definition.places if place.segment.id == spots["id"]["segment"]]
    if len(places) != 1 or not (places[0].trigger and places[0].loop.path):
        raise ValueError(f"tree.id names {row['id']}, which does not open one loop of the set")
    (place,) = places
    if any(_find(definition, spot) != {place.index} for spot in spots.values()):
        raise ValueError("id, parent and level of a tree stand in one segment")
    at = {word: int(spot["element"]) for word, spot in spots.items()}
    if not all(1 <= position <= len(place.segment.elements) for position in at.values()):
        raise ValueError(f"tree names an element that {place.segment.id} does not have")
    return Hierarchy(place.segment.id, place.loop.path, place.index, **at)


def _match(pattern: re.Pattern[str], path: str) -> re.Match[str]:
    match = pattern.fullmatch(path)
    if match is None:
        raise ValueError(f"{path!r} does not read like BEG02, N1/N101 or REF[IA]")
    return match


def _find(definition: Definition, spot: re.Match[str]) -> frozenset[int]:
    """The places a path means: the segment in that loop, or the one that opens a loop of its name there."""
    loop, segment = spot["loop"] or "", spot["segment"]
    opened = f"{loop}/{segment}".lstrip("/")
    for wanted in (loop, opened):
        found = frozenset(
            place.index for place in definition.places if (place.loop.path, place.segment.id) == (wanted, segment)
        )
        if found:
            return found
    raise ValueError(f"set {definition.set} has no {segment} in {'the loop ' + loop if loop else 'its heading'}")


__all__ = [
    "UNGUIDED", "Definition", "Element", "Hierarchy", "Loop", "Need", "Place", "Rows", "Segment", "SyntaxNote",
    "Total", "base_version", "group_of", "is_release", "knows_segment", "knows_version", "load", "segment",
    "written",
]
