"""How much memory the process `edi-gateway validate` takes for large files, as the system counts it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks import inputs

ROOT = Path(__file__).resolve().parent.parent
HUGE = 800_000
"""The items of the largest set; the standard allows 10,000."""
WIDER = '[segments]\nLIN = { repeat = ">1", deviates = true, page = "p. 2" }\n'
_LAUNCHER = """
import resource, subprocess, sys
with open(sys.argv[1], "wb") as out:
    code = subprocess.run(sys.argv[2:], stdout=out).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def rows(megabytes: float, items: int = HUGE) -> Iterator[str]:
    """One line for each file: the peak in megabytes, and what the process said of it."""
    files: tuple[tuple[str, Callable[[], Iterable[bytes]], bool], ...] = (
        (f"{megabytes:g} MB of 850s", lambda: [inputs.orders(megabytes)], False),
        (f"{megabytes:g} MB of 846s of 10,000 items", lambda: inputs.feeds(megabytes), False),
        (f"one 846 of {items:,} items", lambda: inputs.feeds(0, items=items), False),
        ("the same under a guide that takes so many", lambda: inputs.feeds(0, items=items), True),
    )
    for name, chunks, widened in files:
        peak, said = of(chunks(), widened=widened)
        yield f"| {name} | {peak:.0f} MB | {said} |"


def of(chunks: Iterable[bytes], *, widened: bool = False) -> tuple[float, str]:
    """The peak for a file of these bytes, and its outcome; by the guide of a partner who sends long sets, or none."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, out = folder / "large.edi", folder / "said.json"
        with file.open("wb") as written:
            written.writelines(chunks)
        where = ("--partner", "wide", "--dir", str(_house(folder / "house"))) if widened else ()
        _, peak = finished("-m", "edi_gateway", "validate", "--json", *where, str(file), out=out, codes=(0, 1))
        said = json.loads(out.read_bytes())
        return peak, _outcome(said)


def finished(
    *arguments: str, out: Path = Path("/dev/null"), codes: tuple[int, ...] = (0,), compiled: Path | None = None
) -> tuple[float, float]:
    """Processor seconds and peak megabytes of a Python process, as the system counts them when it has ended.

    `compiled` is a folder where modules are kept compiled, as an installation has them. Raises `RuntimeError` for
    another exit code than those.
    """
    # A process begins with the peak of the one that started it, so a small one stands in between.
    asked = [sys.executable, "-c", _LAUNCHER, str(out), sys.executable, *arguments]
    around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept = {**around, "PYTHONPYCACHEPREFIX": str(compiled)} if compiled is not None else None
    code, seconds, peak = subprocess.run(asked, capture_output=True, check=True, cwd=ROOT, env=kept).stdout.split()
    if int(code) not in codes:
        raise RuntimeError(f"{' '.join(arguments)} ended with {int(code)}")
    return float(seconds), float(peak) / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _house(folder: Path) -> Path:
    """The folder of a gateway that has a partner whose guide knows no end of items."""
    partner = folder / "mappings/partners/wide"
    partner.mkdir(parents=True)
    (partner / "partner.toml").write_text('name = "Wide"\n', encoding="utf-8")
    (partner / "846.guide.toml").write_text(WIDER, encoding="utf-8")
    (folder / "gateway.toml").write_text("", encoding="utf-8")
    return folder


def _outcome(said: dict[str, Any]) -> str:
    """Such as `accepted, 0 findings`."""
    found = _findings(said)
    return f"{'accepted' if said['accepted'] else 'rejected'}, {found} finding{'s' * (found != 1)}"


def _findings(level: dict[str, Any]) -> int:
    """How many there are in a file, an interchange, a group or a set."""
    inner = chain(*(level.get(name, ()) for name in ("interchanges", "groups", "transactions")))
    return len(level["findings"]) + sum(map(_findings, inner))
