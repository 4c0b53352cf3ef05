"""Quillmark's quirks, seen through the public commands."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ORDERS = ROOT / "fixtures/x12/partners/quillmark/850"
ORDER = ORDERS / "pass/shelf-order.edi"
PROGRAM = (sys.executable, "-m", "edi_gateway")
PATIENCE_SECONDS = 60
CHANNEL = """
[channels.quillmark]
transport = "folder"
every_seconds = 0.2
collect = "from-quillmark"
deliver = "to-quillmark"
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A gateway that trades with Quillmark over two folders."""
    folder = tmp_path / "house"
    _said("init", str(folder))
    with (folder / "gateway.toml").open("a") as file:
        file.write(CHANNEL)
    for mailbox in ("from-quillmark", "to-quillmark"):
        (folder / mailbox).mkdir()
    _said(
        "partner", "add", "quillmark", "--ours", "ZZ:FERNHILL",
        "--theirs", "12:2025550142", "--their-group", "QUILLMARK",
        "--guide", "quillmark", "--channel", "quillmark", "--partnership", "quillmark-shelf", "--dir", str(folder),
    )
    return folder


def test_an_order_by_their_guide_is_accepted(house: Path) -> None:
    (verdict,) = _rows("validate", "--json", "--dir", str(house), str(ORDER))
    assert verdict["accepted"]
    assert verdict["interchanges"][0]["sender"] == "12:2025550142"


@pytest.mark.parametrize(("order", "kind"), [
    ("no-shelf.edi", "x12.segment-missing"), ("by-the-case.edi", "x12.code-not-agreed"),
])
def test_an_order_against_their_guide_is_rejected_here_and_not_by_the_standard(
    house: Path, order: str, kind: str
) -> None:
    file = str(ORDERS / "fail" / order)
    (verdict,) = _rows("validate", "--json", "--dir", str(house), file, code=1)
    assert kind in {finding["kind"] for finding in _findings(verdict)}
    (plain,) = _rows("validate", "--json", file)
    assert plain["accepted"]


def test_their_words_are_read_as_they_mean_them_and_written_back_byte_for_byte(house: Path) -> None:
    (row,) = _rows("translate", "--dir", str(house), str(ORDER))
    assert {"kind": "shelf", "value": "0042"}.items() <= row["document"]["references"][0].items()
    back = _said("translate", "--to", "x12", "--partner", "quillmark", "-", given=json.dumps(row))
    body = ORDER.read_text().splitlines()[2:-2]
    assert [line for line in back.splitlines() if not line.startswith(("ISA", "GS", "GE", "IEA"))] == body
    assert "GE|1|000000911!" in back


def test_an_order_is_answered_in_their_form(house: Path) -> None:
    with (house / "from-quillmark" / "order.part").open("wb") as file:
        file.write(ORDER.read_bytes())
    Path(file.name).rename(house / "from-quillmark" / "order.edi")
    running = subprocess.Popen([*PROGRAM, "run", "--dir", str(house)], cwd=house, stderr=subprocess.PIPE, text=True)
    try:
        answers = _delivered(house / "to-quillmark", 2)
    finally:
        running.send_signal(signal.SIGTERM)
        _, log = running.communicate(timeout=PATIENCE_SECONDS)
    assert len(answers) == 2, log
    acknowledgment, response = sorted(answers, key=lambda text: "|855|" in text)
    assert acknowledgment.startswith("ISA|00|")
    assert "\nST|997|000000001!\nAK1|PO|000000911!\nAK2|850|000000001!\nAK5|A!\nAK9|A|1|1|1!\n" in acknowledgment
    assert "\nST|855|000000001!\nBAK|00|AD|QM-70021|20260309" in response
    assert "|12|2025550142     |" in response
    assert running.returncode == 0


def _delivered(folder: Path, count: int) -> list[str]:
    for _ in _moments():
        files = [file for file in folder.iterdir() if not file.name.startswith(".")]
        if len(files) >= count:
            break
    return [file.read_text() for file in folder.iterdir() if not file.name.startswith(".")]


def _moments() -> Iterator[None]:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        yield
        time.sleep(0.1)


def _findings(verdict: Any) -> Iterator[Any]:
    if isinstance(verdict, dict):
        yield from verdict.get("findings", ())
        for part in verdict.values():
            yield from _findings(part)
    elif isinstance(verdict, list):
        for part in verdict:
            yield from _findings(part)


def _rows(*arguments: str, code: int = 0) -> list[Any]:
    return [json.loads(line) for line in _said(*arguments, code=code).splitlines()]


def _said(*arguments: str, code: int = 0, given: str = "") -> str:
    ran = subprocess.run(
        [*PROGRAM, *arguments], input=given, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )
    assert ran.returncode == code, f"{arguments}: {ran.returncode}\n{ran.stdout}{ran.stderr}"
    return ran.stdout
