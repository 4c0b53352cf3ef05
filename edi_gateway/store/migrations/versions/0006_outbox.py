"""What a parcel is, when it is tried next, and why it rests."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OF_PARCEL = """UPDATE parcels SET {column} = (SELECT {source} FROM documents
    WHERE documents.parcel_id = parcels.id LIMIT 1)"""
_SCOPE = "'ISA13 ' || sender || ' ' || receiver || ' ' || CASE WHEN test THEN 'T' ELSE 'P' END"
_ORDER = "(SELECT orders.number FROM orders WHERE orders.id = documents.order_id)"


def upgrade() -> None:
    """What was queued before is told by its documents; it goes out as it would have, oldest first."""
    for table in ("agreements", "partnerships"):
        op.execute(f"ALTER TABLE parcels ADD COLUMN {table.removesuffix('s')}_id INTEGER REFERENCES {table} (id)")
    for name in ("set", "scope", "order_number", "subject", "fault", "reason"):
        op.add_column("parcels", sa.Column(name, sa.Text(), nullable=True))
    for name in ("number", "turn"):
        op.add_column("parcels", sa.Column(name, sa.Integer(), nullable=True))
    for name in ("strict", "at_visits", "begun"):
        op.add_column("parcels", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("parcels", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("parcels", sa.Column("next_try_at", sa.DateTime(), nullable=True))
    for column, source in (
        ('"set"', '"set"'), ("agreement_id", "agreement_id"), ("partnership_id", "partnership_id"),
        ("scope", _SCOPE), ("number", "CAST(interchange_control AS INTEGER)"), ("order_number", _ORDER),
    ):
        op.execute(_OF_PARCEL.format(column=column, source=source))
    op.create_index("parcels_of_order", "parcels", ["partnership_id", "order_number", "state"], unique=False)
    op.create_index("parcels_of_scope", "parcels", ["scope", "state"], unique=False)
