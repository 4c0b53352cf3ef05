"""Nouns to trees: the same rows the other way.

A noun of which nothing is to be remarked goes through the function that `quick_writing` generates.
For others, what the noun says is laid into segments by the rows, the segments stand in grammar order,
and the tree is read back: what would not arrive as it is becomes a finding. Nothing is dropped silently.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from edi_gateway.issues import Finding, Kind
from edi_gateway.issues import mapping as issues
from edi_gateway.mapping import texts
from edi_gateway.mapping.codes import UnsayableError
from edi_gateway.mapping.fitting import AS_IT_IS, TextRules, fitted
from edi_gateway.mapping.forms import AS_THEY_ARE, Forms
from edi_gateway.mapping.levels import lay
from edi_gateway.mapping.memo import Unusual
from edi_gateway.mapping.paths import Grammar, Spot
from edi_gateway.mapping.plan import Form, Line, Sheet
from edi_gateway.mapping.quick_writing import Laid, Written, quick_writing
from edi_gateway.mapping.reading import to_canonical
from edi_gateway.mapping.rows import Count, Record
from edi_gateway.mapping.sheets import Instance, Slip
from edi_gateway.model import Noun
from edi_gateway.x12.read import Tree
from edi_gateway.x12.spec import Definition
from edi_gateway.x12.tokens import CONTROL, Separators
from edi_gateway.x12.write import Ready, Segments, held

if TYPE_CHECKING:
    from edi_gateway.mapping.compile import Map, Plan

CONTROL_NUMBER = "0001"
_FINDINGS_MAX = 100
_PLANS_MAX = 64
_WAYS_MAX = 16
_quick: dict[int, tuple[tuple[Any, ...], ...]] = {}


def from_canonical(
    noun: Noun, by: "Map", definition: Definition, separators: Separators, rules: TextRules = AS_IT_IS,
    forms: Forms = AS_THEY_ARE,
) -> tuple[Tree | None, tuple[Finding, ...]]:
    """The tree that says the noun, ST and SE included; None instead of it where a finding is an error.

    Law: `to_canonical` of the tree is the noun, but for what the map names under `leave_out`, free texts
    that the partner's `rules` have changed, and times that their `forms` have cut, each with a remark
    among the findings. Lists of levels come back in the order of the structure, with the ordinals that
    follow from it, and lists told by codes in the order that is given for these. ST02
    is `0001`; whoever sends the set puts the number it gets. Raises `GatewayError`
    (`mapping.map-wrong`) where the map does not fit the definition.
    """
    laid = _laid(noun, by, definition, separators, rules, forms)
    if laid is not None:
        return _tree(definition, *laid, separators), ()
    return carefully(noun, by, definition, separators, rules, forms)


def body(
    noun: Noun, by: "Map", definition: Definition, separators: Separators, rules: TextRules = AS_IT_IS,
    forms: Forms = AS_THEY_ARE,
) -> tuple[Segments | Ready | None, tuple[Finding, ...]]:
    """The segments of what `from_canonical` gives, without ST and SE, as `x12.write` takes them."""
    laid = _laid(noun, by, definition, separators, rules, forms)
    if laid is not None:
        text, places = laid
        return Ready(text, len(places), separators), ()
    tree, findings = carefully(noun, by, definition, separators, rules, forms)
    return tree and tree.segments[1:-1], findings


def _laid(
    noun: Noun, by: "Map", definition: Definition, separators: Separators, rules: TextRules, forms: Forms
) -> Laid | None:
    """The text of a noun and the places of its segments; None where it is to be written with care."""
    if type(noun) is not by.noun:
        return None
    written = _written(by.plan(definition), separators, rules, forms)
    try:
        return None if written is None else written.lay(noun)
    except (Unusual, TypeError, ValueError, KeyError):
        return None  # There is something to say about it, which the careful way finds.


def _tree(definition: Definition, text: str, inside: Sequence[int], separators: Separators) -> Tree:
    """The tree of a text of segments, between an ST and an SE."""
    first, *_, last = definition.places
    rows = [row.split(separators.element) for row in text.split(separators.segment)]
    st, se = ["ST", definition.set, CONTROL_NUMBER], ["SE", str(len(rows) + 2), CONTROL_NUMBER]
    return Tree(definition, [st, *rows, se], [first.index, *inside, last.index], separators)


def carefully(
    noun: Noun, by: "Map", definition: Definition, separators: Separators, rules: TextRules = AS_IT_IS,
    forms: Forms = AS_THEY_ARE,
) -> tuple[Tree | None, tuple[Finding, ...]]:
    """What `from_canonical` gives, field by field and read back, with a word on everything that is out of order."""
    if not isinstance(noun, by.noun):
        note = f"set {by.set} says {by.noun.__name__}, and not {type(noun).__name__}"
        return None, (issues.NO_ROW.finding(note),)
    plan = by.plan(definition)
    noun, remarks = fitted(noun, plan.sheet, rules, forms, separators)
    writing = Writing(plan.grammar, separators, rules, forms)
    document = Instance()
    said = lay(noun, plan.sheet, plan.structure, writing, document) if plan.structure else noun
    writing.sheet(plan.sheet, noun, document, None, "")
    segments, places = writing.laid_out(document)
    if writing.findings:
        return None, tuple(writing.findings[:_FINDINGS_MAX])
    tree = Tree(definition, segments, places, separators)
    wrong = tuple(_unlike(said, tree, by))
    return (None, wrong) if wrong else (tree, remarks)


def _written(plan: "Plan", separators: Separators, rules: TextRules, forms: Forms) -> Written | None:
    """The quick way for a plan and a partner's ways of writing; made once for those in use."""
    known = _quick.get(id(plan), ())
    for of, *ways, written in known:
        if of is plan and ways == [separators, rules, forms]:
            return written  # type: ignore[no-any-return]
    if len(_quick) >= _PLANS_MAX or len(known) >= _WAYS_MAX:
        _quick.clear()
    made = quick_writing(plan, separators, rules, forms)
    _quick[id(plan)] = (*(one for one in known if one[0] is plan), (plan, separators, rules, forms, made))
    return made


class Writing:
    """One document being written; faults are collected. `count` is how many levels of a tree it has."""

    def __init__(self, grammar: Grammar, separators: Separators, rules: TextRules, forms: Forms) -> None:
        self.grammar = grammar
        self.rules = rules
        self.forms = forms
        self.marks = separators.all
        self.component = separators.component
        self.findings: list[Finding] = []
        self.count = 0

    def sheet(self, sheet: Sheet, said: BaseModel, within: Instance, alone: Slip | None, name: str) -> None:
        """Lays one item into the loop it stands in; `alone` is its segment where it opens no loop."""
        rows = {line.key: line for line in sheet.lines}
        elsewhere = {*sheet.levels, *(link.key for link in sheet.links), *sheet.record.leave_out}
        for key in (*rows, *(key for key in type(said).model_fields if key not in rows)):
            value, line, path = getattr(said, key), rows.get(key), f"{name}.{key}".lstrip(".")
            if value is None or value == () or key in elsewhere:
                continue
            if line is None:
                self.fault(issues.NO_ROW, f"{path} has no row in the map", None, None)
            elif isinstance(line, Sheet):
                self.items(line, value if line.record.many else (value,), within, path)
            else:
                self.line(line, value, within, alone, path)
        for fixed in sheet.always:
            text = str(self.counted(fixed.text, said)) if isinstance(fixed.text, Count) else fixed.text
            slip = alone or within.slip(fixed.spot)
            self.code(slip, fixed.spot)
            self.put(slip, fixed.spot, text, f"{name} (constant)".strip())

    def counted(self, count: Count, said: BaseModel) -> int:
        return self.count if count.of.isupper() else len(getattr(said, count.of))

    def items(self, sheet: Sheet, values: Sequence[BaseModel], within: Instance, name: str) -> None:
        spot = sheet.spot
        assert spot is not None, "only the document has no spot"
        for number, value in enumerate(values):
            path = f"{name}[{number}]" if sheet.record.many else name
            if sheet.alone:
                slip = within.fresh(spot)
                self.code(slip, spot)
                self.sheet(sheet, value, within, slip, path)
            else:
                self.sheet(sheet, value, within.opened(spot), None, path)

    def line(self, line: Line, value: Any, within: Instance, alone: Slip | None, name: str) -> None:
        slip = alone or within.slip(line.spot)
        if line.pairs:
            self.pairs(line, value, slip, name)
        elif line.verb:
            self.verb(line, value, slip, name)
        else:
            values = value if line.row.shape.many else (value,)
            width = len(line.spots)
            for number, one in enumerate(values):
                if number and number % width == 0:
                    slip = within.fresh(line.spot)
                text = self.text(line.forms[number % width], one, line.spots[number % width], name)
                self.put(slip, line.spots[number % width], text, name)
                self.beside(line, slip, within, alone, name)
        self.beside(line, slip, within, alone, name)

    def beside(self, line: Line, slip: Slip, within: Instance, alone: Slip | None, name: str) -> None:
        self.code(slip, line.spot)
        for fixed in (*line.when, *line.beside):
            same = fixed.spot.place is line.spot.place and fixed.spot.codes == line.spot.codes
            other = slip if same else alone or within.slip(fixed.spot)
            self.code(other, fixed.spot)
            self.put(other, fixed.spot, str(fixed.text), name)

    def code(self, slip: Slip, spot: Spot) -> None:
        if spot.code is not None:
            slip.put(1, 0, spot.code)

    def pairs(self, line: Line, values: Sequence[Any], slip: Slip, name: str) -> None:
        if len(values) > len(line.pairs):
            note = f"{name} has {len(values)} where {line.spot.place.segment.id} takes {len(line.pairs)}"
            self.fault(issues.TOO_MANY, note, line.spot, None)
        for number, (position, one) in enumerate(zip(line.pairs, values, strict=False)):
            for offset, (form, text) in enumerate(zip(line.forms, (one.kind, one.value), strict=True)):
                spot = Spot(line.spot.hops, line.spot.place, line.spot.code, position + offset)
                self.put(slip, spot, self.text(form, text, spot, f"{name}[{number}]"), f"{name}[{number}]")

    def verb(self, line: Line, value: Any, slip: Slip, name: str) -> None:
        try:
            said = line.verb.write(value)
        except ValueError as error:
            self.fault(issues.DOES_NOT_FIT, f"{name} cannot be said: {error}", line.spot, str(value))
            slip.spoilt = True
            return
        for spot, text in zip(line.spots, said, strict=True):
            if text:
                self.put(slip, spot, self.forms.clock(text, spot.element), name)

    def text(self, form: Form, value: Any, spot: Spot, name: str) -> str | None:
        try:
            said = form.write(value)
            return said if isinstance(value, str) else self.forms.said(said, spot.element)
        except UnsayableError as error:
            self.fault(error.kind, f"{name}: {error}", spot, str(value))
        except ValueError as error:
            self.fault(issues.DOES_NOT_FIT, f"{name} cannot be said: {error}", spot, str(value)[:80])
        return None

    def put(self, slip: Slip, spot: Spot, text: str | None, name: str) -> None:
        """Lays a text into its element, if it fits; what stands there already stays, and is found when read back."""
        if text is None or slip.has(spot.position, spot.component):
            slip.spoilt = slip.spoilt or text is None
            return
        wrong = texts.fault(text, spot.element) or self.rules.fault(text)
        slip.spoilt = slip.spoilt or wrong is not None
        if CONTROL.search(text) or held(text, self.marks):
            what = "a control character" if CONTROL.search(text) else f"the separator {held(text, self.marks)!r}"
            slip.spoilt, note = True, f"{name} is {text[:80]!r}, and holds {what}"
            self.fault(issues.HOLDS_SEPARATOR, note, spot, text)
        elif wrong:
            self.fault(issues.DOES_NOT_FIT, f"{name} does not fit {_address(spot)}: {wrong}", spot, text)
        else:
            slip.put(spot.position, spot.component, text)

    def laid_out(self, document: Instance) -> tuple[list[list[str]], list[int]]:
        """The segments in grammar order with their places, between an ST and an SE."""
        segments: list[list[str]] = []
        places: list[int] = []
        first, *_, last = self.grammar.definition.places
        document.slip(Spot((), first, None)).put(1, 0, self.grammar.definition.set)
        document.slip(Spot((), first, None)).put(2, 0, CONTROL_NUMBER)
        document.slip(Spot((), last, None)).put(2, 0, CONTROL_NUMBER)
        for slip in document.slips(self.grammar.members, self.crowded):
            if slip.place is last:
                slip.put(1, 0, str(len(segments) + 1))
            if slip.place is not first:  # What else ST says is the envelope's, which is written later.
                self.missing(slip)
            segments.append(slip.segment(self.component))
            places.append(slip.place.index)
        return segments, places

    def missing(self, slip: Slip) -> None:
        segment = slip.place.segment
        if slip.spoilt:
            return
        if not slip.texts:
            self.fault(issues.ELEMENT_MISSING, f"{segment.id} would say nothing", Spot((), slip.place, None), None)
        for element in segment.elements:
            if element.need == "M" and not any(at == element.position for at, _ in slip.texts):
                spot = Spot((), slip.place, None, element.position)
                self.fault(issues.ELEMENT_MISSING, f"{_address(spot)} ({element.name}) must be said", spot, None)

    def crowded(self, name: str, count: int, most: int, slip: Slip) -> None:
        note = f"{name} stands {count} times where {most} are taken"
        self.fault(issues.TOO_MANY, note, Spot((), slip.place, None), None)

    def fault(self, kind: Kind, note: str, spot: Spot | None, value: str | None) -> None:
        where: dict[str, Any] = {"value": value}
        if spot is not None:
            where |= {"segment": spot.place.segment.id, "loop": spot.place.loop.path or None}
            where |= {"element": spot.position or None, "component": spot.component or None}
        self.findings.append(kind.finding(note, **where))


def _address(spot: Spot) -> str:
    component = f"-{spot.component}" if spot.component else ""
    return f"{spot.place.segment.id}{spot.position:02}{component}"


def _unlike(noun: Noun, tree: Tree, by: "Map") -> Iterator[Finding]:
    """What the tree says otherwise than the noun, by reading it back."""
    back, findings = to_canonical(tree, by)
    if back is None:
        for found in findings:
            yield issues.NOT_SAID.finding(f"the document could not be read back: {found.note}")
    if back is None or back == noun:
        return
    for path, was, now in _differences(_told(noun, by.record), _told(back, by.record), ""):
        yield issues.NOT_SAID.finding(f"{path} is {_short(was)}, and would be read as {_short(now)}")


def _told(said: BaseModel, record: Record) -> BaseModel:
    """The value without what its record leaves out on purpose."""
    kept: dict[str, Any] = {key: type(said).model_fields[key].get_default() for key in record.leave_out}
    for row in record.rows:
        if isinstance(row, Record) and (value := getattr(said, row.key)) is not None and row.key not in kept:
            kept[row.key] = tuple(_told(one, row) for one in value) if row.many else _told(value, row)
    return said.model_copy(update=kept)


def _differences(was: Any, now: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    if was == now:
        return
    if isinstance(was, BaseModel) and isinstance(now, BaseModel):
        for key in type(was).model_fields:
            yield from _differences(getattr(was, key), getattr(now, key), f"{path}.{key}".lstrip("."))
    elif isinstance(was, tuple) and isinstance(now, tuple) and len(was) == len(now):
        for number, (one, other) in enumerate(zip(was, now, strict=True)):
            yield from _differences(one, other, f"{path}[{number}]")
    else:
        yield path, was, now


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:119] + "…"
