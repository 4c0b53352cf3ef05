"""Control numbers: the scopes they are counted in, where a count goes on from, and what partners have passed over."""

from collections.abc import Iterator, Mapping

from edi_gateway.flows.house import Commit, House
from edi_gateway.issues import command, exchange
from edi_gateway.ledger.facts import Entry, Trouble
from edi_gateway.logs import log
from edi_gateway.ports import Agreement, Unit
from edi_gateway.x12.numbers import after, as_number

_GAPS_TOLD_MAX = 5


def interchange_scope(agreement: Agreement, test: bool) -> str:
    """ISA13 is counted by the pair of ids and by usage: two agreements on one pair never send the same number."""
    return f"ISA13 {_pair(agreement, test)}"


def group_scope(agreement: Agreement, code: str, test: bool) -> str:
    """GS06 is counted by agreement, usage and GS01."""
    return f"GS06 {_pair(agreement, test)} {code} {agreement.our_group} {agreement.their_group}"


def set_scope(agreement: Agreement, set_id: str, test: bool) -> str:
    """ST02, where it runs on from group to group, is counted by agreement, usage and set."""
    return f"ST02 {_pair(agreement, test)} {set_id} {agreement.our_group} {agreement.their_group}"


def their_interchange_scope(agreement: Agreement, test: bool) -> str:
    """The ISA13 that the partner counts towards us."""
    return f"ISA13 {_pair_back(agreement, test)}"


def their_group_scope(agreement: Agreement, code: str, test: bool) -> str:
    """The GS06 that the partner counts towards us."""
    return f"GS06 {_pair_back(agreement, test)} {code} {agreement.their_group} {agreement.our_group}"


def meaning(agreement: Agreement, scope: str) -> tuple[bool, str | None] | None:
    """Whether a scope of the agreement, ours or theirs, counts tests, and the GS01 or set it counts.

    None for a scope of somebody else's.
    """
    for test in (False, True):
        if scope in (interchange_scope(agreement, test), their_interchange_scope(agreement, test)):
            return test, None
        for scoped in (group_scope, set_scope, their_group_scope):
            before, _, after = scoped(agreement, "\0", test).partition("\0")
            counted = scope.removeprefix(before).removesuffix(after)
            if scope == scoped(agreement, counted, test) and " " not in counted:
                return test, counted
    return None


def scopes(
    agreement: Agreement, isa13: int | None, gs06: Mapping[str, int], st02: Mapping[str, int], test: bool
) -> dict[str, int]:
    """The last number used in each scope that is meant; GS06 by GS01, ST02 by set."""
    wanted = {} if isa13 is None else {interchange_scope(agreement, test): isa13}
    groups = {group_scope(agreement, code, test): number for code, number in gs06.items()}
    return wanted | groups | {set_scope(agreement, set_id, test): number for set_id, number in st02.items()}


def set_number(commit: Commit, agreement: Agreement, set_id: str, test: bool) -> str:
    """ST02 of the one set in a group: always 1, or the next where it runs on; zeros fill it as agreed."""
    partner = commit.house.guides.partner(agreement.partner)
    number = 1
    if partner.control_numbers.sets == "running":
        number = commit.unit.numbers.take(set_scope(agreement, set_id, test))
    return str(number).zfill(partner.envelope.set_control_digits)


def put(
    house: House, name: str, *, isa13: int | None, gs06: Mapping[str, int], st02: Mapping[str, int] | None = None,
    test: bool = False, force: bool = False,
) -> dict[str, int]:
    """Says which numbers were used last towards a partner; the next that is sent takes the one after.

    All of them or none. Raises `GatewayError`: `command.partner-unknown`, `command.sets-not-counted` for an ST02 where
    it begins anew in each group, and `command.number-used` for a number below one that was used, unless `force`.
    """
    with house.commit() as commit:
        agreement = _named(commit.unit, name)
        wanted = scopes(agreement, isa13, gs06, st02 or {}, test)
        if st02 and house.guides.partner(agreement.partner).control_numbers.sets != "running":
            raise command.SETS_NOT_COUNTED.error(f"{name}: ST02 was to be {', '.join(map(str, st02.values()))}")
        for scope, number in wanted.items():
            last = commit.unit.numbers.last(scope) or 0
            if number < last and not force:
                raise command.NUMBER_USED.error(f"{scope}: {last} was used, asked for is {number}")
            commit.unit.numbers.set(scope, number)
        _tell(commit, "numbers.set", name, wanted)
    log.info("numbers set", partner=name, scopes=len(wanted))
    return wanted


def bump(house: House, name: str | None, by: int) -> dict[str, int]:
    """Lets every count towards a partner, or towards all of them, go forward by so many numbers, and never back.

    After a restore nobody knows which numbers were used since the backup: those are left out. Returns the last number
    of each scope. Raises `GatewayError` (`command.partner-unknown`); `by` is at least 1.
    """
    with house.commit() as commit:
        agreement = _named(commit.unit, name) if name else None
        moved = {}
        for scope in commit.unit.numbers.scopes():
            if agreement is None or meaning(agreement, scope) is not None:
                moved[scope] = after(commit.unit.numbers.last(scope) or 0, by)
                commit.unit.numbers.set(scope, moved[scope])
        _tell(commit, "numbers.bumped", name, moved)
    log.info("numbers bumped", partner=name or "all", by=by, scopes=len(moved))
    return moved


def came_interchange(commit: Commit, agreement: Agreement, control: str, test: bool) -> None:
    """Counts the ISA13 of an interchange that a partner has sent."""
    policy = commit.house.guides.partner(agreement.partner).control_numbers.missing_interchanges
    _came(commit, agreement, their_interchange_scope(agreement, test), control, policy, test)


def came_group(commit: Commit, agreement: Agreement, code: str, control: str, test: bool) -> None:
    """Counts the GS06 of a group that a partner has sent."""
    policy = commit.house.guides.partner(agreement.partner).control_numbers.missing_groups
    _came(commit, agreement, their_group_scope(agreement, code, test), control, policy, test)


def forget(house: House, name: str) -> int:
    """Waits no longer for the numbers of a partner that are missing. Returns how many gaps there were.

    Raises `GatewayError` (`command.partner-unknown`).
    """
    with house.commit() as commit:
        agreement = _named(commit.unit, name)
        gone = dict(_missing(commit.unit, agreement))
        for scope in gone:
            commit.unit.numbers.forget_missing(scope)
            commit.unit.desk.close(exchange.NUMBER_MISSING, _about(scope), commit.now)
        _tell(commit, "numbers.forgotten", name, {scope: _in_words(gaps) for scope, gaps in gone.items()})
    log.info("missing numbers forgotten", partner=name, scopes=len(gone))
    return sum(map(len, gone.values()))


def _came(commit: Commit, agreement: Agreement, scope: str, control: str, policy: str, test: bool) -> None:
    """Tests are counted, and nobody is told of them: no order is lost with one."""
    came = as_number(control)
    if policy == "ignore" or not came:
        return
    news = commit.unit.numbers.came(scope, came, commit.now)
    if news not in ("ahead", "late"):
        return
    gaps = commit.unit.numbers.missing(scope)
    if not gaps:
        commit.unit.desk.close(exchange.NUMBER_MISSING, _about(scope), commit.now)
    elif policy == "tell" and not test:
        note = f"{scope.partition(' ')[0]} {_in_words(gaps)} of {agreement.name}: {came} has come"
        trouble = Trouble(exchange.NUMBER_MISSING, _about(scope), note, agreement.name, agreement.channel)
        commit.unit.desk.open(trouble, commit.now)


def _missing(unit: Unit, agreement: Agreement) -> Iterator[tuple[str, tuple[tuple[int, int], ...]]]:
    for scope in unit.numbers.scopes_missing():
        if meaning(agreement, scope) is not None:
            yield scope, unit.numbers.missing(scope)


def _in_words(gaps: tuple[tuple[int, int], ...]) -> str:
    told = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in gaps[-_GAPS_TOLD_MAX:])
    more = len(gaps) - _GAPS_TOLD_MAX
    return f"{told} (and {more} older gaps)" if more > 0 else told


def _tell(commit: Commit, what: str, name: str | None, moved: Mapping[str, object]) -> None:
    entry = Entry(what, {"partner": name, "numbers": dict(moved)}, key=name)
    commit.unit.books.write((entry,), None, None, commit.now)


def _named(unit: Unit, name: str) -> Agreement:
    agreement = unit.agreements.named(name)
    if agreement is None:
        raise command.PARTNER_UNKNOWN.error(f"there is no agreement {name}")
    return agreement


def _about(scope: str) -> str:
    return f"missing {scope}"


def _pair(agreement: Agreement, test: bool) -> str:
    return f"{agreement.ours} {agreement.theirs} {'T' if test else 'P'}"


def _pair_back(agreement: Agreement, test: bool) -> str:
    return f"{agreement.theirs} {agreement.ours} {'T' if test else 'P'}"
