"""The fuzz target: guided by coverage, it changes files until a law does not hold (atheris is needed)."""

import hashlib
import os
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import atheris

from tests.fuzz.laws import Laws
from tests.fuzz.mutator import Mutator
from tests.fuzz.shrink import Sign, shrink, sign, sign_of

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures" / "x12"

SIZE_MAX = 40_000
"""More than two of the blocks that the codec reads."""

SEED_MAX = 6_000
INPUT_SECONDS = 60
"""An input that takes longer is taken for one that never ends."""

SHRINK_SECONDS = 10


def seeds() -> Iterator[bytes]:
    """The fixtures, and the samples where they are there."""
    for folder in (FIXTURES, (ROOT / os.environ.get("EDI_SAMPLES", "../shared/samples")).resolve()):
        for file in sorted(folder.rglob("*.edi")):
            if file.stat().st_size <= SEED_MAX:
                yield file.read_bytes()


class Target:
    """One input after the other until the time is over; what breaks is written down once for each sign.

    The time begins with the first change: the corpus is read before.
    """

    def __init__(self, mutator: Mutator, found: Path, seconds: int) -> None:
        self._laws = Laws(FIXTURES)
        self._mutator = mutator
        self._found = found
        self._seconds = seconds
        self._until: float | None = None
        self._tried = 0
        self._known: set[Sign] = set()

    def __call__(self, content: bytes) -> None:
        """Tries an input. Raises nothing, for the fuzzer would stop there; ends the process when the time is over."""
        self._tried += 1
        try:
            self._laws.hold(content, all_of_them=False)
        except Exception as error:  # noqa: BLE001 - whatever comes out is what is looked for
            broken = sign_of(error)
            if broken not in self._known:
                self._known.add(broken)
                self._write(content, broken)
        if self._until is not None and time.monotonic() > self._until:
            self._end()

    def mutate(self, content: bytes, size_max: int, seed: int) -> bytes:
        """The next input, made out of another."""
        if self._until is None:
            self._until = time.monotonic() + self._seconds
        return self._mutator.mutate(content, size_max, seed)

    def _write(self, content: bytes, broken: Sign) -> None:
        small = shrink(content, lambda less: sign(self._laws.hold, less) == broken, SHRINK_SECONDS)
        file = self._found / f"{hashlib.sha256(repr(broken).encode()).hexdigest()[:12]}.edi"
        file.write_bytes(small)
        try:
            self._laws.hold(small)
        except Exception:  # noqa: BLE001 - the same again, for its story
            file.with_suffix(".txt").write_text(traceback.format_exc(), encoding="utf-8")
        sys.stderr.write(f"broken: {' '.join(broken)} ({len(small)} bytes): {file}\n")

    def _end(self) -> None:
        sys.stderr.write(f"{self._tried} inputs in {self._seconds} seconds, {len(self._known)} faults\n")
        sys.stderr.flush()
        os._exit(1 if self._known else 0)


def fuzz(seconds: int, seed: int, corpus: Path, found: Path) -> None:
    """Fuzzes for so long. Does not come back."""
    contents = list(seeds())
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    for content in contents:
        (corpus / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)
    options = [f"-max_len={SIZE_MAX}", f"-timeout={INPUT_SECONDS}", f"-artifact_prefix={found}{os.sep}"]
    options += ["-rss_limit_mb=4096", "-print_final_stats=0", *([f"-seed={seed}"] if seed else [])]
    mutator = Mutator(contents)
    target = Target(mutator, found, seconds)
    atheris.Setup(
        ["fuzz", *options, str(corpus)], target, custom_mutator=target.mutate, custom_crossover=mutator.cross,
    )
    atheris.Fuzz()
