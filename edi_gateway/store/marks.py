"""The mark of this house: it tells files that we have claimed from those that another gateway has."""

import secrets

from sqlalchemy import Connection, insert, select

from edi_gateway.store.tables import marks

_BYTES = 4


def known_mark(connection: Connection) -> str | None:
    """The mark, where it was made already."""
    known = connection.scalar(select(marks.c.mark).order_by(marks.c.id).limit(1))
    return None if known is None else str(known)


def mark(connection: Connection) -> str:
    """Eight letters and digits, made once and kept: the same for every process of the house.

    The connection is a writer's, so that two processes which start together do not make two.
    """
    known = known_mark(connection)
    if known is not None:
        return known
    made = secrets.token_hex(_BYTES)
    connection.execute(insert(marks).values(mark=made))
    return made
