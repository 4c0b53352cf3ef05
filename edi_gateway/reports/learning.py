"""Proposes a guide from sample documents: what is always there, what never, which codes and lengths occur, how sure.

Only sets that the standard accepts are looked at. What is not sure enough is proposed as a comment, so that a person
decides; nothing is ever applied by itself.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from edi_gateway.flows.guides import Guides
from edi_gateway.flows.reading import readings
from edi_gateway.x12 import envelope, spots
from edi_gateway.x12.read import Tree
from edi_gateway.x12.spec import Definition, Element, Place

MUST_FROM = 8
"""From so many documents on, what was always there is proposed."""
UNUSED_FROM = 20
"""From so many on, what was never there."""
CODES_MAX = 8
"""A longer list is no list of codes, but whatever came by."""
ALIKE_FROM = 10
"""Where a document stands out, nothing is proposed under so many for itself and each such document."""
SEEN_TWICE = 2
"""Each code of a list was seen in so many documents at least."""
_LENGTHS = (1, 2, 3, 5, 10, 20, 30, 50, 80, 120, 264)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One row: the table, the path, what it says as TOML, why, and whether it is sure enough to be more than a hint."""

    table: str
    path: str
    words: str
    why: str
    sure: bool

    @property
    def line(self) -> str:
        """The row as the file has it."""
        key = self.path if self.path.isalnum() else f'"{self.path}"'
        return f"{'' if self.sure else '# '}{key} = {{ {self.words} }}   # {self.why}"


@dataclass
class Learned:
    """What was learned: of how many documents, how many were passed over, and the rows.

    `odd` are the documents that hold something that no other holds, or lack what all others hold.
    """

    set: str
    version: str = ""
    documents: int = 0
    rejected: int = 0
    others: int = 0
    odd: int = 0
    proposals: list[Proposal] = field(default_factory=list)

    @property
    def _differing(self) -> Iterator[str]:
        if self.odd:
            yield f"# The documents differ: {self.odd} of them hold something alone, or lack it alone. So nothing is"
            yield f"# sure under {ALIKE_FROM * (1 + self.odd)} documents."

    @property
    def toml(self) -> str:
        """The guide, to be read and kept as a file by a person."""
        lines = [
            f"# A proposal for {self.set}.guide.toml, learned from {self.documents} documents in version "
            + (self.version or "none") + ".",
            f"# Passed over: {self.rejected} that the standard rejects, {self.others} in another version.",
            "# Read it against the partner's guide before you use it. Rows behind a # are not sure enough: they rest",
            f"# on fewer than {MUST_FROM} documents (never there: {UNUSED_FROM}), on codes seen only once, or on codes",
            "# that the standard does not have.",
            *self._differing,
        ]
        for table in ("segments", "elements"):
            lines += ["", f"[{table}]", *(one.line for one in self.proposals if one.table == table)]
        return "\n".join((*lines, ""))


def learn(samples: Iterable[bytes], guides: Guides, set_id: str, partner: str = "") -> Learned:
    """A proposal from the sets of one id in these files, in the version that most of them have."""
    found = Learned(set_id)
    trees: dict[str, list[Tree]] = defaultdict(list)
    for content in samples:
        for interchange in readings(envelope.read([content]), guides, lambda _interchange, _group: partner):
            for group in interchange:
                for _, verdict in group:
                    if verdict.set == set_id and verdict.tree is not None:
                        trees[verdict.tree.definition.version].append(verdict.tree)
                    elif verdict.set == set_id:
                        found.rejected += 1
    if trees:
        found.version = max(sorted(trees), key=lambda version: len(trees[version]))
        own = trees.pop(found.version)
        found.documents, found.others = len(own), sum(map(len, trees.values()))
        seen = [_Seen(own[0].definition, tree) for tree in own]
        found.odd = _odd(seen)
        enough = not found.odd or found.documents >= ALIKE_FROM * (1 + found.odd)
        found.proposals = [replace(one, sure=one.sure and enough) for one in _proposals(own[0].definition, seen)]
    return found


def _odd(seen: Sequence["_Seen"]) -> int:
    """How many documents hold a segment or element that no other holds, or lack one that all others hold."""
    held = [one.held for one in seen]
    counts = Counter(spot for each in held for spot in each)
    telling = {spot for spot, count in counts.items() if count in (1, len(seen) - 1)}
    alone = {spot for spot in telling if counts[spot] == 1}
    return sum(bool(each & alone or telling - alone - each) for each in held) if len(seen) > 2 else 0


def _proposals(definition: Definition, seen: Sequence["_Seen"]) -> Iterator[Proposal]:
    shut: set[str] = set()
    for place in definition.places:
        if place.segment.id in ("ST", "SE") or any(f"{place.loop.path}/".startswith(f"{path}/") for path in shut):
            continue
        told = list(_of_place(place, seen))
        if place.trigger and place.loop.path and any("unused" in one.words for one in told):
            shut.add(place.loop.path)
        yield from told
        if any(place.index in one.rows for one in seen):
            yield from _of_elements(definition, place, seen)


class _Seen:
    """What one document holds: the occurrences of each loop, and the segments at each place."""

    def __init__(self, definition: Definition, tree: Tree) -> None:
        self.rows: dict[int, list[list[str]]] = defaultdict(list)
        self.within: dict[int, list[int]] = defaultdict(list)
        self.occurrences: Counter[str] = Counter({"": 1})
        for row, index in zip(tree.segments, tree.places, strict=True):
            place = definition.places[index]
            if place.trigger and place.loop.path:
                self.occurrences[place.loop.path] += 1
            above = spots.above(place)
            self.rows[index].append(row)
            self.within[index].append(self.occurrences[above])

    @property
    def held(self) -> set[tuple[int, int]]:
        """The places that are filled, and the elements that are filled there; the place itself is element 0."""
        return {
            (index, position) for index, rows in self.rows.items() for row in rows
            for position, value in enumerate(row) if value
        }

    def times(self, place: Place) -> list[int]:
        """How often a place is filled in each occurrence of the loop around it."""
        around = spots.above(place)
        counted = Counter(self.within.get(place.index, ()))
        return [counted[number] for number in range(1, self.occurrences[around] + 1)]


def _of_place(place: Place, seen: Sequence[_Seen]) -> Iterator[Proposal]:
    opens = place.trigger and bool(place.loop.path)
    path = place.loop.path if opens else f"{place.loop.path}/{place.segment.id}".lstrip("/")
    need, limit = (place.loop.need, place.loop.repeat) if opens else (place.need, place.max)
    times = [count for one in seen for count in one.times(place)]
    documents = sum(bool(one.times(place)) for one in seen)
    if not times:
        return
    where = f"in {sum(map(bool, times))} of {len(times)}"
    if not any(times):
        if need != "M":
            yield Proposal("segments", path, 'use = "unused"', where, documents >= UNUSED_FROM)
        return
    words = [('use = "must"', documents >= MUST_FROM)] if need != "M" and all(times) else []
    often = _often(times, limit)
    if often:
        holding = sum(any(one.times(place)) for one in seen)
        words.append((f"repeat = {often}", holding >= UNUSED_FROM))
        where += f", never more than {often}"
    yield from _row("segments", path, words, where)
    yield from _qualified(place, path, seen)


def _often(times: Sequence[int], limit: int | None) -> int:
    """The most that something is there, where at least half reach it; 0 where fewer do, or the standard has no more."""
    there = [count for count in times if count]
    most = max(there)
    return most if 2 * there.count(most) >= len(there) and (limit is None or most < limit) else 0


def _row(table: str, path: str, words: Sequence[tuple[str, bool]], why: str) -> Iterator[Proposal]:
    """A row of these words. What is sure is not held up by what is not, which is left as a remark."""
    held = [word for word, sure in words if sure] or [word for word, _ in words]
    if held:
        yield Proposal(table, path, ", ".join(held), why, any(sure for _, sure in words))


def _qualified(place: Place, path: str, seen: Sequence[_Seen]) -> Iterator[Proposal]:
    """The codes of a repeated segment that are there in every document, and what else has one form with such a code."""
    first = place.segment.elements[0]
    limit = place.loop.repeat if place.trigger and place.loop.path else place.max
    if first.type != "ID" or limit == 1 or spots.above(place):
        return
    told = [Counter(row[1] for row in one.rows.get(place.index, ()) if len(row) > 1) for one in seen]
    for code in sorted(set().union(*told)):
        count = sum(code in codes for codes in told)
        if count == len(told) and code and "/" not in code and "]" not in code and " " not in code:
            words, why = [('use = "must"', count >= MUST_FROM)], f"in {count} of {len(told)}"
            often = _often([codes[code] for codes in told], limit)
            if often:
                words.append((f"repeat = {often}", count >= UNUSED_FROM))
                why += f", never more than {often}"
            rows = list(_row("segments", f"{path}[{code}]", words, why))
            if not (place.trigger and place.loop.path):
                rows += _of_code(place, path, code, seen)
            yield from rows if _known(first, code) else [_beyond(one, f"{code} is no code of the list") for one in rows]


def _of_code(place: Place, path: str, code: str, seen: Sequence[_Seen]) -> Iterator[Proposal]:
    """The lengths that never vary with this code and do with others; the value itself may be the same each time."""
    for element in place.segment.elements[1:]:
        rows = [row for one in seen for row in one.rows.get(place.index, ())]
        every = {len(_at(row, element)) for row in rows} - {0}
        own = [_at(row, element) for row in rows if row[1] == code]
        if len(every) > 1 and len(set(map(len, own))) == 1 and own[0] and _measured(element):
            words, why = f"length = [{len(own[0])}, {len(own[0])}]", f"in {len(own)} of {len(own)}"
            yield Proposal("elements", f"{path}[{code}]{element.position:02}", words, why, len(seen) >= UNUSED_FROM)


def _known(element: Element, code: str) -> bool:
    return element.codes is None or code in element.codes


def _beyond(proposal: Proposal, why: str) -> Proposal:
    """The same as a hint: what goes beyond the standard needs the page of the guide, which no sample tells."""
    return replace(proposal, sure=False, why=f"{proposal.why}; {why}")


def _measured(element: Element) -> bool:
    """Whether its length may be narrowed and says something."""
    return element.type == "AN" and not element.components and element.repeat == 1 and element.min < element.max


def _of_elements(definition: Definition, place: Place, seen: Sequence[_Seen]) -> Iterator[Proposal]:
    path = f"{place.loop.path}/{place.segment.id}".lstrip("/")
    twins = [one for one in definition.places if (one.loop, one.segment.id) == (place.loop, place.segment.id)]
    tree = definition.hierarchy
    if len(twins) > 1 or tree is not None and tree.place == place.index:
        return
    for element in place.segment.elements:
        values = [[_at(row, element) for row in one.rows.get(place.index, ())] for one in seen]
        told = _of_element(f"{path}{element.position:02}", element, [each for each in values if each])
        if told is not None:
            yield told


def _at(row: Sequence[str], element: Element) -> str:
    return row[element.position] if element.position < len(row) else ""


def _of_element(path: str, element: Element, values: Sequence[Sequence[str]]) -> Proposal | None:
    """A row for an element, of its values by document."""
    flat = [value for each in values for value in each]
    filled = [value for value in flat if value]
    where = f"in {len(filled)} of {len(flat)}"
    if not filled:
        if element.need == "M":
            return None
        return Proposal("elements", path, 'use = "unused"', where, len(values) >= UNUSED_FROM)
    words, whys = [], [where]
    if len(filled) == len(flat) and element.need != "M":
        words.append(('use = "must"', len(values) >= MUST_FROM))
    codes = _codes(element, values)
    if codes:
        sure = all(count >= SEEN_TWICE and _known(element, code) for code, count in codes)
        words.append((_listed(element, [code for code, _ in codes]), sure and len(values) >= MUST_FROM))
        whys.append(", ".join(f"{code} in {count} of {len(values)}" for code, count in codes))
    elif _measured(element):
        words += _length(element, filled, len(values), alone=not words)
        whys.append(f"{min(map(len, filled))} to {max(map(len, filled))} characters")
    return next(_row("elements", path, words, "; ".join(whys)), None)


def _length(element: Element, filled: Sequence[str], documents: int, *, alone: bool) -> Iterator[tuple[str, bool]]:
    """One length is sure where many values have it; of lengths that vary the longest, rounded up, is a hint."""
    low, high = min(map(len, filled)), max(map(len, filled))
    many = len(set(filled)) >= MUST_FROM
    if low == high and many:
        yield f"length = [{low}, {high}]", documents >= UNUSED_FROM
    else:
        most = next((one for one in _LENGTHS if one >= high), element.max)
        if alone and most < element.max:
            yield f"length = [{element.min}, {max(most, element.min)}]", False


def _codes(element: Element, values: Sequence[Sequence[str]]) -> list[tuple[str, int]]:
    """The codes that occur and in how many documents, where they may be a list: never texts, dates or numbers."""
    if element.type != "ID" or element.repeat > 1 or element.components:
        return []
    counts = Counter(value for each in values for value in set(each) if value)
    fitting = all(_known(element, code) or element.min <= len(code) <= element.max for code in counts)
    return sorted(counts.items()) if fitting and len(counts) <= CODES_MAX else []


def _listed(element: Element, codes: Sequence[str]) -> str:
    """The codes as a row has them: those of the list, and the partner's own, to which a page is to be added."""
    known = [code for code in codes if _known(element, code)]
    own = [code for code in codes if code not in known]
    lists = {"codes": known, "codes_add": own}
    words = [f"{name} = [{', '.join(map(_quoted, held))}]" for name, held in lists.items() if held]
    return ", ".join([*words, *(["deviates = true"] if own else [])])


def _quoted(code: str) -> str:
    return f'"{code}"'
