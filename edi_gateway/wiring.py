"""Settings to a running house: the only place that names an adapter."""

import fcntl
import hashlib
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from edi_gateway import discover, settings
from edi_gateway.flows import renewal, rounds
from edi_gateway.flows.guides import Guides
from edi_gateway.flows.house import BOOKS, House
from edi_gateway.flows.turns import Turns
from edi_gateway.issues import GatewayError, internal
from edi_gateway.logs import configure, log
from edi_gateway.ports import Store, Transport
from edi_gateway.queues import local
from edi_gateway.store import marks, stamps
from edi_gateway.store.archive import FileArchive
from edi_gateway.store.locks import FileLocks
from edi_gateway.store.migrate import migrate, up_to_date
from edi_gateway.store.shelf import TOP_FOLDERS, DataShelf
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


def let_go(directory: Path, house: House, since: str | None = None) -> str:
    """Lets go on what waits for a change of the gateway's files, where they have changed since a round last asked.

    Returns what the files look like, by which it can be asked later whether they have changed `since`.
    """
    now = _stamp(directory)
    if now != (since or stamps.known(directory)):
        renewal.let_go(house)
        stamps.remember(directory, now)
    return now


def run(directory: Path) -> None:
    """Runs the gateway of a folder until SIGINT or SIGTERM; what is in hand is finished first.

    Raises `GatewayError`: `internal.already-running`, and what `open_house` raises.
    """
    stamp = _stamp(directory)
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
        let_go(directory, house)
        # What was told of the files may be mended since, while nothing ran: they are looked at anew.
        following = Following(wanted, house, "" if renewal.told(house) else stamp)
        log.info("running", folder=str(directory), channels=", ".join(following.rhythms) or "none")
        patience = wanted.gateway.stop_seconds_max
        if not local.run(following.visit, following.tend, following.renewed, asked, patience):
            log.warning("cut short", note=f"something took longer than {patience:g} seconds; the next start goes on")
            # Its thread still works: the lock must not be given back before it has ended with the process.
            os._exit(1)
        following.end()
        log.info("stopped", note="nothing was left half done")


class Following:
    """A gateway that goes by its files as they are now: gateway.toml, and the data laid over ours.

    `stamp` is what the files looked like before they were read. A round goes to its end at the mailbox with what it
    began with; through the books, only with what holds then. While a file cannot be used, everything stays as it was
    before it was changed, and an issue says what is wrong with it.
    """

    def __init__(self, wanted: settings.Settings, house: House, stamp: str) -> None:
        self._directory = wanted.directory
        self._stamp = stamp
        self._take(wanted, house)
        self._begun = self._turns

    def visit(self, channel: str) -> None:
        """One round at a mailbox; one that was planned before the channel was switched off is left out."""
        # The turns first: a change that is taken meanwhile brings its rhythms before its turns.
        turns = self._turns
        if channel in self.rhythms:
            turns.visit(channel)

    def tend(self) -> None:
        """One round at the books; the first after a change lets go on what waited for it."""
        house, turns = self._house, self._turns
        if turns is not self._begun:
            # No round that goes by the former files may come after this, or what it holds would wait for ever.
            with house.locks.hold(BOOKS):
                renewal.let_go(house)
            stamps.remember(self._directory, self._stamp)
            self._begun = turns
        turns.tend()

    def end(self) -> None:
        """Lets go on what the last rounds may have held by files that were changed since they were looked at."""
        let_go(self._directory, self._house, self._stamp)

    def renewed(self) -> Mapping[str, local.Rhythm]:
        """The rhythms that hold now; looks first whether a file has changed.

        Raises `internal.database-unusable`: then the next call looks again.
        """
        stamp = _stamp(self._directory)
        if stamp != self._stamp:
            self._renew()
            # A change that could be neither taken nor refused is looked at again.
            self._stamp = stamp
        return self.rhythms

    def _renew(self) -> None:
        try:
            wanted = settings.load(self._directory)
            house = replace(self._house, **_movable(wanted, self._house.store))
            _try_out(wanted, house)
        except GatewayError as error:
            if error.kind in internal.OF_THE_HOUSE:
                raise
            renewal.refused(self._house, error)
            return
        except Exception as error:  # noqa: BLE001 - what nobody foresaw in a file must not end a gateway that runs
            renewal.refused(self._house, rounds.bug(error, None))
            return
        configure(wanted.gateway.log_format, wanted.gateway.log_level)
        renewal.taken(house)
        self._turns.end()
        self._take(wanted, house)

    def _take(self, wanted: settings.Settings, house: House) -> None:
        channels = {name: channel for name, channel in wanted.channels.items() if channel.enabled}
        self.rhythms: Mapping[str, local.Rhythm] = {
            name: local.Rhythm(each.every_seconds, each.cron, each.zone, each.jitter_seconds)
            for name, each in channels.items()
        }
        self._house = house
        self._turns = Turns(house, channels)


@contextmanager
def _furnished(wanted: settings.Settings) -> Iterator[House]:
    store = SqlStore(f"sqlite:///{wanted.database}")
    try:
        with store.view() as connection:
            current = up_to_date(connection)
        if not current:
            with store.unit() as unit:
                migrate(unit.connection)
        yield House(
            store=store, archive=FileArchive(wanted.archive), clock=SystemClock(), locks=FileLocks(wanted.locks),
            **_movable(wanted, store),
        )
    finally:
        store.close()


def _movable(wanted: settings.Settings, store: Store) -> dict[str, Any]:
    """What of a house follows its files."""
    return {
        "guides": Guides(DataShelf(wanted.directory)),
        "channels": {name: partial(_open, wanted, name, store) for name in wanted.channels},
        "gs1_prefix": wanted.gateway.gs1_prefix or None,
        "strangers_days": wanted.retention.strangers_days or None,
        "blackouts": {name: channel.rests for name, channel in wanted.channels.items() if channel.blackout},
    }


def _try_out(wanted: settings.Settings, house: House) -> None:
    """Raises `GatewayError` for a channel or a partner file in use that cannot be used."""
    for name, channel in wanted.channels.items():
        settings.options(wanted, name, discover.member("edi_gateway.transports", channel.transport).Options)
    with house.store.reading() as unit:
        partners = unit.agreements.partners()
    for partner in partners:
        house.guides.check(partner)


def _stamp(directory: Path) -> str:
    """Changes with any file that a gateway goes by."""
    return stamps.stamp(directory, (settings.FILE, *settings.secret_files(directory), *TOP_FOLDERS))


def _mark(store: Store) -> str:
    """The mark of the house; only the first call of all writes."""
    assert isinstance(store, SqlStore)
    with store.view() as connection:
        known = marks.known_mark(connection)
    if known is not None:
        return known
    with store.unit() as unit:
        return marks.mark(unit.connection)


def _open(wanted: settings.Settings, channel: str, store: Store) -> Transport:
    module = discover.member("edi_gateway.transports", wanted.channels[channel].transport)
    options = settings.options(wanted, channel, module.Options)
    if "mark" in type(options).model_fields and "mark" not in wanted.channels[channel].options:
        # Two channels may share a folder, each with names of its own: what one of them claims is not the other's.
        of_channel = hashlib.sha256(channel.encode()).hexdigest()[:4]
        options = options.model_copy(update={"mark": _mark(store) + of_channel})
    transport: Transport = module.open(channel, options)
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
