"""Who we trade with, as rows."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.ports import Agreement, Identity
from edi_gateway.store.prepared import Prepared
from edi_gateway.store.tables import agreements, partnerships


class Agreements:
    """Agreements and partnerships. What was found is remembered while the unit lasts, until an agreement changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._found: dict[tuple[str, ...], tuple[Agreement, ...]] = {}
        self._partnerships: dict[tuple[int, str | None], Partnership | None] = {}

    def find(
        self, sender: Identity, receiver: Identity, group_sender: str, group_receiver: str
    ) -> tuple[Agreement, ...]:
        """The agreements under which a group may come: they sent it, we received it."""
        key = (str(sender), str(receiver), group_sender, group_receiver)
        if key not in self._found:
            rows = _FIND.rows(
                self._connection, theirs=key[0], ours=key[1], their_group=group_sender, our_group=group_receiver
            )
            self._found[key] = tuple(_agreement(row) for row in rows)
        return self._found[key]

    def of_pair(self, sender: Identity, receiver: Identity) -> tuple[Agreement, ...]:
        """The agreements under which an interchange may come, whatever its groups."""
        key = (str(sender), str(receiver))
        if key not in self._found:
            rows = _OF_PAIR.rows(self._connection, theirs=key[0], ours=key[1])
            self._found[key] = tuple(_agreement(row) for row in rows)
        return self._found[key]

    def partnership(self, agreement_id: int, reference: str | None) -> Partnership | None:
        """By reference; without one, the agreement's only partnership."""
        key = (agreement_id, reference)
        if key not in self._partnerships:
            known = {"agreement": agreement_id} if reference is None else {"agreement": agreement_id, "said": reference}
            rows = (_ONLY if reference is None else _REFERRED).rows(self._connection, **known)
            self._partnerships[key] = _partnership(rows[0]) if len(rows) == 1 else None
        return self._partnerships[key]

    def get(self, agreement_id: int) -> Agreement:
        """The agreement of that id."""
        return _agreement(self._connection.execute(select(agreements).where(agreements.c.id == agreement_id)).one())

    def get_partnership(self, partnership_id: int) -> Partnership:
        """The partnership of that id."""
        found = select(partnerships).where(partnerships.c.id == partnership_id)
        return _partnership(self._connection.execute(found).one())

    def named(self, name: str) -> Agreement | None:
        """The agreement of that name."""
        row = self._connection.execute(select(agreements).where(agreements.c.name == name)).one_or_none()
        return None if row is None else _agreement(row)

    def partnership_named(self, name: str) -> Partnership | None:
        """The partnership of that name."""
        row = self._connection.execute(select(partnerships).where(partnerships.c.name == name)).one_or_none()
        return None if row is None else _partnership(row)

    def all(self) -> tuple[Agreement, ...]:
        """Every agreement, by name."""
        rows = self._connection.execute(select(agreements).order_by(agreements.c.name))
        return tuple(_agreement(row) for row in rows)

    def partners(self) -> tuple[str, ...]:
        """The names of the partner files that agreements go by."""
        found = select(agreements.c.partner).where(agreements.c.partner != "").distinct().order_by(agreements.c.partner)
        return tuple(self._connection.scalars(found))

    def clash(self, name: str, values: Mapping[str, str]) -> str | None:
        """The name of another agreement that these values would make the same as this one."""
        keys = ("ours", "theirs", "our_group", "their_group", "usage")
        known = self._connection.execute(select(agreements).where(agreements.c.name == name)).mappings().one_or_none()
        wanted = {**(known or {}), **values}
        same = and_(*(agreements.c[key] == wanted[key] for key in keys), agreements.c.name != name)
        found: str | None = self._connection.scalar(select(agreements.c.name).where(same))
        return found

    def put(self, name: str, **values: str) -> Agreement:
        """Adds an agreement, or changes the one of that name."""
        self._found.clear()
        known = self.named(name)
        if known is None:
            self._connection.execute(insert(agreements).values(name=name, **values))
        else:
            self._connection.execute(update(agreements).where(agreements.c.id == known.id).values(values))
        found = self.named(name)
        assert found is not None
        return found

    def put_partnership(self, agreement_id: int, name: str, **values: str) -> Partnership:
        """Adds a partnership, or changes the one of that name."""
        self._partnerships.clear()
        known = self.partnership_named(name)
        if known is None:
            fresh = {"role": "seller", "answer": "auto", **values}
            self._connection.execute(insert(partnerships).values(agreement_id=agreement_id, name=name, **fresh))
        elif values:
            self._connection.execute(update(partnerships).where(partnerships.c.id == known.id).values(values))
        found = self.partnership_named(name)
        assert found is not None
        return found


def _agreement(row: Any) -> Agreement:
    fields = row._asdict()
    return Agreement(**{**fields, "ours": Identity.parse(fields["ours"]), "theirs": Identity.parse(fields["theirs"])})


def _partnership(row: Any) -> Partnership:
    return Partnership(**row._asdict())


_OF_PAIR = Prepared(
    select(agreements).where(agreements.c.theirs == bindparam("theirs"), agreements.c.ours == bindparam("ours"))
    .order_by(agreements.c.id)
)
_FIND = Prepared(
    select(agreements).where(
        agreements.c.theirs == bindparam("theirs"), agreements.c.ours == bindparam("ours"),
        agreements.c.their_group == bindparam("their_group"), agreements.c.our_group == bindparam("our_group"),
    ).order_by(agreements.c.id)
)
_TWO = select(partnerships).where(partnerships.c.agreement_id == bindparam("agreement")).limit(2)
_ONLY, _REFERRED = Prepared(_TWO), Prepared(_TWO.where(partnerships.c.reference == bindparam("said")))
