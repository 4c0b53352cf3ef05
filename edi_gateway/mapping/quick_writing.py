"""Generates one function for each map and definition: the tree of a noun of which there is nothing to remark.

It does what `writing.carefully` does, and needs no reading back: while the function is made, every action of the
reader at a place that is written is held against what is written there. What cannot be told beforehand is asked
by the function. Whatever calls for a finding or a remark raises `Unusual`, and the noun is written the careful
way. A law test holds that both give the same segments. `Written.source` shows what runs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from edi_gateway.mapping import texts
from edi_gateway.mapping.fitting import TextRules
from edi_gateway.mapping.foresight import Entry, Foresight, Template, UnfitError, shared
from edi_gateway.mapping.forms import Forms
from edi_gateway.mapping.memo import Unusual
from edi_gateway.mapping.paths import Grammar, Hop
from edi_gateway.mapping.plan import Line, Sheet
from edi_gateway.mapping.planting import planting
from edi_gateway.mapping.structure import Structure
from edi_gateway.mapping.taking import Taking
from edi_gateway.mapping.wording import Wording, bad_bytes, by_verb, clean, odd
from edi_gateway.model import Noun
from edi_gateway.x12.spec import Place
from edi_gateway.x12.tokens import Separators

if TYPE_CHECKING:
    from edi_gateway.mapping.compile import Plan

CONTROL_NUMBER = "0001"
_INDENT = "    "
Laid = tuple[list[list[str]], list[int]]


@dataclass(frozen=True, slots=True)
class Written:
    """The function that lays a noun into segments and their places, and its `source`."""

    source: str
    lay: Callable[[Noun], Laid]
    """Raises `Unusual`: write the noun with care."""


def quick_writing(plan: "Plan", separators: Separators, rules: TextRules, forms: Forms) -> Written | None:
    """The quick way to write by a resolved map; None where it cannot be known that the reader takes what is written."""
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
        self.steps = plan.steps.by_place
        self.rules = rules
        self.forms = forms
        self.names: dict[str, Any] = {
            "Unusual": Unusual, "odd": odd, "clean": clean, "BAD": bad_bytes(separators, rules),
        }
        openings = [opening for step in self.steps if step for opening in step.openings]
        self.slots = {id(self.sheet): 0} | {id(opening.sheet): opening.slot for opening in openings}
        self.count = 0
        self.wording = Wording(rules, forms, self.name)
        self.taking = Taking(self.name)
        self.foresight = Foresight(self.steps, self.slots, self.name)

    def lines(self) -> Iterator[str]:
        """The whole function, line by line."""
        definition = self.grammar.definition
        if bool(definition.hierarchy) != bool(self.structure):
            raise UnfitError
        first, *_, last = definition.places
        yield "def lay(document):"
        yield f"    segments, places = [['ST', {definition.set!r}, {CONTROL_NUMBER!r}]], [{first.index}]"
        yield "    say, at = segments.append, places.append"
        entries: list[Entry] = []
        yield from self.indented(self.taking.fields(self.sheet, "document", entries))
        if self.structure:
            yield f"    levels = {self.name('planted', planting(self.sheet, self.structure))}(document.__dict__)"
            entries += self.constants(self.structure)
        yield from self.indented(self.instance("", None, entries, self.sheet, {}))
        yield "    if not clean(segments, BAD):"
        yield "        raise Unusual"
        yield f"    say(['SE', str(len(segments) + 1), {CONTROL_NUMBER!r}])"
        yield f"    at({last.index})"
        yield "    return segments, places"

    def indented(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            yield _INDENT + line

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
        many = sheet.record.many
        yield f"for {item} in {entry.value}:" if many else f"if ({item} := {entry.value}) is not None:"
        entries: list[Entry] = []
        yield from self.indented(self.taking.fields(sheet, item, entries))
        if sheet.alone:
            assert sheet.spot is not None
            yield from self.indented(self.segment(sheet.spot.place, entries, sheet, known, sheet.spot.code, None, True))
        else:
            hop = entry.hops[-1]
            yield from self.indented(self.instance(hop.loop, hop, entries, sheet, known))

    def segments(
        self, place: Place, here: Sequence[Entry], sheet: Sheet, known: dict[str, Template], hop: Hop | None,
        trigger: bool,
    ) -> Iterator[str]:
        """All segments at one place of one occurrence of its loop."""
        groups = self.groups(here, lambda one: id(one.what) if isinstance(one.what, Sheet) else one.spot.code)
        if trigger:
            if len(groups) > 1 or any(one.spot.code for one in here) or any(isinstance(e.what, Sheet) for e in here):
                raise UnfitError
            yield from self.segment(place, here, sheet, known, None, hop, always=True)
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
                yield from self.segment(place, group, sheet, known, one.spot.code, None, always=False)

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
        step = f", {width}" if width > 1 else ""
        yield f"for {start} in range(0, len({one.value}){step}):"
        values = [f"({one.value}[{start} + {n}] if {start} + {n} < len({one.value}) else None)" for n in range(width)]
        values[0] = f"{one.value}[{start}]"
        yield from self.indented(self.segment(place, group, sheet, known, one.spot.code, None, True, values))

    def segment(
        self, place: Place, entries: Sequence[Entry], sheet: Sheet, known: Mapping[str, Template],
        code: str | None, hop: Hop | None, always: bool, values: Sequence[str] = (),
    ) -> Iterator[str]:
        """One segment: its texts, what must be said, and what the reader would make of it."""
        template = Template(self.name(f"{place.segment.id.lower()}"), place)
        if isinstance(known, dict) and place.trigger:
            known[place.loop.path] = template
        codes = {1: code} if code is not None else {}
        if hop is not None and hop.code is not None:
            codes[hop.position] = hop.code
        said: dict[int, str] = {at: repr(text) for at, text in codes.items() if text}
        template.sure = {at: text for at, text in codes.items() if text}
        if (by := self.grammar.definition.hierarchy) and by.place == place.index:
            said |= {by.id: "own", by.parent: "parent"}
            template.open |= {by.id: None, by.parent: None}
            template.whole.add(by.id)
        asked = list(dict.fromkeys(one.said for one in entries))
        before: list[str] = []
        for one in shared(entries):
            told = one.said.split(" or ")
            certain = not one.said or {*asked} <= {*told} and not always or bool(values)
            self.texts(one, certain, template, said, before, values)
            template.whole |= {one.spot.position} if certain and isinstance(one.what, Line) else set()
        body = self.row(template, said, before, entries, sheet, known)
        if always or not all(asked):
            yield from body
        else:
            yield f"if {' or '.join(asked)}:"
            yield from self.indented(body)

    def texts(
        self, one: Entry, certain: bool, template: Template, said: dict[int, str], before: list[str],
        values: Sequence[str],
    ) -> None:
        """Puts what an entry says into the elements of a segment."""
        spot, line = one.spot, one.what
        assert not isinstance(line, Sheet)
        if spot.place is not template.place or one.hops or (spot.code and template.sure.get(1) != spot.code):
            raise UnfitError
        if isinstance(line, str) and not one.value:
            self.fixed(one, line, certain, template, said)
            return
        if isinstance(line, Line) and line.pairs:
            if template.pairs:
                raise UnfitError
            template.pairs = line
            return
        spots = line.spots if isinstance(line, Line) else (spot,)
        if isinstance(line, Line) and line.verb:
            by, name = self.name("verb", by_verb(line, self.forms)), self.name("texts")
            before.append(f"{name} = {by}({one.value}) if {one.said} else {('',) * len(spots)!r}")
            expressions = [f"{name}[{number}]" for number in range(len(spots))]
        elif isinstance(line, Line):
            pairs = zip(values or (one.value,), line.forms, spots, strict=True)
            expressions = [
                self.wording.value(line, form, at.element, value, certain and at is line.spot)
                for value, form, at in pairs
            ]
        else:
            expressions = [one.value]
        for at, expression in zip(spots, expressions, strict=True):
            # The first component with none behind it is the whole element's text.
            if at.position in said or at.component > 1 or at.element.components:
                raise UnfitError
            said[at.position] = expression
            template.open[at.position] = line if isinstance(line, Line) else None

    def fixed(self, one: Entry, text: str, certain: bool, template: Template, said: dict[int, str]) -> None:
        at, element = one.spot.position, one.spot.element
        if one.spot.component or element.components or texts.fault(text, element):
            raise UnfitError
        new = repr(text) if certain else f"({text!r} if {one.said} else '')"
        if template.sure.get(at) == text:
            return
        if at in said:
            raise UnfitError
        said[at] = new
        if certain:
            template.sure[at] = text
        else:
            template.open[at] = one.owner

    def row(
        self, template: Template, said: Mapping[int, str], before: Sequence[str], entries: Sequence[Entry],
        sheet: Sheet, known: Mapping[str, Template],
    ) -> Iterator[str]:
        """The code that makes the row, looks at it, and says it."""
        place, row, line = template.place, template.row, template.pairs
        yield from before
        last = max(said, default=0)
        if line is not None:
            if last >= line.pairs[0]:
                raise UnfitError
            last = line.pairs[0] - 1
        parts = [repr(place.segment.id), *(said.get(at, "''") for at in range(1, last + 1))]
        yield f"{row} = [{', '.join(parts)}]"
        needed = [element.position for element in place.segment.elements if element.need == "M"]
        if line is not None:
            yield from self.wording.pairs(line, next(one.value for one in entries if one.what is line), row)
        certain = template.whole | set(template.sure)
        if line is not None or last not in certain:
            yield f"while not {row}[-1]:"
            yield f"    del {row}[-1]"
        if any(at not in said and not (line and at >= line.pairs[0]) for at in needed):
            yield "raise Unusual"
            return
        asked = [at for at in needed if at not in certain]
        if asked or not certain:
            yield f"if len({row}) <= {max([1, *asked])}:"
            yield "    raise Unusual"
        if asked:
            yield f"if not ({' and '.join(f'{row}[{at}]' for at in asked)}):"
            yield "    raise Unusual"
        yield from self.foresight.read(template, entries, sheet, known)
        yield f"say({row})"
        yield f"at({place.index})"


def _repeated(what: "Line | Sheet | str") -> bool:
    return isinstance(what, Line) and what.row.shape.many and not what.pairs
