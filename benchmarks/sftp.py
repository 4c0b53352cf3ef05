"""Files from a real sshd: ours beside OpenSSH's own `sftp -b`, in one run.

    python -m benchmarks.sftp [--files N] [--runs R] [--far N] [--milliseconds M]

Prints the rows of docs/benchmarks.md. Times are wall time, because most of it is waiting; each of ours is taken in a
house that runs already, `sftp` is a process that logs in, as it always is.
"""

import argparse
import gc
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from benchmarks import inputs
from benchmarks.channel import channel
from benchmarks.link import Link
from edi_gateway import wiring
from edi_gateway.cli import OBJECTS_BETWEEN_SWEEPS
from edi_gateway.flows import admitting, collecting, partners, working
from edi_gateway.flows.house import House
from edi_gateway.ports import Sighting
from tests.transports.disk import give, open_ground
from tests.transports.ssh_daemon import SshDaemon

PROGRAM = shutil.which("sftp")
PARTNER = "acme"
FETCH, REMOVE = "get *", "rm *"
FIRST = 1
"""The number of the order by which a house has read its rows and maps; those that are measured come behind it."""


@dataclass(frozen=True)
class Server:
    """A server with a mailbox of ours, as it is reached from here."""

    daemon: SshDaemon
    mailbox: Path
    port: int

    def fill(self, files: Sequence[bytes]) -> None:
        """Lays the files out for us, and nothing else."""
        folder = self.mailbox / "out"
        for path in folder.iterdir():
            path.unlink()
        for at, content in enumerate(files):
            path = folder / f"order-{at:06}.edi"
            path.write_bytes(content)
            give(path)

    def left(self) -> int:
        """How many files lie there still."""
        return sum(1 for _ in (self.mailbox / "out").iterdir())


def sftp(server: Server, count: int, *steps: str) -> float:
    """Seconds that `sftp -b` takes for these steps in the mailbox."""
    with tempfile.TemporaryDirectory() as folder:
        batch, known = Path(folder) / "batch", Path(folder) / "known"
        target = Path(folder) / "files"
        target.mkdir()
        batch.write_text("\n".join((f"cd {server.mailbox}/out", f"lcd {target}", *steps, "")))
        known.write_text(f"[{server.daemon.host}]:{server.port} {server.daemon.host_key}\n")
        options = (f"UserKnownHostsFile={known}", "StrictHostKeyChecking=yes", "IdentitiesOnly=yes")
        began = time.perf_counter()
        subprocess.run(
            [PROGRAM or "sftp", "-q", "-F", "none", *(part for option in options for part in ("-o", option)),
             "-i", str(server.daemon.key_file), "-P", str(server.port), "-b", str(batch),
             f"{server.daemon.user}@{server.daemon.host}"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )
        took = time.perf_counter() - began
        assert sum(1 for _ in target.iterdir()) == count, "sftp has not fetched them all"
    return took


def collected(house: House, server: Server, count: int) -> float:
    """Seconds of one round that fetches the files, makes each durable and known, and removes it from the mailbox."""
    began = time.perf_counter()
    new = collecting.collect(house, PARTNER)
    took = time.perf_counter() - began
    assert (new, server.left()) == (count, 0), f"{new} of {count} files collected, {server.left()} left"
    return took


def processed(house: House, server: Server, count: int) -> float:
    """Seconds until all of them are orders on the books, each with its 997 queued."""
    began = time.perf_counter()
    collecting.collect(house, PARTNER)
    while working.work(house):
        pass
    took = time.perf_counter() - began
    with house.store.view() as connection:
        told = [connection.exec_driver_sql(f"SELECT count(*) FROM {question}").scalar_one() for question in (
            "orders", "parcels WHERE state = 'queued' AND \"set\" = '997'", "issues WHERE kind <> 'trade.answer-due'",
        )]
    assert (told, server.left()) == ([count + 1, count + 1, 0], 0), f"orders, 997s, issues: {told}"
    return took


@contextmanager
def servers(milliseconds: float) -> Iterator[tuple[Server, Server]]:
    """A server on the loopback, and the same one over a link whose answers take so long."""
    with open_ground() as keys, SshDaemon(keys) as daemon, open_ground() as mailbox:
        for name in ("in", "out"):
            (mailbox / name).mkdir()
            give(mailbox / name)
        with Link(daemon.host, daemon.port, milliseconds / 1000) as link:
            yield Server(daemon, mailbox, daemon.port), Server(daemon, mailbox, link.port)


@contextmanager
def house_at(server: Server, window: float = 0.0) -> Iterator[House]:
    """A new house that trades with the partner behind the server; its orders wait for a person's answer."""
    with tempfile.TemporaryDirectory(prefix="edi-gateway-") as folder:
        text = channel(PARTNER, server.daemon, server.mailbox, f"stable_seconds = {window:g}", port=server.port)
        (Path(folder) / "gateway.toml").write_text(text)
        with wiring.open_house(Path(folder)) as house:
            partners.add(
                house, PARTNER, ours="ZZ:SELLER", theirs="ZZ:BUYER", channel=PARTNER,
                partnership_name="acme-books", reference="4711", currency="USD", answer="manual",
            )
            yield house


def orders(count: int, first: int = FIRST + 1) -> list[bytes]:
    """So many files of one order each, with numbers of their own."""
    return [
        content.replace(b"*U*00401*000000001*", b"*U*00401*%09d*" % number)
        .replace(b"IEA*1*000000001~", b"IEA*1*%09d~" % number)
        .replace(b"*0930*1*X*", b"*0930*%d*X*" % number).replace(b"GE*1*1~", b"GE*1*%d~" % number)
        .replace(b"*PO%08d*" % (number - first), b"*PO%08d*" % number)
        for number, content in enumerate(inputs.small_files(count, seed=first), first)
    ]


def timed(server: Server, count: int, runs: int, steps: Mapping[str, Callable[[], float]]) -> Mapping[str, float]:
    """The median of each step, taken in turns; one run before them warms up. With no runs, each step once."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for run in range(runs + 1):
        for name, step in steps.items():
            server.fill(orders(count))
            took = step()
            if run or not runs:
                times[name].append(took)
    return {name: median(taken) for name, taken in times.items()}


def ours(step: Callable[[House, Server, int], float], server: Server, count: int) -> Callable[[], float]:
    """A step of ours in a house whose books are new, and which has read its rows and maps for an order before."""
    def taken() -> float:
        with house_at(server) as house:
            first = orders(1, FIRST)[0]
            admitting.receive(house, PARTNER, Sighting("first.edi", len(first), None), first)
            working.work(house)
            return step(house, server, count)
    return taken


def near(server: Server, count: int, runs: int) -> Mapping[str, float]:
    """Seconds on the loopback, without a window in which a file must stay as it is."""
    return timed(server, count, runs, {
        "fetch": lambda: sftp(server, count, FETCH),
        "fetch and remove": lambda: sftp(server, count, FETCH, REMOVE),
        "collect": ours(collected, server, count),
        "collect and process": ours(processed, server, count),
    })


def far(server: Server, count: int, runs: int) -> Mapping[str, float]:
    """Seconds over the link."""
    return timed(server, count, runs, {
        "fetch and remove": lambda: sftp(server, count, FETCH, REMOVE), "collect": ours(collected, server, count),
    })


def rows(files: int = 1000, runs: int = 5, distant: int = 1000, milliseconds: float = 50) -> Iterator[str]:
    """One line for each comparison; where there is no sshd, one that says so."""
    if PROGRAM is None:
        yield "| OpenSSH's sftp is not installed here | | | not measured |"
        return
    try:
        with servers(milliseconds) as (server, slow):
            here = near(server, files, runs)
            there = far(slow, distant, 0) if distant else {}
    except pytest.skip.Exception as why:
        yield f"| {why} | | | not measured |"
        return
    yield _row(f"{files:,} files collected", here["collect"], here["fetch and remove"])
    if there:
        link = f"{distant:,} files collected over a link of {milliseconds:g} ms, once"
        yield _row(link, there["collect"], there["fetch and remove"])
    yield _row(f"{files:,} files collected and processed", here["collect and process"], here["fetch"])


def _row(what: str, own: float, sftp: float) -> str:
    ratio = f"{sftp / own:.1f} times as fast" if own < sftp else f"{own / sftp:.1f} times as long"
    return f"| {what} | {own:.2f} s | {sftp:.2f} s | {ratio} |"


def main() -> None:
    """Prints the rows."""
    gc.set_threshold(OBJECTS_BETWEEN_SWEEPS)
    options = argparse.ArgumentParser(prog="sftp", description=__doc__.partition("\n")[0])
    options.add_argument("--files", type=int, default=1000)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--far", type=int, default=1000, help="files over the link, once; 0 for none")
    options.add_argument("--milliseconds", type=float, default=50, help="that a question and its answer take")
    asked = options.parse_args()
    print("\n".join(rows(asked.files, asked.runs, asked.far, asked.milliseconds)))


if __name__ == "__main__":
    main()
