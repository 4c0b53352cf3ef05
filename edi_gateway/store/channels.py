"""Which channels a person has paused."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from edi_gateway.store.tables import channels


class Channels:
    """One row for each channel that was ever paused."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def pause(self, name: str, now: datetime) -> None:
        """Nothing is collected there nor delivered, until it is resumed; one that is paused stays so since then."""
        if not self.paused(name):
            self._set(name, now)

    def resume(self, name: str) -> None:
        """It is visited again."""
        self._set(name, None)

    def paused(self, name: str) -> bool:
        """Whether a person has paused it."""
        found = select(channels.c.paused_at).where(channels.c.name == name)
        return self._connection.scalar(found) is not None

    def _set(self, name: str, paused_at: datetime | None) -> None:
        changed = update(channels).where(channels.c.name == name).values(paused_at=paused_at)
        if self._connection.execute(changed).rowcount == 0:
            self._connection.execute(insert(channels).values(name=name, paused_at=paused_at))
