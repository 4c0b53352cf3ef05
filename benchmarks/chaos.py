"""The gateway is killed again and again while two partners exchange files with it, and then the receivers judge.

    python -m benchmarks.chaos [--kills N] [--files M] [--seed S] [--keep FOLDER]

A real sshd stands between them. The exit code is 1, and each fault is named with its place, if anything was lost,
doubled, sent under two number sets, taken out of order or left lying about; 2 if there is no sshd.
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from benchmarks.channel import channel
from benchmarks.chaos_judge import Copy, Sent, faults
from benchmarks.chaos_papers import acknowledgment, order, refers_to
from edi_gateway import wiring
from edi_gateway.flows import partners, prices
from tests.transports.disk import give, open_ground
from tests.transports.ssh_daemon import SshDaemon

RHYTHM = ("every_seconds = 0.4", "stable_seconds = 0.05", "timeout_seconds = 10")
PARTNERS = {"acme": ("claim = true",), "brook": ("claim = false", 'after = "move"')}
"""Two ways of taking files: claimed and deleted, and moved away as they are."""
PRICES = [{"product_kind": "upc", "product_id": "700000000001", "price": "4.5", "currency": "USD"}]

UP = b'"event": "running"'
IDLE = (UP, b'"duplicate"', b'"stopping"')
BEAT_SECONDS = 0.01
UP_SECONDS_MAX = 60.0
STILL_SECONDS_MAX = 150.0
"""How long nothing at all may happen while something is missing."""
FAULTS_TOLD = 40
QUIET_SECONDS = 3.0
"""How long nothing more may come once everything is there."""
LINES_A_FILE = 16
"""Up to so many lines of work for each file of a life's share lie between two kills: the work itself takes five."""
LATER_SECONDS = (0.02, 0.5)
"""So much later, at the most, it is killed: close to the line, or somewhere between two."""
IDLE_SECONDS_MAX = 4.0
BACKLOG_MAX = 60
AGAIN_EACH = 25
"""Each so many-eth order comes once more under another name."""
BORN_KILLED = 0.1
"""How often it is killed before it has come up."""
AWAY = 0.3
"""How often a partner does not collect during a life, so that what was delivered still stands there afterwards."""


@dataclass
class Partner:
    """One partner at their own disk, behind their server: drops files for us, and takes what we deliver at once."""

    name: str
    folder: Path
    dice: Random
    waiting: list[Sent] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    received: list[Copy] = field(default_factory=list)
    away: bool = False
    number: int = 0
    _answered: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for place in (self.folder, self.folder / "in", self.folder / "out", self.folder / "out/archive"):
            place.mkdir()
            give(place)

    def write_orders(self, count: int) -> None:
        """So many orders wait to be dropped, and some of them once more."""
        for at in range(count):
            paper = self._paper(*order(self.name, self._next(), self.dice))
            self.waiting.append(paper)
            if at % AGAIN_EACH == AGAIN_EACH - 1:
                again = Sent(self._file_name(), paper.content, paper.group, paper.order, again=True)
                self.waiting.insert(self.dice.randint(max(0, len(self.waiting) - 9), len(self.waiting)), again)

    def drop(self) -> bool:
        """Puts the next file out for us, under a hidden name first; says whether there was one."""
        if not self.waiting:
            return False
        paper = self.waiting.pop(0)
        hidden = self.folder / "out" / f".{paper.name}.part"
        hidden.write_bytes(paper.content)
        give(hidden)
        hidden.rename(hidden.with_name(paper.name))
        self.sent.append(paper)
        return True

    def take(self) -> bool:
        """Takes what was delivered, and answers each order response once; says whether there was anything."""
        there = () if self.away else sorted((self.folder / "in").iterdir())
        whole = [path for path in there if not path.name.startswith(".")]
        for path in whole:
            content = path.read_bytes()
            path.unlink()
            self.received.append(Copy(path.name, content))
            response = refers_to(content).order
            if response and response not in self._answered:
                self._answered.add(response)
                paper = self._paper(*acknowledgment(self.name, self._next(), content, self.dice))
                # Soon, among the orders: every life is to have both.
                self.waiting.insert(self.dice.randint(0, min(8, len(self.waiting))), paper)
        return bool(whole)

    @property
    def open_orders(self) -> int:
        """How many orders have had no response yet."""
        return len({paper.order for paper in self.sent if paper.order}) - len(self._answered)

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _paper(self, content: bytes, group: str, number: str) -> Sent:
        return Sent(self._file_name(), content, group, number)

    def _file_name(self) -> str:
        """In no order: the names say nothing of which was written first."""
        return f"{self.dice.getrandbits(48):012x}.edi"


@dataclass
class Gateway:
    """The gateway as a process of its own, as `edi-gateway run` makes it.

    It is forked from this one, which has imported everything: most of a short life would be spent on that.
    """

    directory: Path
    log: Path
    process: multiprocessing.context.ForkProcess | None = None
    _from: int = 0

    def start(self) -> None:
        """Begins a life."""
        self.log.touch()
        self._from = self.log.stat().st_size
        self.process = multiprocessing.get_context("fork").Process(target=_live, args=(self.directory, self.log))
        self.process.start()

    def lines(self) -> list[bytes]:
        """What it has said in this life."""
        with self.log.open("rb") as log:
            log.seek(self._from)
            return log.read().splitlines()

    def kill(self) -> None:
        """Ends it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.join()

    def stop(self) -> int | None:
        """Asks it to end and says how it did."""
        assert self.process is not None
        self.process.terminate()
        self.process.join(30)
        return self.process.exitcode


def _live(directory: Path, log: Path) -> None:
    with log.open("ab") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    wiring.run(directory)


@dataclass
class Run:
    """One run: who takes part, and how it goes."""

    gateway: Gateway
    partners: list[Partner]
    dice: Random

    def beat(self, *, drop: float = 0.0) -> bool:
        """One moment of the partners' lives; says whether something happened."""
        happened = [partner.take() for partner in self.partners]
        happened += [partner.drop() for partner in self.partners if self.dice.random() < drop]
        time.sleep(BEAT_SECONDS)
        return any(happened)

    def life(self, share: float, most: float) -> None:
        """Starts the gateway, lets the partners drop files while it works, `most` in all lives, and kills it somewhere.

        `share` is how many of them fall to a life.
        """
        for partner in self.partners:
            partner.away = self.dice.random() < AWAY
        self.gateway.start()
        if self.dice.random() < BORN_KILLED:
            self._linger(self.dice.uniform(0, 1), most)
        else:
            self._until_up()
            self._until_lines(self.dice.randint(1, round(LINES_A_FILE * share) + 1), most)
            self._linger(self.dice.uniform(0, self.dice.choice(LATER_SECONDS)), most)
        self.gateway.kill()

    def finish(self) -> str:
        """Lets it go on undisturbed until nothing happens any more. Returns what went wrong, if anything."""
        for partner in self.partners:
            partner.away = False
        self.gateway.start()
        self._until_up()
        last, said = time.monotonic(), 0
        while (still := time.monotonic() - last) < QUIET_SECONDS or self.waits() or self._lying():
            if still > STILL_SECONDS_MAX:
                return f"nothing happens any more, and files still lie in the mailboxes: {self.gateway.log}"
            lines = len(self.gateway.lines())
            if self.beat(drop=0.5) or lines != said:
                last, said = time.monotonic(), lines
        status = self.gateway.stop()
        return "" if status == 0 else f"the last gateway ended with status {status}: {self.gateway.log}"

    def waits(self) -> bool:
        """Whether a partner has more to drop."""
        return any(partner.waiting for partner in self.partners)

    def _lying(self) -> bool:
        return any(
            entry.is_file() for partner in self.partners for part in ("in", "out")
            for entry in os.scandir(partner.folder / part)
        )

    def _until_up(self) -> None:
        until = time.monotonic() + UP_SECONDS_MAX
        while not any(UP in line for line in self.gateway.lines()) and time.monotonic() < until:
            self.beat()

    def _linger(self, seconds: float, most: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.beat(drop=self._drops(most))

    def _until_lines(self, count: int, most: float) -> None:
        """Until so much was done; no longer than there is anything to do."""
        last, said = time.monotonic(), 0
        while said < count and time.monotonic() - last < IDLE_SECONDS_MAX:
            now = sum(not any(mark in line for mark in IDLE) for line in self.gateway.lines())
            if self.beat(drop=self._drops(most)) or now != said:
                last, said = time.monotonic(), now

    def _drops(self, most: float) -> float:
        """How likely a partner drops a file now: none while many are unanswered, or some lives had only old ones."""
        open_orders = sum(partner.open_orders for partner in self.partners)
        enough = open_orders > BACKLOG_MAX or sum(len(partner.sent) for partner in self.partners) >= most
        return 0.0 if enough else 0.3


@contextmanager
def _house(ground: Path, mailboxes: Path, daemon: SshDaemon, files: int, seed: int) -> Iterator[Run]:
    """A new house with two partners behind the server, who have so many files for us between them."""
    directory = ground / "house"
    directory.mkdir()
    text = '[gateway]\nlog_format = "json"\n'
    for name, habits in PARTNERS.items():
        text += channel(name, daemon, mailboxes / name, *RHYTHM, *habits)
    (directory / "gateway.toml").write_text(text, encoding="utf-8")
    with wiring.open_house(directory) as house:
        prices.load(house, "list", PRICES)
        for name in PARTNERS:
            partners.add(
                house, name, ours="ZZ:SELLER", theirs=f"ZZ:{name.upper()}", channel=name,
                partnership_name=f"{name}-books", price_list="list", currency="USD", answer="auto",
            )
    people = [Partner(name, mailboxes / name, Random(f"{seed} {name}")) for name in PARTNERS]
    for partner in people:
        # Every order brings a file of ours that the partner acknowledges in one more of theirs.
        partner.write_orders(max(1, files // 2 // len(people)))
    run = Run(Gateway(directory, ground / "gateway.log"), people, Random(seed))
    try:
        yield run
    finally:
        if run.gateway.process is not None and run.gateway.process.is_alive():
            run.gateway.kill()


def main() -> int:
    """Runs, judges, says it in one line."""
    options = argparse.ArgumentParser(prog="chaos", description=__doc__.partition("\n")[0])
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--files", type=int, default=2000, help="that the partners send; as many go back")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--keep", type=Path, help="a new folder for the house and its log; else they are removed")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="edi-gateway-chaos-") as passing:
        ground = asked.keep or Path(passing)
        ground.mkdir(parents=True, exist_ok=True)
        try:
            return _play(ground, asked.kills, asked.files, asked.seed)
        except pytest.skip.Exception as why:
            print(f"chaos: not run: {why}", file=sys.stderr)
            return 2


def _play(ground: Path, kills: int, files: int, seed: int) -> int:
    began = time.monotonic()
    with (
        open_ground() as keys, SshDaemon(keys) as daemon, open_ground() as mailboxes,
        _house(ground, mailboxes, daemon, files, seed) as run,
    ):
        for at in range(kills):
            if sys.stderr.isatty():
                print(f"\rlife {at + 1} of {kills}", end="", file=sys.stderr)
            run.life(files / kills, (at + 1) * files / kills)
        stuck = run.finish()
        sides = {each.name: (each.folder, each.sent, each.received) for each in run.partners}
        found, told = faults(ground / "house", sides)
    wrong = [*([stuck] if stuck else []), *found]
    for fault in wrong[:FAULTS_TOLD]:
        print(f"wrong: {fault}")
    if len(wrong) > FAULTS_TOLD:
        print(f"wrong: and {len(wrong) - FAULTS_TOLD} more")
    verdict = f"{len(wrong)} faults, seed {seed}" if wrong else "nothing lost, doubled, out of order or left behind"
    print(f"chaos: {kills} kills in {time.monotonic() - began:.0f} s, {told}: {verdict}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
