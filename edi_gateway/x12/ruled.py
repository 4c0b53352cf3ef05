"""The lines of a glance that look whether one rule holds: what is remembered of its clauses, and how it is decided."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from edi_gateway.x12.guided import Clause, Rule, Spot
from edi_gateway.x12.spec import Definition

if TYPE_CHECKING:
    from edi_gateway.x12.glance import Glance


class Ruled:
    """The lines of one rule: what is remembered of each of its clauses, and how it is decided."""

    def __init__(self, glance: "Glance", number: int, rule: Rule) -> None:
        self._glance = glance
        self._number = number
        self._rule = rule
        self._clauses = (*rule.when, rule.then)
        self._last = len(rule.when)
        late = {spot for spot in spots_of(rule) if is_late(glance.definition, rule, spot)}
        told = {"is there": ("first",) if rule.then.spot.element else (), "equals": ("first", "blamed")}
        self._told = told.get(rule.then.verb, ("blamed",))
        self._late = [bool(late & {clause.spot, clause.other}) for clause in self._clauses]

    def begins(self) -> None:
        """At the segment that opens its loop: the occurrence before is decided, and the next one begins."""
        glance, number, scope = self._glance, self._number, self._rule.scope
        for name, value in self._remembered().items():
            glance.remembers(name, value)
        shut = f"{number + len(glance.definition.counted)} in shut"
        if scope is None:
            glance.closes([f"if {shut} and {self._broken()}:", f"    {self._wrong()}"])
            return
        since = glance.remembers(f"begun{number}", "-1")
        place = min(scope.places)
        asked = glance.on_the_way(scope, place)
        decided = f"{since} >= 0 and {self._broken()}"
        fresh: dict[str, list[str]] = {}
        for name, value in self._remembered(inside=True).items():
            fresh.setdefault(value, []).append(name)
        glance.at(
            place, "", f"if {decided}:", f"    {self._wrong()}", f"{since} = {begun(asked)}",
            *(f"{' = '.join(names)} = {value}" for value, names in fresh.items()),
        )
        glance.closes([f"if {shut} and {decided}:", f"    {self._wrong()}"])
        if any(self._late):
            self._decided_late()

    def asks(self) -> None:
        """At each segment that a clause speaks of."""
        scope = self._rule.scope
        for at, clause in enumerate(self._clauses):
            for role, spot in (("these", clause.spot), ("those", clause.other)):
                if spot is None:
                    continue
                inside = scope is not None and not is_outside(self._rule, spot)
                # A loop that begins whatever its codes are has begun wherever its segments stand.
                has_begun = [f"begun{self._number} >= 0"] if inside and scope is not None and not scope.plain else []
                for place in sorted(spot.places & self._rule.inside if inside else spot.places):
                    asked = self._glance.on_the_way(spot, place, *has_begun)
                    self._glance.at(place, asked, *self._heard(at, spot, role, place))

    def _remembered(self, inside: bool = False) -> dict[str, str]:
        """What is remembered of the clauses; of those `inside` the loop, what begins anew with it."""
        names: dict[str, str] = {}
        for at, clause in enumerate(self._clauses):
            mark = f"{self._number}_{at}"
            if not (inside and is_outside(self._rule, clause.spot)):
                kept = {"is": ("there", "other"), "is not": ("other",), "equals": ()}.get(clause.verb, ("there",))
                names |= {f"{name}{mark}": "-1" for name in kept}
                if clause.verb == "equals":
                    names[f"these{mark}"] = "()"
                if at == self._last:
                    names |= {f"{name}{self._number}": "-1" for name in self._told}
            if clause.other is not None and not (inside and is_outside(self._rule, clause.other)):
                names[f"those{mark}"] = "()"
        return names

    def _heard(self, at: int, spot: Spot, role: str, place: int) -> list[str]:
        """What a segment says to a clause; most of what it costs is spent where it says something else than wanted."""
        clause, mark = self._clauses[at], f"{self._number}_{at}"
        value = self._glance.value(place, spot.element, spot.component) if spot.element else ""
        blames = role == "these" and at == self._last
        first, blamed = f"first{self._number}", f"blamed{self._number}"
        if clause.verb == "is there":
            absent = [f"elif {first} < 0:", f"    {first} = at"] if blames else []
            return [f"if {value}:", f"    there{mark} = at", *absent] if value else [f"there{mark} = at"]
        if clause.verb == "is missing":
            stands = " and ".join(filter(None, (value, f"there{mark} < 0")))
            return [f"if {stands}:", f"    there{mark} = {f'{blamed} = ' if blames else ''}at"]
        if clause.verb == "equals":
            more = [f"    elif {first} < 0:", f"        {first} = at"] if blames else []
            return [
                f"if {role}{mark} and {value}:", f"    {role}{mark}.add({value})", "else:", f"    if {value}:",
                f"        {role}{mark} = {{{value}}}", *([f"        {blamed} = at"] if blames else []), *more,
            ]
        among = f"== {clause.codes[0]!r}" if len(clause.codes) == 1 else f"in {self._codes(mark, clause)}"
        if clause.verb == "is not":
            return [
                f"if {value} {among} and other{mark} < 0:", f"    other{mark} = {f'{blamed} = ' if blames else ''}at",
            ]
        good = [f"if {value} {among}:", f"    there{mark} = at"]
        if not blames:
            return [*good, f"elif {value}:", f"    other{mark} = at"]
        return [
            *good, "else:", f"    if {blamed} < 0:", f"        {blamed} = at", f"    if {value}:",
            f"        other{mark} = at",
        ]

    def _codes(self, mark: str, clause: Clause) -> str:
        return self._glance.binds(f"codes{mark}", frozenset(clause.codes))

    def _holds(self, at: int) -> str:
        mark = f"{self._number}_{at}"
        return {
            "is there": f"there{mark} >= 0", "is missing": f"there{mark} < 0", "is not": f"other{mark} < 0",
            "is": f"(there{mark} >= 0 and other{mark} < 0)", "equals": f"these{mark} == those{mark}",
        }[self._clauses[at].verb]

    def _broken(self) -> str:
        """The condition that it is broken, as far as its loop can tell."""
        asked = [self._holds(at) for at in range(self._last) if not self._late[at]]
        if not self._late[self._last]:
            asked.append(f"not {self._holds(self._last)}")
        return " and ".join(asked) or "True"

    def _wrong(self) -> str:
        number, since = self._number, f"begun{self._number}" if self._rule.scope is not None else "0"
        where = f"{number}, at, {since}{self._to_blame()}"
        if not any(self._late):
            return f"wrong.append(Wrong('rule', {where}))"
        told = "".join(f"frozenset({name}), " for name in self._compared())
        return f"wrong.append(Wrong('late', {where}, ({told})))"

    def _compared(self) -> list[str]:
        """The values of the loop that are compared with others that are still to come."""
        return [
            f"{role}{self._number}_{at}" for at, clause in enumerate(self._clauses)
            if self._late[at] and clause.verb == "equals"
            for role, spot in (("these", clause.spot), ("those", clause.other))
            if spot is not None and not is_outside(self._rule, spot)
        ]

    def _decided_late(self) -> None:
        number = self._number
        asked = [self._holds(at) for at in range(self._last) if self._late[at]]
        if self._late[self._last]:
            asked.append(f"not {self._holds(self._last)}")
        held = [f"{name} = told[{at}] or ()" for at, name in enumerate(self._compared())]
        self._glance.decides([
            f"if number == {number}:", *(f"    {line}" for line in held),
            f"    return {' and '.join(asked)}{self._to_blame()}",
        ])

    def _to_blame(self) -> str:
        """What is known of the segment that must be otherwise, as arguments."""
        names = (f"{name}{self._number}" if name in self._told else "-1" for name in ("first", "blamed"))
        return "".join(f", {name}" for name in names)


def begun(asked: str) -> str:
    """What is remembered where a loop begins: the segment, or -1 where it has not the code that is asked for."""
    return f"at if {asked} else -1" if asked else "at"


def spots_of(rule: Rule) -> Iterator[Spot]:
    """What a rule speaks of."""
    for clause in (*rule.when, rule.then):
        yield clause.spot
        if clause.other is not None:
            yield clause.other


def is_outside(rule: Rule, spot: Spot) -> bool:
    """Whether a rule for each occurrence of a loop asks this of the set as a whole."""
    return rule.scope is not None and not spot.places & rule.inside


def is_late(definition: Definition, rule: Rule, spot: Spot) -> bool:
    """Whether what a rule asks outside of its loop may stand behind it."""
    if not is_outside(rule, spot):
        return False
    outer = definition.places[min(rule.inside)].loop.path.partition("/")[0]
    own = {definition.places[place].loop.path.partition("/")[0] for place in spot.places}
    return outer in own or max(spot.places) > min(rule.inside)
