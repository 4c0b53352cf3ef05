"""Settings to a running house: the only place that names an adapter."""

import fcntl
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType

from edi_gateway import discover, settings
from edi_gateway.flows.guides import Guides
from edi_gateway.flows.house import House
from edi_gateway.flows.turns import Turns
from edi_gateway.issues import internal
from edi_gateway.logs import configure, log
from edi_gateway.ports import Transport
from edi_gateway.queues import local
from edi_gateway.store.archive import FileArchive
from edi_gateway.store.locks import FileLocks
from edi_gateway.store.migrate import migrate, up_to_date
from edi_gateway.store.shelf import DataShelf
from edi_gateway.store.sql import SqlStore


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The instant, in UTC."""
        return datetime.now(UTC)


@contextmanager
def open_house(directory: Path) -> Iterator[House]:
    """The house in a folder with a `gateway.toml`, its database brought up to date.

    Raises `GatewayError` of family `settings`, or `internal.database-newer`.
    """
    with _furnished(settings.load(directory)) as house:
        yield house


def run(directory: Path) -> None:
    """Runs the gateway of a folder until SIGINT or SIGTERM; what is in hand is finished first.

    Raises `GatewayError`: `internal.already-running`, and what `open_house` raises.
    """
    wanted = settings.load(directory)
    configure(wanted.gateway.log_format, wanted.gateway.log_level)
    with _only_one(directory), _furnished(wanted) as house:
        asked = threading.Event()

        def stop(number: int, _frame: FrameType | None) -> None:
            log.info("stopping", signal=signal.Signals(number).name, note="finishing what is in hand")
            house.stopping.set()
            asked.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        channels = {name: channel for name, channel in wanted.channels.items() if channel.enabled}
        rhythms = {name: local.Rhythm(channel.every_seconds, channel.cron) for name, channel in channels.items()}
        log.info("running", folder=str(directory), channels=", ".join(channels) or "none")
        turns = Turns(house, channels)
        patience = wanted.gateway.stop_seconds_max
        if not local.run(turns.visit, turns.tend, rhythms, asked, patience):
            log.warning("cut short", note=f"something took longer than {patience:g} seconds; the next start goes on")
            # Its thread still works: the lock must not be given back before it has ended with the process.
            os._exit(1)
        log.info("stopped", note="nothing was left half done")


@contextmanager
def _furnished(wanted: settings.Settings) -> Iterator[House]:
    store = SqlStore(f"sqlite:///{wanted.database}")
    try:
        with store.view() as connection:
            current = up_to_date(connection)
        if not current:
            with store.unit() as unit:
                migrate(unit.connection)
        channels = {name: partial(_open, wanted, name) for name in wanted.channels}
        shelf = DataShelf(wanted.directory)
        yield House(
            store, FileArchive(wanted.archive), Guides(shelf), SystemClock(), channels, FileLocks(wanted.locks),
            wanted.gateway.gs1_prefix or None,
        )
    finally:
        store.close()


def _open(wanted: settings.Settings, channel: str) -> Transport:
    module = discover.member("edi_gateway.transports", wanted.channels[channel].transport)
    transport: Transport = module.open(channel, settings.options(wanted, channel, module.Options))
    return transport


@contextmanager
def _only_one(directory: Path) -> Iterator[None]:
    """Holds the folder's lock while the gateway runs; the system frees it even after a kill."""
    with (directory / "gateway.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise internal.ALREADY_RUNNING.error(f"{directory} is in use") from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
