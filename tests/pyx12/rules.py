"""Why the judges differ: each rule explains away what it stands for, and says who is right."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.pyx12.judges import Fault
from tests.pyx12.trial import Difference

UNEXPLAINED = "unexplained"
_STRUCTURE = frozenset({"1", "2", "3", "4", "5", "6", "7"})
_TREE = frozenset({"HL1", "HL2"})


class Rest:
    """What of a difference is not explained yet."""

    def __init__(self, difference: Difference) -> None:
        self.fault = difference.fault
        self.rows = difference.rows
        self.fell = difference.fell
        # All that we found, whether they found it too or not.
        self.found = difference.ours | difference.both
        self.ours = set(difference.ours)
        self.theirs = set(difference.theirs)

    def row(self, fault: Fault) -> tuple[str, ...]:
        """The segment a fault speaks of."""
        return self.rows[min(fault.position, len(self.rows)) - 1]

    def value(self, fault: Fault) -> str:
        """The element a fault speaks of."""
        row = self.row(fault)
        return row[fault.element] if 0 < fault.element < len(row) else ""

    def without(self, ours: Iterable[Fault] = (), theirs: Iterable[Fault] = ()) -> bool:
        """Takes away what is explained; whether there was any."""
        mine, other = set(ours), set(theirs)
        self.ours -= mine
        self.theirs -= other
        return bool(mine or other)


@dataclass(frozen=True)
class Rule:
    """A reason. `right` is whose judgement is the standard's."""

    name: str
    right: str
    why: str
    explain: Callable[[Rest], bool]


def differing(difference: Difference) -> list[str]:
    """The names of the rules that explain a difference together; the last is `UNEXPLAINED` where something is left."""
    rest = Rest(difference)
    names = [rule.name for rule in RULES if rule.explain(rest)]
    return [*names, UNEXPLAINED] if rest.ours or rest.theirs else names


def _fell(rest: Rest) -> bool:
    return bool(rest.fell) and rest.without([fault for fault in rest.ours if fault.level == "element"])


def _reason(rest: Rest) -> bool:
    pairs = [
        (we, they) for we in rest.ours for they in rest.theirs
        if they.short == "segment 1" and we.level == "segment" and we.code in "2567"
        and (we.position, we.segment) == (they.position, they.segment)
    ]
    return rest.without([we for we, _ in pairs], [they for _, they in pairs])


def _number(rest: Rest) -> bool:
    return rest.without([fault for fault in rest.ours if fault.short == "set 7"])


def _numbers_missing(rest: Rest) -> bool:
    absent = len(rest.rows[0]) < 3
    return rest.without(theirs=[fault for fault in rest.theirs if absent and fault.short == "set 23"])


def _set_id(rest: Rest) -> bool:
    if rest.fault != "set-id-unknown":
        return False
    at_st01 = [fault for fault in rest.theirs if fault.segment == "ST" and fault.element == 1]
    return rest.without([fault for fault in rest.ours if fault.short == "set 1"], at_st01)


def _trailer(rest: Rest) -> bool:
    return rest.without([fault for fault in rest.ours if fault.short == "set 2" and rest.rows[-1][0] != "SE"])


def _blanks(rest: Rest) -> bool:
    return rest.without(theirs=[
        fault for fault in rest.theirs if fault.short == "element 6" and rest.value(fault).endswith(" ")
    ])


def _no_digits(rest: Rest) -> bool:
    return _weighed_otherwise(rest, "6", "4", lambda value: not any(mark.isdigit() for mark in value))


def _short_time(rest: Rest) -> bool:
    return _weighed_otherwise(rest, "9", "4", str.isdigit)


def _weighed_otherwise(rest: Rest, ours: str, theirs: str, wanted: Callable[[str], bool]) -> bool:
    pairs = [
        (we, they) for we in rest.ours for they in rest.theirs
        if we == they._replace(code=ours) and they.short == f"element {theirs}" and wanted(rest.value(they))
    ]
    return rest.without([we for we, _ in pairs], [they for _, they in pairs])


def _one_a_value(rest: Rest) -> bool:
    spots = {fault._replace(code="") for fault in rest.found if fault.level == "element" and fault.element}
    return rest.without(theirs=[fault for fault in rest.theirs if fault._replace(code="") in spots])


def _first_component(rest: Rest) -> bool:
    return rest.without([
        fault for fault in rest.ours if fault.short == "element 1" and fault.component == 1 and ":" in rest.value(fault)
    ])


def _component_relation(rest: Rest) -> bool:
    return rest.without([
        fault for fault in rest.ours
        if fault.short in ("element 2", "element 10") and any(":" in value for value in rest.row(fault))
    ])


def _empty(rest: Rest) -> bool:
    return rest.without(theirs=[
        fault for fault in rest.theirs if fault.short == "segment 8" and not any(rest.row(fault)[1:])
    ])


def _trailing(rest: Rest) -> bool:
    return rest.without(theirs=[
        fault for fault in rest.theirs if fault.code == "SEG1" and not rest.row(fault)[-1]
    ])


def _tree_code(rest: Rest) -> bool:
    pairs = [
        (we, they) for we in rest.found for they in rest.theirs
        if they.code in _TREE and we.level == "element" and we.position == they.position
    ]
    codes = [we for we, _ in pairs if we in rest.ours and we.code == "7"]
    return rest.without(codes, [they for _, they in pairs])


def _tree_ids(rest: Rest) -> bool:
    if not any(fault.segment == "HL" for fault in rest.found):
        return False
    return rest.without([fault for fault in rest.ours if fault.short == "element 7" and fault.segment == "HL"])


def _tree_more(rest: Rest) -> bool:
    if not any(fault.level == "element" and fault.segment == "HL" for fault in rest.found):
        return False
    return rest.without(theirs=[fault for fault in rest.theirs if fault.code in _TREE])


def _tree_count(rest: Rest) -> bool:
    return rest.without(theirs=[fault for fault in rest.theirs if fault.code in _TREE])


def _at_once_again(rest: Rest) -> bool:
    return rest.without([
        fault for fault in rest.ours
        if fault.short == "segment 3" and rest.row(fault)[0] == rest.rows[fault.position - 2][0]
    ])


def _cascade(rest: Rest) -> bool:
    mine = [fault for fault in rest.found if fault.level == "segment" and fault.code in _STRUCTURE]
    theirs = [fault for fault in rest.theirs if fault.level == "segment" and fault.code in _STRUCTURE]
    if not (mine and theirs):
        return False
    return rest.without([fault for fault in rest.ours if fault in mine], theirs)


RULES: tuple[Rule, ...] = (
    Rule("fell", "we", "pyx12 ends with an IndexError at a composite with too many components.", _fell),
    Rule("reason", "we", "pyx12 gives 1 to every segment it finds no place for. The standard has 1 for an id it does "
         "not know, 2 for a loop that has not begun, 5 for too many, 6 for another set's, 7 for out of sequence.",
         _reason),
    Rule("control-number", "we", "AK502 has a 7 for an invalid ST02; pyx12 tells only the element.", _number),
    Rule("numbers-missing", "we", "pyx12 takes two missing control numbers for a number that repeats.",
         _numbers_missing),
    Rule("set-id", "we", "pyx12 chooses the map by GS01, so an unknown ST01 is a wrong code to it and the set is "
         "judged all the same; we say that we do not know the set.", _set_id),
    Rule("no-trailer", "we", "Where SE is missing, pyx12 faults the group alone once GE has come; AK502 has a 2.",
         _trailer),
    Rule("blanks", "policy", "pyx12 gives 6 to blanks at the end of a text. The standard would leave them out, but "
         "they harm nobody, and fields of fixed width are common: we take them.", _blanks),
    Rule("no-digits", "we", "`-` alone is a number to pyx12, one that is too short.", _no_digits),
    Rule("odd-time", "we", "A time with half a minute or second is too short to pyx12; it is no time.", _short_time),
    Rule("one-a-value", "policy", "pyx12 tells several faults of one value, such as too long and not in the list. We "
         "tell the first: mending that one mends the others.", _one_a_value),
    Rule("first-component", "we", "pyx12 does not miss a mandatory first component in an optional composite, though "
         "others of the composite are there.", _first_component),
    Rule("component-relation", "we", "pyx12 does not judge relations between components.", _component_relation),
    Rule("no-elements", "open", "pyx12 faults a segment that is nothing but its id, beside the mandatory elements it "
         "lacks; we fault those alone.", _empty),
    Rule("separators-at-end", "policy", "pyx12 faults empty elements at a segment's end. The standard would leave "
         "them out; every reader takes them, and so do we.", _trailing),
    Rule("tree-code", "both", "The same fault of an HL: pyx12 has HL1 and HL2 of its own, we use code 7 of the "
         "element.", _tree_code),
    Rule("tree-ids", "we", "pyx12 finds a parent by its own count of the levels, we by HL01: where that is wrong, its "
         "children have no parent.", _tree_ids),
    Rule("tree-again", "we", "After a wrong parent pyx12 has lost the levels above, and faults those that follow.",
         _tree_more),
    Rule("tree-count", "policy", "pyx12 demands that HL01 counts from one; we warn, for an id only has to be unique. "
         "It also judges an HL in a set that has none.", _tree_count),
    Rule("going-on", "we", "After a structural fault the judges go on at different places: pyx12 takes the next "
         "segment that fits anywhere, we look ahead for the reading with the fewest faults. Where the segment that "
         "opens a loop is gone, pyx12 faults each that is left of it, we the first.", _cascade),
    Rule("again-at-once", "we", "pyx12 does not miss a mandatory segment where its loop begins again at once.",
         _at_once_again),
)
"""In the order in which they are tried: what one explains, the next ones no longer see."""
