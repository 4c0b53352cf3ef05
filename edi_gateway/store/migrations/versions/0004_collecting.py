"""What waits in a mailbox, which arrivals are claimed, runs of a file once more, and the mark of this house."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What has come stays; the digest of a receipt was its key, and is a column of its own beside the key now."""
    op.create_table(
        "waiting_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("modified", sa.DateTime(), nullable=True),
        sa.Column("claimed", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("waiting_files_of_channel", "waiting_files", ["channel"], unique=False)
    op.create_table(
        "marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("arrivals", sa.Column("claimed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("arrivals_unsettled", "arrivals", ["channel", "settled_at"], unique=False)
    op.execute("ALTER TABLE receipts RENAME COLUMN digest TO key")
    op.add_column("receipts", sa.Column("digest", sa.Text(), nullable=False, server_default=""))
    op.execute("ALTER TABLE receipts ADD COLUMN again_of INTEGER REFERENCES receipts (id)")
    op.execute("UPDATE receipts SET digest = key")
    op.create_index("receipts_by_digest", "receipts", ["digest"], unique=False)
