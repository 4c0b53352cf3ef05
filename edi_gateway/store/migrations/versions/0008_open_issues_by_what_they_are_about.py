"""The open issues are found by what they are about: it is asked several times for every file."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    """Nothing but the index."""
    op.create_index("issues_open_about", "issues", ["about"], sqlite_where=_OPEN, postgresql_where=_OPEN)
