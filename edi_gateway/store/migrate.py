"""Brings a database to the form this program wants."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from edi_gateway.issues import internal


def migrate(connection: Connection) -> None:
    """Takes every step that is missing, in the caller's transaction.

    Raises `GatewayError` (`internal.database-newer`) for a database made by a newer program.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    steps = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current == steps.get_current_head():
        return
    if current is not None and current not in {step.revision for step in steps.walk_revisions()}:
        raise internal.DATABASE_NEWER.error(f"the database is at step {current}, which this program does not know")
    command.upgrade(config, "head")
