"""Generates one function for each map and definition: the text of a noun of which there is nothing to remark.

It does what `writing.carefully` does, and needs no reading back: while the function is made, every action of the
reader at a place that is written is held against what is written there. What cannot be told beforehand is asked
by the function. Whatever calls for a finding or a remark raises `Unusual`, and the noun is written the careful
way. A law test holds that both give the same segments. `Written.source` shows what runs. Segments are made as
texts at once; that no value holds a separator is told by how many of them there are in the end.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

from edi_gateway.mapping.fitting import TextRules
from edi_gateway.mapping.foresight import Entry, Foresight, UnfitError
from edi_gateway.mapping.forms import Forms
from edi_gateway.mapping.memo import Unusual
from edi_gateway.mapping.paths import Grammar, Hop
from edi_gateway.mapping.plan import Line, Sheet
from edi_gateway.mapping.planting import planting
from edi_gateway.mapping.saying import INDENT, Saying
from edi_gateway.mapping.structure import Structure
from edi_gateway.mapping.taking import Taking
from edi_gateway.mapping.template import Template
from edi_gateway.mapping.wording import clean, odd, sound_bytes
from edi_gateway.model import Noun
from edi_gateway.x12.spec import Place
from edi_gateway.x12.tokens import Separators
from edi_gateway.x12.write import can_be_told_apart

if TYPE_CHECKING:
    from edi_gateway.mapping.compile import Plan

Laid = tuple[str, list[int]]


@dataclass(frozen=True, slots=True)
class Written:
    """The function that lays a noun into the text of its segments and their places, without ST and SE; its `source`."""

    source: str
    lay: Callable[[Noun], Laid]
    """Raises `Unusual`: write the noun with care."""


def quick_writing(plan: "Plan", separators: Separators, rules: TextRules, forms: Forms) -> Written | None:
    """The quick way to write by a resolved map; None where it cannot be known that the reader takes what is written."""
    if not (separators.all.isascii() and can_be_told_apart(separators)):
        return None
    making = _Making(plan, separators, rules, forms)
    try:
        source = "\n".join(making.lines()) + "\n"
    except UnfitError:
        return None
    scope: dict[str, Any] = {}
    exec(compile(source, "<map>", "exec"), making.names, scope)
    return Written(source, scope["lay"])


class _Making:
    """One function being written. `names` are what it refers to."""

    def __init__(self, plan: "Plan", separators: Separators, rules: TextRules, forms: Forms) -> None:
        self.sheet = plan.sheet
        self.structure = plan.structure
        self.grammar: Grammar = plan.grammar
        self.separators = separators
        self.names: dict[str, Any] = {
            "Unusual": Unusual, "odd": odd, "clean": clean, "SOUND": sound_bytes(separators, rules),
        }
        steps = plan.steps.by_place
        openings = [opening for step in steps if step for opening in step.openings]
        slots = {id(self.sheet): 0} | {id(opening.sheet): opening.slot for opening in openings}
        self.count = 0
        self.taking = Taking(self.name)
        foresight = Foresight(steps, slots, self.name)
        self.saying = Saying(plan.grammar, separators.element, rules, forms, foresight, self.name)

    def lines(self) -> Iterator[str]:
        """The whole function, line by line."""
        definition = self.grammar.definition
        if bool(definition.hierarchy) != bool(self.structure):
            raise UnfitError
        yield "def lay(document):"
        yield "    segments, places, marks = [], [], -1"
        entries: list[Entry] = []
        yield from self.indented(self.taking.fields(self.sheet, "document", entries))
        if self.structure:
            yield f"    levels = {self.name('planted', planting(self.sheet, self.structure))}(document.__dict__)"
            entries += self.constants(self.structure)
        yield from self.indented(self.instance("", None, entries, self.sheet, {}))
        yield f"    text = {self.separators.segment!r}.join(segments)"
        yield "    if not clean(text, SOUND, marks):"
        yield "        raise Unusual"
        yield "    return text, places"

    def indented(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            yield INDENT + line

    def each(self, item: str, of: str, lines: Iterable[str], some: str) -> Iterator[str]:
        """The code that goes over a list; `some` asks whether there is anything in it, which costs less than going."""
        loop = chain([f"for {item} in {of}:"], self.indented(lines))
        yield from chain([f"if {some}:"], self.indented(loop)) if some else loop

    def name(self, stem: str, value: Any = None) -> str:
        """A name of its own; where a value is given, the function refers to it by that."""
        self.count += 1
        name = f"{stem}_{self.count}"
        if value is not None:
            self.names[name] = value
        return name

    def instance(
        self, loop: str, hop: Hop | None, entries: Sequence[Entry], sheet: Sheet, around: Mapping[str, Template]
    ) -> Iterator[str]:
        """One occurrence of a loop: its segments and the loops within in grammar order."""
        known = dict(around)
        first, *_, last = self.grammar.definition.places
        for place in self.grammar.members[loop]:
            here = [one for one in entries if not one.hops and one.spot.place is place]
            inside = [one for one in entries if one.hops and one.hops[0].loop == place.loop.path]
            if place.loop.path == loop:
                if place in (first, last) and here:
                    raise UnfitError
                trigger = bool(loop) and place.trigger
                yield from self.segments(place, here, sheet, known, hop if trigger else None, trigger)
            elif self.structure and place.loop.path == self.structure.root.loop:
                yield from self.levels(self.structure, place, inside, known)
            elif inside:
                yield from self.occurrences(place, inside, sheet, known)

    def constants(self, structure: Structure) -> Iterator[Entry]:
        """What tells of the structure, before anything else that is said there."""
        for fixed in structure.fixed:
            if fixed.spot.codes != (None,):
                raise UnfitError
            yield Entry(-1, str(fixed.text), fixed.spot, (), "", "")

    def levels(
        self, structure: Structure, place: Place, entries: Sequence[Entry], known: Mapping[str, Template]
    ) -> Iterator[str]:
        """The document's own level with what stands there, and behind it all others."""
        if any(one.hops[0] != structure.root for one in entries):
            raise UnfitError
        if place.loop.repeat is not None:
            yield f"if len(levels) >= {place.loop.repeat}:"
            yield "    raise Unusual"
        yield "own, parent = '1', ''"
        inner = [replace(one, hops=one.hops[1:]) for one in entries]
        yield from self.instance(structure.root.loop, structure.root, inner, self.sheet, known)
        yield "for which, item, own, parent in levels:"
        # Most levels are items of the last list, so these are asked for first.
        ranks = [*enumerate((*structure.above, structure.leaf))]
        for number, key in reversed(ranks):
            level, within = self.sheet.levels[key], list[Entry]()
            assert level.spot is not None, "a level has a place"
            hop = level.spot.hops[-1]
            yield f"    {'elif' if number < len(structure.above) else 'if'} which == {number}:"
            yield from self.indented(self.indented(self.taking.fields(level, "item", within)))
            yield from self.indented(self.indented(self.instance(hop.loop, hop, within, level, known)))

    def groups(self, entries: Sequence[Entry], key: Callable[[Entry], object]) -> list[list[Entry]]:
        """The entries that share a segment or loop, in the order in which these are begun."""
        found: dict[object, list[Entry]] = {}
        for one in entries:
            found.setdefault(key(one), []).append(one)
        groups = sorted(found.values(), key=lambda group: group[0].order)
        for group, after in pairwise(groups):
            if max(one.order for one in group) >= min(one.order for one in after):
                raise UnfitError
        return groups

    def occurrences(
        self, place: Place, entries: Sequence[Entry], sheet: Sheet, known: Mapping[str, Template]
    ) -> Iterator[str]:
        def opens(one: Entry) -> bool:
            return isinstance(one.what, Sheet) and not one.what.alone and len(one.hops) == 1

        groups = self.groups(entries, lambda one: id(one.what) if opens(one) else one.hops[0])
        most = place.loop.repeat
        lists = [group[0] for group in groups if opens(group[0])]
        many = [f"len({one.value})" for one in lists if isinstance(one.what, Sheet) and one.what.record.many]
        others = len(groups) - len(many)
        if most is not None and (many or others > most):
            yield f"if {' + '.join([*many, *([str(others)] if others else [])])} > {most}:"
            yield "    raise Unusual"
        for group in groups:
            one = group[0]
            if opens(one):
                assert isinstance(one.what, Sheet)
                yield from self.items(one, one.what, known)
                continue
            said = list(dict.fromkeys(e.said for e in group))
            inner = [replace(e, hops=e.hops[1:], said=e.said if len(said) > 1 else "") for e in group]
            yield f"if {' or '.join(said)}:" if all(said) else "if True:"
            yield from self.indented(self.instance(one.hops[0].loop, one.hops[0], inner, sheet, known))

    def items(self, entry: Entry, sheet: Sheet, known: Mapping[str, Template]) -> Iterator[str]:
        """The items of a list, each in a loop or a segment of its own."""
        item = self.name("item")
        entries: list[Entry] = []
        lines = [*self.taking.fields(sheet, item, entries)]
        if sheet.alone:
            assert sheet.spot is not None
            lines += self.saying.segment(sheet.spot.place, entries, sheet, known, sheet.spot.code, None, True)
        else:
            hop = entry.hops[-1]
            lines += self.instance(hop.loop, hop, entries, sheet, known)
        if sheet.record.many:
            yield from self.each(item, entry.value, lines, entry.value if entry.said else "")
        else:
            yield f"if ({item} := {entry.value}) is not None:"
            yield from self.indented(lines)

    def segments(
        self, place: Place, here: Sequence[Entry], sheet: Sheet, known: dict[str, Template], hop: Hop | None,
        trigger: bool,
    ) -> Iterator[str]:
        """All segments at one place of one occurrence of its loop."""
        groups = self.groups(here, lambda one: id(one.what) if isinstance(one.what, Sheet) else one.spot.code)
        if trigger:
            if len(groups) > 1 or any(one.spot.code for one in here) or any(isinstance(e.what, Sheet) for e in here):
                raise UnfitError
            yield from self.saying.segment(place, here, sheet, known, None, hop, always=True)
            return
        repeats = any(isinstance(one.what, Sheet) or _repeated(one.what) for one in here)
        if repeats and place.max is not None:
            yield from self.numbered(place, groups)
        elif place.max is not None and len(groups) > place.max:
            raise UnfitError
        for group in groups:
            one = group[0]
            if isinstance(one.what, Sheet):
                yield from self.items(one, one.what, known)
            elif any(_repeated(e.what) for e in group):
                yield from self.repeated(place, group, sheet, known)
            else:
                yield from self.saying.segment(place, group, sheet, known, one.spot.code, None, always=False)

    def numbered(self, place: Place, groups: Sequence[Sequence[Entry]]) -> Iterator[str]:
        """Asks whether more segments are to be written than the place takes."""
        counts = []
        for group in groups:
            one = next((one for one in group if isinstance(one.what, Sheet) or _repeated(one.what)), None)
            if one is None or (isinstance(one.what, Sheet) and not one.what.record.many):
                counts.append("1")
            else:
                width = len(one.what.spots) if isinstance(one.what, Line) else 1
                counts.append(f"len({one.value})" if width == 1 else f"(len({one.value}) + {width - 1}) // {width}")
        only = len(counts) == 1 and counts[0].startswith("len")
        said = f"{counts[0][4:-1]} and " if only else ""
        yield f"if {said}{' + '.join(counts)} > {place.max}:"
        yield "    raise Unusual"

    def repeated(
        self, place: Place, group: Sequence[Entry], sheet: Sheet, known: dict[str, Template]
    ) -> Iterator[str]:
        """A list of texts, in as many segments as it takes."""
        one = next(entry for entry in group if _repeated(entry.what))
        line = one.what
        assert isinstance(line, Line)
        if any(entry is not one and entry.owner is not line for entry in group):
            raise UnfitError
        start, width = self.name("start"), len(line.spots)
        values = [f"({one.value}[{start} + {n}] if {start} + {n} < len({one.value}) else None)" for n in range(width)]
        values[0] = f"{one.value}[{start}]" if width > 1 else start
        lines = self.saying.segment(place, group, sheet, known, one.spot.code, None, True, values)
        of = f"range(0, len({one.value}), {width})" if width > 1 else one.value
        yield from self.each(start, of, lines, one.value if one.said else "")


def _repeated(what: "Line | Sheet | str") -> bool:
    return isinstance(what, Line) and what.row.shape.many and not what.pairs
