"""The code that says one segment: its texts, what must be said, and what the reader would make of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

from edi_gateway.mapping import texts
from edi_gateway.mapping.fitting import TextRules
from edi_gateway.mapping.foresight import Entry, Foresight, UnfitError, asked_of_loops, shared
from edi_gateway.mapping.forms import Forms
from edi_gateway.mapping.paths import Grammar, Hop
from edi_gateway.mapping.plan import Line, Sheet
from edi_gateway.mapping.template import Template
from edi_gateway.mapping.wording import Wording, by_verb
from edi_gateway.x12.spec import Place

INDENT = "    "


class Saying:
    """Says segments of a grammar with `mark` between their elements; `name` makes names for the function."""

    def __init__(
        self, grammar: Grammar, mark: str, rules: TextRules, forms: Forms, foresight: Foresight,
        name: Callable[..., str],
    ) -> None:
        self.grammar = grammar
        self.mark = mark
        self.forms = forms
        self.foresight = foresight
        self.name = name
        self.wording = Wording(rules, forms, name)
        self.asked = asked_of_loops(foresight.steps)

    def segment(
        self, place: Place, entries: Sequence[Entry], sheet: Sheet, known: Mapping[str, Template],
        code: str | None, hop: Hop | None, always: bool, values: Sequence[str] = (),
    ) -> Iterator[str]:
        """One segment at a place; `values` are the expressions of a line that is a list, some of which go in it."""
        template = Template(self.name(f"{place.segment.id.lower()}"), place, self.mark)
        if isinstance(known, dict) and place.trigger:
            known[place.loop.path] = template
        codes = {1: code} if code is not None else {}
        if hop is not None and hop.code is not None:
            codes[hop.position] = hop.code
        template.sure = {at: text for at, text in codes.items() if text}
        template.said = {at: repr(text) for at, text in template.sure.items()}
        if (by := self.grammar.definition.hierarchy) and by.place == place.index:
            template.said |= {by.id: "own", by.parent: "parent"}
            template.open |= {by.id: None, by.parent: None}
            template.whole.add(by.id)
        asked = list(dict.fromkeys(one.said for one in entries))
        before: list[str] = []
        for one in shared(entries):
            told = one.said.split(" or ")
            certain = not one.said or {*asked} <= {*told} and not always or bool(values)
            self.texts(one, certain, template, before, values)
            template.whole |= {one.spot.position} if certain and isinstance(one.what, Line) else set()
        body = chain(before, self.row(template, entries, sheet, known))
        if always or not all(asked):
            yield from body
        else:
            yield f"if {' or '.join(asked)}:"
            yield from (INDENT + line for line in body)

    def texts(
        self, one: Entry, certain: bool, template: Template, before: list[str], values: Sequence[str]
    ) -> None:
        """Puts what an entry says into the elements of a segment."""
        spot, line = one.spot, one.what
        assert not isinstance(line, Sheet)
        if spot.place is not template.place or one.hops or (spot.code and template.sure.get(1) != spot.code):
            raise UnfitError
        if isinstance(line, str) and not one.value:
            self.fixed(one, line, certain, template)
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
            if at.position in template.said or at.component > 1 or at.element.components:
                raise UnfitError
            template.said[at.position] = expression
            template.open[at.position] = line if isinstance(line, Line) else None

    def fixed(self, one: Entry, text: str, certain: bool, template: Template) -> None:
        at, element = one.spot.position, one.spot.element
        if one.spot.component or element.components or texts.fault(text, element):
            raise UnfitError
        if template.sure.get(at) == text:
            return
        if at in template.said:
            raise UnfitError
        template.said[at] = repr(text) if certain else f"({text!r} if {one.said} else '')"
        if certain:
            template.sure[at] = text
        else:
            template.open[at] = one.owner

    def row(
        self, template: Template, entries: Sequence[Entry], sheet: Sheet, known: Mapping[str, Template]
    ) -> Iterator[str]:
        """The code that makes a segment's text, looks at it, and says it."""
        place, row, line, last = template.place, template.row, template.pairs, template.last
        if any(line and at >= line.pairs[0] for at in template.said):
            raise UnfitError
        needed = [element.position for element in place.segment.elements if element.need == "M"]
        asked = [at for at in needed if at not in template.certain]
        if any(at not in template.said and not (line and at >= line.pairs[0]) for at in needed):
            yield "raise Unusual"
            return
        if place.trigger:
            template.asked |= {at for loop, at in self.asked if loop == place.loop.path} & {*template.open}
        value = next((one.value for one in entries if one.what is line), "")
        empty = [f"not {template.text(at)}" for at in asked if at in template.said]
        paired = [(at - line.pairs[0]) // 2 for at in asked if line and at not in template.said]
        empty += [f"len({value}) <= {max(paired)}" if max(paired) else f"not {value}"] if paired else []
        template.whole |= {*asked}
        read = [*self.foresight.read(template, entries, sheet, known)]
        yield from template.variables()
        if empty:
            yield f"if {' or '.join(empty)}:"
            yield "    raise Unusual"
        yield f"{row} = {template.whole_text()}"
        if line is not None:
            yield from self.wording.pairs(line, value, row, template.mark)
        if not paired and last not in template.certain:
            yield from self.trimmed(template, value)
        yield from read
        yield f"segments.append({row})"
        yield f"places.append({place.index})"
        yield f"marks += {last + 1}"

    def trimmed(self, template: Template, pairs: str) -> Iterator[str]:
        """The code that leaves out what says nothing at the end; `pairs` are what stands there if it is not empty."""
        row, mark = template.row, template.mark
        yield f"if not {pairs}:" if pairs else f"if {row}[-1] == {mark!r}:"
        yield f"    marks -= len({row})"
        yield f"    {row} = {row}.rstrip({mark!r})"
        yield f"    marks += len({row})"
        if not template.certain:
            yield f"    if {row} == {template.place.segment.id!r}:"
            yield "        raise Unusual"
