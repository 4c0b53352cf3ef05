"""Control numbers: the scopes they are counted in, and where a count goes on from."""

from collections.abc import Mapping

from edi_gateway.flows.house import House
from edi_gateway.issues import command
from edi_gateway.logs import log
from edi_gateway.ports import Agreement

LAST = 999_999_999
"""After it comes 1."""


def interchange_scope(agreement: Agreement, test: bool) -> str:
    """ISA13 is counted by the pair of ids and by usage: two agreements on one pair never send the same number."""
    return f"ISA13 {_pair(agreement, test)}"


def group_scope(agreement: Agreement, code: str, test: bool) -> str:
    """GS06 is counted by agreement, usage and GS01."""
    return f"GS06 {_pair(agreement, test)} {code} {agreement.our_group} {agreement.their_group}"


def meaning(agreement: Agreement, scope: str) -> tuple[bool, str | None] | None:
    """Whether a scope of the agreement counts tests, and the GS01 it counts; None for a scope of somebody else's."""
    for test in (False, True):
        if scope == interchange_scope(agreement, test):
            return test, None
        before, _, after = group_scope(agreement, "\0", test).partition("\0")
        code = scope.removeprefix(before).removesuffix(after)
        if scope == group_scope(agreement, code, test) and " " not in code:
            return test, code
    return None


def scopes(agreement: Agreement, isa13: int | None, gs06: Mapping[str, int], test: bool) -> dict[str, int]:
    """The last number used in each scope that is meant; GS06 by GS01."""
    wanted = {} if isa13 is None else {interchange_scope(agreement, test): isa13}
    return wanted | {group_scope(agreement, code, test): number for code, number in gs06.items()}


def put(
    house: House, name: str, *, isa13: int | None, gs06: Mapping[str, int], test: bool = False, force: bool = False
) -> dict[str, int]:
    """Says which numbers were used last towards a partner; the next that is sent takes the one after.

    All of them or none. Raises `GatewayError`: `command.partner-unknown`, and `command.number-used` for a
    number below one that was used, unless `force`.
    """
    with house.commit() as commit:
        agreement = commit.unit.agreements.named(name)
        if agreement is None:
            raise command.PARTNER_UNKNOWN.error(f"there is no agreement {name}")
        wanted = scopes(agreement, isa13, gs06, test)
        for scope, number in wanted.items():
            last = commit.unit.numbers.last(scope) or 0
            if number < last and not force:
                raise command.NUMBER_USED.error(f"{scope}: {last} was used, asked for is {number}")
            commit.unit.numbers.set(scope, number)
    log.info("numbers set", partner=name, scopes=len(wanted))
    return wanted


def _pair(agreement: Agreement, test: bool) -> str:
    return f"{agreement.ours} {agreement.theirs} {'T' if test else 'P'}"
