"""Which control numbers were used last, towards whom, and which are gaps."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, or_, select

from edi_gateway.flows.control import meaning
from edi_gateway.ports import Agreement
from edi_gateway.reports._asking import ROWS_AT_ONCE, instant
from edi_gateway.store.agreements import Agreements
from edi_gateway.store.tables import documents, inbound_numbers, missing_numbers, numbers, parcels
from edi_gateway.x12.numbers import HALF_A_ROUND, LAST, after, ahead, between

NEVER_GO = ("void", "superseded")
"""The states of a parcel that will not be delivered."""


class Used(NamedTuple):
    """A number of ours in the order in which it was taken: where its parcel stands, and what it was for."""

    number: int
    state: str
    went: bool
    document: int
    at: dt.datetime


def control(connection: Connection, partner: str | None = None) -> Iterator[dict[str, Any]]:
    """The last number of each scope and the next that will be taken: ISA13, GS06 by its GS01, ST02 by its set.

    GS01 and set are `group`. `partners` are the agreements that count in a scope; there is none where their ids were
    changed since.
    """
    known = Agreements(connection).all()
    counted = select(numbers).where(or_(*(numbers.c.scope.startswith(what) for what in ("ISA13 ", "GS06 ", "ST02 "))))
    for row in connection.execute(counted.order_by(numbers.c.scope.desc())):
        meant = _meant(known, row.scope)
        if partner is not None and partner not in meant:
            continue
        test, group = next(iter(meant.values()), (None, None))
        yield {
            "partners": list(meant), "number": row.scope.partition(" ")[0], "group": group, "test": test,
            "last": row.last, "next": after(min(row.last, LAST)), "scope": row.scope,
        }


def gaps(connection: Connection, partner: str | None = None) -> Iterator[dict[str, Any]]:
    """The numbers that a partner cannot have from us (`out`), and those that we have not from a partner (`in`).

    `why` is `missing` (it has not come), `skipped` (it was left out: counts were set or bumped), `waiting` (a later
    one went before it), or where its parcel ended, such as `void`. `counted_from` is the first number that was
    counted: nothing is known of those before it. `since` says when the gap was seen.
    """
    known = Agreements(connection).all()
    for row in _ours(connection), _theirs(connection):
        for gap in row:
            meant = _meant(known, gap["scope"])
            if partner is not None and partner not in meant:
                continue
            test, group = next(iter(meant.values()), (None, None))
            yield {"partners": list(meant), "group": group, "test": test, **gap}


def _theirs(connection: Connection) -> Iterator[dict[str, Any]]:
    """The gaps that the ledger keeps."""
    question = select(missing_numbers, inbound_numbers.c.first.label("counted_from")).join(
        inbound_numbers, inbound_numbers.c.scope == missing_numbers.c.scope
    )
    for row in connection.execute(question.order_by(missing_numbers.c.scope.desc(), missing_numbers.c.id)):
        yield _gap("in", row.scope, row.first, row.last, "missing", row.counted_from, row.at)


def _ours(connection: Connection) -> Iterator[dict[str, Any]]:
    """The gaps in what our documents have taken, scope by scope."""
    lasts: dict[str, int] = {row.scope: row.last for row in connection.execute(select(numbers))}
    for scope, used in (*_by_interchange(connection), *_by_group(connection)):
        if used:
            yield from _gaps(scope, used, lasts.get(scope, used[-1].number))


def _gaps(scope: str, used: list[Used], last: int) -> Iterator[dict[str, Any]]:
    """What lies between a number and the one taken after it; a count that was set back leaves nothing out."""
    first, gone = used[0].number, max((n for n, one in enumerate(used) if one.went), default=-1)
    before = None
    for place, one in enumerate(used):
        if before is not None:
            yield from _skipped(scope, before, one.number, first, one.at)
        before = one.number
        if one.state in NEVER_GO or (not one.went and place < gone):
            why = one.state if one.state in NEVER_GO else "waiting"
            yield _gap("out", scope, one.number, one.number, why, first, one.at, one.document)
    yield from _skipped(scope, used[-1].number, after(last), first, None)


def _skipped(scope: str, before: int, later: int, first: int, at: dt.datetime | None) -> Iterator[dict[str, Any]]:
    if ahead(before, later) > HALF_A_ROUND:
        return
    for one, other in between(before, later):
        yield _gap("out", scope, one, other, "skipped", first, at)


def _by_interchange(connection: Connection) -> Iterator[tuple[str, list[Used]]]:
    which = (documents.c.sender, documents.c.receiver, documents.c.test)
    for ids, rows in _apart(connection, which, documents.c.interchange_control):
        sender, receiver, test = ids
        yield f"ISA13 {sender} {receiver} {'T' if test else 'P'}", rows


def _by_group(connection: Connection) -> Iterator[tuple[str, list[Used]]]:
    which = (documents.c.sender, documents.c.receiver, documents.c.test, documents.c.group_code,
             documents.c.group_sender, documents.c.group_receiver)
    for ids, rows in _apart(connection, which, documents.c.group_control):
        sender, receiver, test, code, ours, theirs = ids
        if code:
            yield f"GS06 {sender} {receiver} {'T' if test else 'P'} {code} {ours} {theirs}", rows


def _apart(
    connection: Connection, which: tuple[Any, ...], number: Any
) -> Iterator[tuple[tuple[Any, ...], list[Used]]]:
    """The numbers of each scope in the order in which they were taken; one that holds more documents counts once."""
    ours = and_(documents.c.direction == "out", documents.c.parcel_id.is_not(None))
    question = (
        select(*which, number.label("number"), documents.c.id, documents.c.at, parcels.c.state,
               parcels.c.delivered_at)
        .join(parcels, documents.c.parcel_id == parcels.c.id).where(ours).order_by(*which, documents.c.id)
    )
    ids: tuple[Any, ...] | None = None
    rows: list[Used] = []
    for row in connection.execute(question, execution_options={"yield_per": ROWS_AT_ONCE}):
        if ids is not None and ids != _ids(row, which):
            yield ids, rows
            rows = []
        ids = _ids(row, which)
        if row.number.isdigit() and (not rows or rows[-1].number != int(row.number)):
            rows.append(Used(int(row.number), row.state, _went(row), row.id, row.at))
    if ids is not None:
        yield ids, rows


def _went(row: Any) -> bool:
    return row.state not in NEVER_GO and row.delivered_at is not None


def _ids(row: Any, which: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(row._mapping[column] for column in which)


def _gap(
    direction: str, scope: str, first: int, last: int, why: str, counted_from: int, at: dt.datetime | None,
    document: int | None = None,
) -> dict[str, Any]:
    return {
        "direction": direction, "number": scope.partition(" ")[0], "first": first, "last": last, "why": why,
        "document": document, "counted_from": counted_from, "since": instant(at), "scope": scope,
    }


def _meant(known: Iterable[Agreement], scope: str) -> dict[str, tuple[bool, str | None]]:
    return {agreement.name: found for agreement in known if (found := meaning(agreement, scope)) is not None}
