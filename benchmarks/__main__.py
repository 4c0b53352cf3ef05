"""Measures everything side by side in one run, and prints docs/benchmarks.md: `make bench`."""

import argparse
import contextlib
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks import inputs
from benchmarks.codec import steps, timed
from benchmarks.peers import pyx12

ROOT = Path(__file__).resolve().parent.parent
PAGE = Path(__file__).with_name("page.md")
_LAUNCHER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def main() -> None:
    """Prints the page."""
    options = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    options.add_argument("--megabytes", type=float, default=10, help="of each file read in process")
    options.add_argument("--feeds", type=float, default=100, help="megabytes read by a process of its own")
    options.add_argument("--runs", type=int, default=5)
    asked = options.parse_args()
    print(PAGE.read_text(encoding="utf-8").format(
        machine=_machine(), megabytes=f"{asked.megabytes:g}", runs=asked.runs,
        codec="\n".join(_codec(asked.megabytes, asked.runs)), memory="\n".join(_memory(asked.feeds)),
        start="\n".join(_start(asked.runs)), peers="\n".join(_peers(asked.runs)),
    ), end="")


def _machine() -> str:
    names = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    packages = ", ".join(f"{name} {version(name)}" for name in ("pydantic", "pyx12"))
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


def _memory(megabytes: float) -> Iterator[str]:
    files: tuple[tuple[str, Callable[[], Iterable[bytes]]], ...] = (
        ("850s", lambda: [inputs.orders(megabytes)]), ("846s of 10,000 items", lambda: inputs.feeds(megabytes)),
    )
    for name, chunks in files:
        with tempfile.NamedTemporaryFile(suffix=".edi") as file:
            for chunk in chunks():
                file.write(chunk)
            file.flush()
            _, peak = finished("-m", "edi_gateway", "validate", file.name)
            yield f"| {Path(file.name).stat().st_size / 1e6:.0f} MB of {name} | {peak:.0f} MB |"


def _start(runs: int) -> Iterator[str]:
    with tempfile.NamedTemporaryFile(suffix=".edi") as file:
        file.write(inputs.small_files(1)[0])
        file.flush()
        bare, whole = [], []
        for _ in range(runs):
            bare.append(finished("-c", "import pydantic")[0])
            whole.append(finished("-m", "edi_gateway", "validate", file.name)[0])
    ratio = median(whole) / median(bare)
    yield f"| `python -c \"import pydantic\"` | {median(bare) * 1e3:.0f} ms | 1.0 |"
    yield f"| `edi-gateway validate small.edi` | {median(whole) * 1e3:.0f} ms | {ratio:.1f} |"


def finished(*arguments: str) -> tuple[float, float]:
    """Processor seconds and peak megabytes of a Python process, as the system counts them when it has ended."""
    # A process begins with the peak of the one that started it, so a small one stands in between.
    asked = [sys.executable, "-c", _LAUNCHER, sys.executable, *arguments]
    seconds, peak = subprocess.run(asked, capture_output=True, check=True, cwd=ROOT).stdout.split()
    return float(seconds), float(peak) / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _peers(runs: int) -> Iterator[str]:
    """pyx12 with the map of the 850 that our rows are exported to."""
    content = inputs.orders(0.1)
    ours = steps([content], nouns=False)
    with tempfile.TemporaryDirectory() as folder:
        both = {"ours": ours["validate"], "pyx12": pyx12(content, Path(folder))}
        times = timed(both, runs)
    size = len(content) / 1e6
    for name, seconds in times.items():
        yield f"| {name} | {size / seconds:.2f} MB/s | {seconds / times['ours']:.0f} |"


if __name__ == "__main__":
    main()
