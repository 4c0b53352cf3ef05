"""Interchanges that had their verdict, and with it their TA1; documents by interchange, entries by document."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was received before had no answer to its interchange; what is held among it may get one when it goes on."""
    op.create_table(
        "interchanges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt_id", sa.Integer(), nullable=False),
        sa.Column("interchange_ordinal", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("acknowledgment_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["acknowledgment_id"], ["documents.id"]),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipts.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("receipt_id", "interchange_ordinal"),
    )
    op.create_index("documents_by_interchange", "documents", ["receiver", "interchange_control"], unique=False)
    op.create_index("entries_by_document", "entries", ["document_id"], unique=False)
