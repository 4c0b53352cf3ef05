"""Whose interchange and group a verdict was on, their numbers, and what documents, interchanges and groups repeat."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_OF_INTERCHANGE = """UPDATE interchanges SET {column} = (SELECT documents.{source} FROM documents
    WHERE documents.receipt_id = interchanges.receipt_id
    AND documents.interchange_ordinal = interchanges.interchange_ordinal LIMIT 1)"""
_OF_GROUP = """UPDATE groups SET {column} = (SELECT documents.{source} FROM documents
    WHERE documents.receipt_id = groups.receipt_id AND documents.interchange_ordinal = groups.interchange_ordinal
    AND documents.group_ordinal = groups.group_ordinal LIMIT 1)"""
_NUMBER = """UPDATE {table} SET number = CAST(control AS INTEGER)
    WHERE LENGTH(control) BETWEEN 1 AND 9 AND LTRIM(control, '0123456789') = ''"""


def upgrade() -> None:
    """What was judged before is told by its documents, so that its numbers count as used."""
    for name, kind in (
        ("sender", sa.Text()), ("receiver", sa.Text()), ("control", sa.Text()), ("number", sa.Integer()),
        ("test", sa.Boolean()), ("written", sa.Text()), ("digest", sa.Text()),
    ):
        op.add_column("interchanges", sa.Column(name, kind, nullable=True))
    for name, kind in (
        ("agreement_id", sa.Integer()), ("code", sa.Text()), ("sender", sa.Text()), ("receiver", sa.Text()),
        ("control", sa.Text()), ("number", sa.Integer()), ("test", sa.Boolean()),
    ):
        op.add_column("groups", sa.Column(name, kind, nullable=True))
    for table in ("interchanges", "groups"):
        op.add_column(table, sa.Column("state", sa.Text(), nullable=False, server_default=""))
        op.add_column(table, sa.Column("repeats_receipt_id", sa.Integer(), nullable=True))
    for name, kind in (("repeats", sa.Text()), ("repeats_id", sa.Integer()), ("order_number", sa.Text())):
        op.add_column("documents", sa.Column(name, kind, nullable=True))
    for column, source in (
        ("sender", "sender"), ("receiver", "receiver"), ("control", "interchange_control"), ("test", "test"),
    ):
        op.execute(_OF_INTERCHANGE.format(column=column, source=source))
    for column, source in (
        ("agreement_id", "agreement_id"), ("code", "group_code"), ("sender", "group_sender"),
        ("receiver", "group_receiver"), ("control", "group_control"), ("test", "test"),
    ):
        op.execute(_OF_GROUP.format(column=column, source=source))
    for table in ("interchanges", "groups"):
        op.execute(_NUMBER.format(table=table))
    op.create_index("interchanges_by_number", "interchanges", ["sender", "receiver", "number"], unique=False)
    op.create_index("groups_by_number", "groups", ["agreement_id", "code", "number"], unique=False)
