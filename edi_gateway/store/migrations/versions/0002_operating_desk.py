"""The operating desk: channels that a person has paused, and files that were marked as seen."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A file that is only marked as seen has no bytes with us, and so no receipt."""
    op.create_table(
        "channels",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("paused_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    with op.batch_alter_table("arrivals") as arrivals:
        arrivals.alter_column("receipt_id", existing_type=sa.Integer(), nullable=True)
        arrivals.create_index("arrivals_by_channel", ["channel", "verdict"], unique=False)
