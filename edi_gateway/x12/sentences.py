"""The rules of a guide between elements, in a small closed vocabulary: "BEG02 is DS", "N1[ST] must be there"."""

import re
from dataclasses import replace

from edi_gateway.x12 import spots
from edi_gateway.x12.guide import Row
from edi_gateway.x12.guided import Clause, Rule, Spot, Verb
from edi_gateway.x12.spec import Definition

_WHEN = re.compile(r"(?P<path>\S+) (?P<verb>is there|is missing|is not|is)(?: (?P<rest>\S.*))?")
_THEN = re.compile(r"(?P<path>\S+) (?P<verb>must be there|must not be there|equals|is not|is)(?: (?P<rest>\S.*))?")
_VERBS: dict[str, Verb] = {
    "is": "is", "is not": "is not", "is there": "is there", "is missing": "is missing", "equals": "equals",
    "must be there": "is there", "must not be there": "is missing",
}


def rule(definition: Definition, row: Row) -> Rule:
    """A rule as its row says it. Raises `ValueError` where it is said otherwise, or names what is not there."""
    loop = row.word("in") or ""
    scope = spots.segment(definition, loop) if loop else None
    if scope is not None and not definition.places[min(scope.places)].trigger:
        raise ValueError(f"{loop} opens no loop in which a rule could hold")
    when = tuple(_clause(definition, loop, text, _WHEN) for text in (row.word("when") or "").split(" and ") if text)
    then = _clause(definition, loop, row.word("then"), _THEN)
    words = f"{row.word('then')}{' where ' + row.word('when') if when else ''}{' in ' + loop if loop else ''}"
    if scope is None:
        return Rule(words, when, then, page=row.page)
    opening = definition.places[min(scope.places)]
    inside = frozenset(
        place.index for place in definition.places if f"{place.loop.path}/".startswith(f"{opening.loop.path}/")
    )
    return Rule(words, when, then, scope, inside, row.page)


def _clause(definition: Definition, loop: str, text: str, form: re.Pattern[str]) -> Clause:
    found = form.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} does not read like {_LIKE[form]}")
    verb, rest = _VERBS[found["verb"]], found["rest"] or ""
    if bool(rest) != (verb in ("is", "is not", "equals")):
        raise ValueError(f"{text!r}: {'something' if not rest else 'nothing'} stands behind {found['verb']!r}")
    spot = _spot(definition, loop, found["path"])
    if verb in ("is there", "is missing"):
        return Clause(spot, verb)
    other = _spot(definition, loop, rest) if verb == "equals" else None
    for each in (spot, other):
        if each is not None and each.element is None:
            raise ValueError(f"{each.path} is a segment, and only an element has a value")
    codes = tuple(code.strip() for code in rest.split(",")) if verb != "equals" else ()
    return Clause(spot, verb, codes, other)


_LIKE = {
    _WHEN: "'BEG02 is DS', 'REF[IA] is there', joined by 'and'",
    _THEN: "'N1[ST] must be there', 'PO103 is EA' or 'BEG03 equals REF[PO]02'",
}


def _spot(definition: Definition, loop: str, path: str) -> Spot:
    """The spot by its path as the rule has it, which may leave the loop out."""
    found = spots.within(definition, loop, path) if loop else spots.either(definition, path)
    return replace(found, path=path)
