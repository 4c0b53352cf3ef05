"""Brings a database to the form this program wants."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from edi_gateway.issues import internal


def up_to_date(connection: Connection) -> bool:
    """Whether no step is missing; a reader can ask, and so need not wait for whoever writes."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def migrate(connection: Connection) -> None:
    """Takes every step that is missing, in the caller's transaction.

    Raises `GatewayError` (`internal.database-newer`) for a database made by a newer program.
    """
    if up_to_date(connection):
        return
    config = _config()
    config.attributes["connection"] = connection
    steps = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {step.revision for step in steps.walk_revisions()}:
        raise internal.DATABASE_NEWER.error(f"the database is at step {current}, which this program does not know")
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
