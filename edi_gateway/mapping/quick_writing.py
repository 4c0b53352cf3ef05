"""Generates one function for each map and definition: the tree of a noun of which there is nothing to remark.

It does what `writing.carefully` does, and needs no reading back: while the function is made, every action of the
reader at a place that is written is held against what is written there. What cannot be told beforehand is asked
by the function. Whatever calls for a finding or a remark raises `Unusual`, and the noun is written the careful
way. A law test holds that both give the same segments. `Written.source` shows what runs.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from edi_gateway.mapping import texts
from edi_gateway.mapping.fitting import TextRules
from edi_gateway.mapping.forms import Forms
from edi_gateway.mapping.memo import Unusual
from edi_gateway.mapping.paths import Grammar, Hop, Spot
from edi_gateway.mapping.plan import Fixed, Form, Line, Sheet
from edi_gateway.mapping.rows import Count
from edi_gateway.mapping.steps import Condition, Opening, Plain, Step, Take
from edi_gateway.model import Noun
from edi_gateway.x12.spec import Element, Place
from edi_gateway.x12.tokens import Separators

if TYPE_CHECKING:
    from edi_gateway.mapping.compile import Plan

CONTROL_NUMBER = "0001"
_REMEMBERED = 10_000
_LONGEST = 30
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
    except _UnfitError:
        return None
    scope: dict[str, Any] = {}
    exec(compile(source, "<map>", "exec"), making.names, scope)
    return Written(source, scope["lay"])


class _UnfitError(Exception):
    """A map of which the quick way cannot be sure."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is written somewhere: a field, the items of a list, or a constant.

    `hops` are the loops still to be entered, `owner` is the field that a constant stands beside, `said` the
    expression that asks whether there is anything to say, empty where it is always written.
    """

    order: int
    what: "Line | Sheet | str"
    spot: Spot
    hops: tuple[Hop, ...]
    value: str
    said: str
    owner: Line | None = None


@dataclass(slots=True)
class _Template:
    """A segment while its code is written: its variable, and the texts that it always has."""

    row: str
    place: Place
    sure: dict[int, str] = field(default_factory=dict)
    open: dict[int, Line | None] = field(default_factory=dict)
    pairs: Line | None = None
    whole: set[int] = field(default_factory=set)
    """Elements that say something wherever the segment stands."""


class Said(dict[Any, Any]):
    """What is written for values, each made once; forgets everything when it has grown large."""

    def __init__(self, write: Callable[[Any], Any]) -> None:
        self._write = write

    def __missing__(self, value: Any) -> Any:
        if len(self) >= _REMEMBERED:
            self.clear()
        if isinstance(value, str) and len(value) > _LONGEST:
            return self._write(value)
        made = self[value] = self._write(value)
        return made


def odd(_: object) -> str:
    """Leaves the noun to the careful way."""
    raise Unusual


def clean(rows: Sequence[Sequence[str]], bad: bytes) -> bool:
    """Whether no text holds a byte that it may not."""
    try:
        body = "".join(["".join(row) for row in rows]).encode()
    except UnicodeEncodeError:
        return False
    return len(body.translate(None, bad)) == len(body)


def _bad(separators: Separators, rules: TextRules) -> bytes:
    """The bytes that no text may hold: separators, control characters, and what the partner does not take."""
    marks = separators.all.encode("latin-1", "ignore")
    odd_ones = [byte for byte in range(128) if rules.fault(chr(byte)) or byte < 32 or byte == 127]
    beyond = range(128, 256) if rules.fault("é") else ()
    return bytes({*marks, *odd_ones, *beyond})


def _checked(line: Line, form: Form, element: Element, rules: TextRules, forms: Forms) -> Callable[[Any], str]:
    """The function from a value to its text, which raises `Unusual` for one that would not be read as it is."""
    free = rules.upper_case and element.id in rules.free and not (line.pairs or line.row.codes)

    def made(value: Any) -> str:
        try:
            if isinstance(value, dt.time) and forms.cut(value) != value:
                raise Unusual
            text = form.write(value)
            text = text if isinstance(value, str) else forms.said(text, element)
            if texts.fault(text, element) or (form.read or str)(text) != value:
                raise Unusual
        except ValueError:
            raise Unusual from None
        if free and isinstance(value, str) and value.upper() != value:
            raise Unusual
        return text

    return made


def _by_verb(line: Line, forms: Forms) -> Callable[[Any], tuple[str, ...]]:
    """The function from a value to the texts that the row's verb makes of it."""

    def made(value: Any) -> tuple[str, ...]:
        try:
            if isinstance(value, dt.time | dt.datetime) and forms.cut(value) != value:
                raise Unusual
            pairs = list(zip(line.spots, line.verb.write(value), strict=True))
            said = [forms.clock(text, spot.element) if text else "" for spot, text in pairs]
            faults = [text and texts.fault(text, spot.element) for text, (spot, _) in zip(said, pairs, strict=True)]
            if not any(said) or any(faults) or line.verb.read(said) != value:
                raise Unusual
        except ValueError:
            raise Unusual from None
        return tuple(said)

    return made


class _Making:
    """One function being written. `names` are what it refers to."""

    def __init__(self, plan: "Plan", separators: Separators, rules: TextRules, forms: Forms) -> None:
        self.sheet = plan.sheet
        self.grammar: Grammar = plan.grammar
        self.steps = plan.steps.by_place
        self.rules = rules
        self.forms = forms
        self.names: dict[str, Any] = {
            "Unusual": Unusual, "odd": odd, "clean": clean, "BAD": _bad(separators, rules),
        }
        openings = [opening for step in self.steps if step for opening in step.openings]
        self.slots = {id(self.sheet): 0} | {id(opening.sheet): opening.slot for opening in openings}
        self.count = 0

    def lines(self) -> Iterator[str]:
        """The whole function, line by line."""
        definition = self.grammar.definition
        if definition.hierarchy or self.sheet.levels:
            raise _UnfitError
        first, *_, last = definition.places
        yield "def lay(document):"
        yield f"    segments, places = [['ST', {definition.set!r}, {CONTROL_NUMBER!r}]], [{first.index}]"
        yield "    say, at = segments.append, places.append"
        entries: list[_Entry] = []
        yield from self.indented(self.fields(self.sheet, "document", entries))
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

    def fields(self, sheet: Sheet, record: str, entries: list[_Entry]) -> Iterator[str]:
        """Takes the fields out of a record, and lists what is to be written of them."""
        rows = {line.key: line for line in sheet.lines}
        model = sheet.record.model
        if sheet.links or sheet.level:
            raise _UnfitError
        fields = self.name("fields")
        # Looking a field up here is several times as fast as asking a model for its attribute.
        yield f"{fields} = {record}.__dict__"
        for order, key in enumerate((*rows, *(key for key in model.model_fields if key not in rows))):
            if key in sheet.record.leave_out:
                continue
            value, line = self.name(key), rows.get(key)
            yield f"{value} = {fields}[{key!r}]"
            many = line.record.many if isinstance(line, Sheet) else bool(line and line.row.shape.many)
            if line is None:
                yield f"if {value} is not None and {value} != ():"
                yield "    raise Unusual"
                continue
            required = model.model_fields[key].is_required()
            if required:
                yield f"if {value} is None or {value} == ():" if many else f"if {value} is None:"
                yield "    raise Unusual"
            said = "" if required else value if many else f"{value} is not None"
            if many:
                yield from self.ordered(line, value)
            assert isinstance(line, Sheet) or line.spots
            spot = line.spot
            assert spot is not None
            entries.append(_Entry(order, line, spot, spot.hops, value, said))
            if isinstance(line, Line):
                entries += [
                    _Entry(order, str(fixed.text), fixed.spot, fixed.spot.hops, "", said, line)
                    for fixed in (*line.when, *line.beside)
                ]
        for order, fixed in enumerate(sheet.always, len(model.model_fields) + len(rows)):
            entries.append(self.constant(order, fixed, fields))

    def constant(self, order: int, fixed: Fixed, fields: str) -> _Entry:
        if not isinstance(fixed.text, Count):
            return _Entry(order, fixed.text, fixed.spot, fixed.spot.hops, "", "")
        if fixed.text.of.isupper():
            raise _UnfitError
        element = fixed.spot.element

        def said(count: int) -> str:
            return odd(count) if texts.fault(str(count), element) else str(count)

        name = self.name("count", Said(said))
        return _Entry(order, "", fixed.spot, fixed.spot.hops, f"{name}[len({fields}[{fixed.text.of!r}])]", "")

    def ordered(self, line: Line | Sheet, value: str) -> Iterator[str]:
        """Puts a list in the order of its codes."""
        by = line.told_by if isinstance(line, Sheet) else line if line.pairs and line.order else None
        if by is None:
            return
        key = by.key if isinstance(line, Sheet) else "kind"
        rank = self.name("rank", Said(by.rank))
        yield f"if len({value}) > 1:"
        yield f"    {value} = sorted({value}, key=lambda one: {rank}[one.{key} or ''])"

    def instance(
        self, loop: str, hop: Hop | None, entries: Sequence[_Entry], sheet: Sheet, around: Mapping[str, _Template]
    ) -> Iterator[str]:
        """One occurrence of a loop: its segments and the loops within in grammar order."""
        known = dict(around)
        first, *_, last = self.grammar.definition.places
        for place in self.grammar.members[loop]:
            here = [one for one in entries if not one.hops and one.spot.place is place]
            inside = [one for one in entries if one.hops and one.hops[0].loop == place.loop.path]
            if place.loop.path == loop:
                if place in (first, last) and here:
                    raise _UnfitError
                trigger = bool(loop) and place.trigger
                yield from self.segments(place, here, sheet, known, hop if trigger else None, trigger)
            elif inside:
                yield from self.occurrences(place, inside, sheet, known)

    def groups(self, entries: Sequence[_Entry], key: Callable[[_Entry], object]) -> list[list[_Entry]]:
        """The entries that share a segment or loop, in the order in which these are begun."""
        found: dict[object, list[_Entry]] = {}
        for one in entries:
            found.setdefault(key(one), []).append(one)
        groups = sorted(found.values(), key=lambda group: group[0].order)
        for group, after in pairwise(groups):
            if max(one.order for one in group) >= min(one.order for one in after):
                raise _UnfitError
        return groups

    def occurrences(
        self, place: Place, entries: Sequence[_Entry], sheet: Sheet, known: Mapping[str, _Template]
    ) -> Iterator[str]:
        def opens(one: _Entry) -> bool:
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

    def items(self, entry: _Entry, sheet: Sheet, known: Mapping[str, _Template]) -> Iterator[str]:
        """The items of a list, each in a loop or a segment of its own."""
        item = self.name("item")
        many = sheet.record.many
        yield f"for {item} in {entry.value}:" if many else f"if ({item} := {entry.value}) is not None:"
        entries: list[_Entry] = []
        yield from self.indented(self.fields(sheet, item, entries))
        if sheet.alone:
            assert sheet.spot is not None
            yield from self.indented(self.segment(sheet.spot.place, entries, sheet, known, sheet.spot.code, None, True))
        else:
            hop = entry.hops[-1]
            yield from self.indented(self.instance(hop.loop, hop, entries, sheet, known))

    def segments(
        self, place: Place, here: Sequence[_Entry], sheet: Sheet, known: dict[str, _Template], hop: Hop | None,
        trigger: bool,
    ) -> Iterator[str]:
        """All segments at one place of one occurrence of its loop."""
        groups = self.groups(here, lambda one: id(one.what) if isinstance(one.what, Sheet) else one.spot.code)
        if trigger:
            if len(groups) > 1 or any(one.spot.code for one in here) or any(isinstance(e.what, Sheet) for e in here):
                raise _UnfitError
            yield from self.segment(place, here, sheet, known, None, hop, always=True)
            return
        repeats = any(isinstance(one.what, Sheet) or _repeated(one.what) for one in here)
        if repeats and place.max is not None:
            yield from self.numbered(place, groups)
        elif place.max is not None and len(groups) > place.max:
            raise _UnfitError
        for group in groups:
            one = group[0]
            if isinstance(one.what, Sheet):
                yield from self.items(one, one.what, known)
            elif any(_repeated(e.what) for e in group):
                yield from self.repeated(place, group, sheet, known)
            else:
                yield from self.segment(place, group, sheet, known, one.spot.code, None, always=False)

    def numbered(self, place: Place, groups: Sequence[Sequence[_Entry]]) -> Iterator[str]:
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
        self, place: Place, group: Sequence[_Entry], sheet: Sheet, known: dict[str, _Template]
    ) -> Iterator[str]:
        """A list of texts, in as many segments as it takes."""
        one = next(entry for entry in group if _repeated(entry.what))
        line = one.what
        assert isinstance(line, Line)
        if any(entry is not one and entry.owner is not line for entry in group):
            raise _UnfitError
        start, width = self.name("start"), len(line.spots)
        step = f", {width}" if width > 1 else ""
        yield f"for {start} in range(0, len({one.value}){step}):"
        values = [f"({one.value}[{start} + {n}] if {start} + {n} < len({one.value}) else None)" for n in range(width)]
        values[0] = f"{one.value}[{start}]"
        yield from self.indented(self.segment(place, group, sheet, known, one.spot.code, None, True, values))

    def segment(
        self, place: Place, entries: Sequence[_Entry], sheet: Sheet, known: Mapping[str, _Template],
        code: str | None, hop: Hop | None, always: bool, values: Sequence[str] = (),
    ) -> Iterator[str]:
        """One segment: its texts, what must be said, and what the reader would make of it."""
        template = _Template(self.name(f"{place.segment.id.lower()}"), place)
        if isinstance(known, dict) and place.trigger:
            known[place.loop.path] = template
        codes = {1: code} if code is not None else {}
        if hop is not None and hop.code is not None:
            codes[hop.position] = hop.code
        said: dict[int, str] = {at: repr(text) for at, text in codes.items() if text}
        template.sure = {at: text for at, text in codes.items() if text}
        asked = list(dict.fromkeys(one.said for one in entries))
        before: list[str] = []
        for one in entries:
            certain = not one.said or asked == [one.said] and not always or bool(values)
            self.texts(one, certain, template, said, before, values)
            template.whole |= {one.spot.position} if certain and isinstance(one.what, Line) else set()
        body = self.row(template, said, before, entries, sheet, known)
        if always or not all(asked):
            yield from body
        else:
            yield f"if {' or '.join(asked)}:"
            yield from self.indented(body)

    def texts(
        self, one: _Entry, certain: bool, template: _Template, said: dict[int, str], before: list[str],
        values: Sequence[str],
    ) -> None:
        """Puts what an entry says into the elements of a segment."""
        spot, line = one.spot, one.what
        assert not isinstance(line, Sheet)
        if spot.place is not template.place or one.hops or (spot.code and template.sure.get(1) != spot.code):
            raise _UnfitError
        if isinstance(line, str) and not one.value:
            self.fixed(one, line, certain, template, said)
            return
        if isinstance(line, Line) and line.pairs:
            if template.pairs:
                raise _UnfitError
            template.pairs = line
            return
        spots = line.spots if isinstance(line, Line) else (spot,)
        if isinstance(line, Line) and line.verb:
            by, name = self.name("verb", _by_verb(line, self.forms)), self.name("texts")
            before.append(f"{name} = {by}({one.value}) if {one.said} else {('',) * len(spots)!r}")
            expressions = [f"{name}[{number}]" for number in range(len(spots))]
        elif isinstance(line, Line):
            pairs = zip(values or (one.value,), line.forms, spots, strict=True)
            expressions = [
                self.value(line, form, at.element, value, certain and at is line.spot) for value, form, at in pairs
            ]
        else:
            expressions = [one.value]
        for at, expression in zip(spots, expressions, strict=True):
            if at.position in said or at.component or at.element.components:
                raise _UnfitError
            said[at.position] = expression
            template.open[at.position] = line if isinstance(line, Line) else None

    def fixed(self, one: _Entry, text: str, certain: bool, template: _Template, said: dict[int, str]) -> None:
        at, element = one.spot.position, one.spot.element
        if one.spot.component or element.components or texts.fault(text, element):
            raise _UnfitError
        new = repr(text) if certain else f"({text!r} if {one.said} else '')"
        if template.sure.get(at) == text:
            return
        if at in said:
            raise _UnfitError
        said[at] = new
        if certain:
            template.sure[at] = text
        else:
            template.open[at] = one.owner

    def value(self, line: Line, form: Form, element: Element, value: str, sure: bool = False) -> str:
        """The expression of a value's text; empty where nothing is said."""
        checked = _checked(line, form, element, self.rules, self.forms)
        kind = str if line.pairs else line.row.shape.type
        upper = self.rules.upper_case and element.id in self.rules.free
        plain = element.type == "AN" and not (element.narrowed and element.codes is not None) and not upper
        if kind is str and form.read is None and plain:
            short = f" and len(e) >= {element.min}" if element.min > 1 else ""
            text = f"e if e >= '!' and len(e) <= {element.max}{short} else odd(e)"
        elif kind is Decimal and form.read is texts.read_number and self.as_it_is(element):
            other = self.name("number", checked)
            text = f"s if ':' > (s := str(e)) >= '0' and len(s) <= {element.max} and 'E' not in s else {other}(e)"
        elif kind is Decimal:
            text = f"{self.name('number', checked)}(e)"
        else:
            text = f"{self.name('said', Said(checked))}[e]"
        if sure:
            return f"({_first(text, value)})"
        return f"('' if (e := {value}) is None else {text})"

    def as_it_is(self, element: Element) -> bool:
        forms = self.forms
        return (
            element.type == "R" and element.min <= 1 and element.id not in forms.places and forms.trailing_zeros
            and forms.leading_zero and not (element.narrowed and element.codes is not None)
        )

    def row(
        self, template: _Template, said: Mapping[int, str], before: Sequence[str], entries: Sequence[_Entry],
        sheet: Sheet, known: Mapping[str, _Template],
    ) -> Iterator[str]:
        """The code that makes the row, looks at it, and says it."""
        place, row, line = template.place, template.row, template.pairs
        yield from before
        last = max(said, default=0)
        if line is not None:
            if last >= line.pairs[0]:
                raise _UnfitError
            last = line.pairs[0] - 1
        parts = [repr(place.segment.id), *(said.get(at, "''") for at in range(1, last + 1))]
        yield f"{row} = [{', '.join(parts)}]"
        needed = [element.position for element in place.segment.elements if element.need == "M"]
        if line is not None:
            yield from self.pairs(line, next(one.value for one in entries if one.what is line), row)
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
        yield from self.read(template, entries, sheet, known)
        yield f"say({row})"
        yield f"at({place.index})"

    def pairs(self, line: Line, value: str, row: str) -> Iterator[str]:
        kind, text = line.forms
        cls: Any = line.row.shape.type
        elements = template_elements(line)
        if len({(e.min, e.max, e.type, e.narrowed, id(e.codes)) for e in elements[1::2]}) > 1:
            raise _UnfitError
        if len({(e.min, e.max, e.type, e.narrowed) for e in elements[::2]}) > 1 or any(e.narrowed for e in elements):
            raise _UnfitError
        if any(e.components for e in elements):
            raise _UnfitError
        yield f"if len({value}) > {len(line.pairs)}:"
        yield "    raise Unusual"
        yield f"for pair in {value}:"
        yield "    pair = pair.__dict__"
        for key, info in cls.model_fields.items():
            if key not in {"kind", "value"}:
                yield f"    if pair[{key!r}] != {self.name('default', (info.get_default(),))}[0]:"
                yield "        raise Unusual"
        if not all(cls.model_fields[key].is_required() for key in ("kind", "value")):
            raise _UnfitError
        first, second = (
            self.value(line, form, element, f"pair[{key!r}]", sure=True)
            for form, element, key in ((kind, elements[0], "kind"), (text, elements[1], "value"))
        )
        yield f"    {row} += ({first}, {second})"

    def read(
        self, template: _Template, entries: Sequence[_Entry], sheet: Sheet, known: Mapping[str, _Template]
    ) -> Iterator[str]:
        """Asks what only the reader could find: another field or list that would take this segment for its own."""
        step = self.steps[template.place.index]
        own = {id(one.what): one for one in entries if isinstance(one.what, Line)}
        if step is None:
            if own:
                raise _UnfitError
            return
        slot, met = self.slots.get(id(sheet), -1), set()
        for opening in step.openings:
            yield from self.opens(opening, step, template, sheet, known)
        actions: list[Plain | Take] = [*step.plain, *step.takes]
        for action in actions:
            spots = (action.line.spot,) if isinstance(action, Plain) else action.spots
            conditions = () if isinstance(action, Plain) else action.conditions
            if id(action.line) in own and action.slot == slot and spots == action.line.spots:
                met.add(id(action.line))
                if not all(self.held(one, template, action.line, known, entries) for one in conditions):
                    raise _UnfitError
            elif self.touches(action, spots, template):
                yield from self.refused(conditions, template, known)
        if met != set(own):
            raise _UnfitError

    def touches(self, action: Plain | Take, spots: Sequence[Spot], template: _Template) -> bool:
        """Whether another field would find something in the segment."""
        positions = {*template.sure, *template.open}
        if action.line.pairs or template.pairs:
            starts = [line.pairs[0] for line in (action.line, template.pairs) if line and line.pairs]
            return any(at >= min(starts) for at in (*positions, *(spot.position for spot in spots))) or all(
                (action.line.pairs, template.pairs)
            )
        return any(spot.position in positions for spot in spots)

    def opens(
        self, opening: Opening, step: Step, template: _Template, sheet: Sheet, known: Mapping[str, _Template]
    ) -> Iterator[str]:
        row = template.row
        own = self.name("own", step.own) if step.own else ""
        mine = opening.sheet is sheet and sheet.spot is not None and sheet.spot.place is template.place
        if mine:
            if not all(self.held(one, template, None, known, ()) for one in opening.conditions):
                raise _UnfitError
            if own:
                yield f"if tuple({row}) in {own}:"
                yield "    raise Unusual"
            if opening.needs:
                yield f"if len({row}) <= {opening.needs} or not {row}[{opening.needs}]:"
                yield "    raise Unusual"
            if opening.unless:
                yield f"if len({row}) > 1 and {row}[1] in {self.name('unless', frozenset(opening.unless))}:"
                yield "    raise Unusual"
            return
        first = template.sure.get(1)
        if first is not None and first in opening.unless:
            return
        unless = self.name("unless", frozenset(opening.unless)) if opening.unless else ""
        extra = [f"tuple({row}) not in {own}"] if own else []
        extra += [f"(len({row}) < 2 or {row}[1] not in {unless})"] if unless else []
        yield from self.refused(opening.conditions, template, known, extra)

    def held(
        self, condition: Condition, template: _Template, line: Line | None, known: Mapping[str, _Template],
        entries: Sequence[_Entry],
    ) -> bool:
        """Whether a condition of what is written here holds for certain."""
        if condition.component:
            return False
        at = known.get(condition.loop) if condition.loop else template
        if at is None:
            return False
        if at.sure.get(condition.position) == condition.text:
            return True
        return at is template and line is not None and any(
            one.owner is line and one.spot.position == condition.position and one.what == condition.text
            for one in entries
        )

    def refused(
        self, conditions: Sequence[Condition], template: _Template, known: Mapping[str, _Template],
        extra: Sequence[str] = (),
    ) -> Iterator[str]:
        """Leaves the noun to the careful way where all conditions hold."""
        asked = list(extra)
        for one in conditions:
            at = known.get(one.loop) if one.loop else template
            if at is None or one.component:
                raise _UnfitError
            if one.position in at.sure:
                if at.sure[one.position] != one.text:
                    return
            elif one.position not in at.open and not at.pairs:
                return
            else:
                asked.append(f"{at.row}[{one.position}:{one.position + 1}] == [{one.text!r}]")
        if not asked:
            raise _UnfitError
        yield f"if {' and '.join(asked)}:"
        yield "    raise Unusual"


def template_elements(line: Line) -> list[Element]:
    """The elements of a row's pairs, kinds and values by turns."""
    elements = line.spot.place.segment.elements
    return [elements[at - 1 + offset] for at in line.pairs for offset in (0, 1)]


def _repeated(what: "Line | Sheet | str") -> bool:
    return isinstance(what, Line) and what.row.shape.many and not what.pairs


def _first(text: str, value: str) -> str:
    """The expression with `e` bound to the value where it is evaluated first."""
    if text.endswith("[e]"):
        return f"{text[:-3]}[{value}]"
    if text.startswith("e if "):
        return text.replace("if e", f"if (e := {value})", 1)
    return text.replace("str(e)", f"str(e := {value})", 1) if "str(e)" in text else text.replace("(e)", f"({value})")
