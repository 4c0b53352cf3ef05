"""Laws of the whole demo, played as a process of its own."""

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from edi_gateway.demo import script

pytestmark = pytest.mark.slow
DEMO = (sys.executable, "-m", "edi_gateway", "demo")
SECONDS_MAX = 240


def played(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS_MAX)


def test_once_it_ends_well_and_leaves_its_folder(tmp_path: Path) -> None:
    ran = played(*DEMO, "--once", "--dir", str(tmp_path / "demo"), "--seed", "3")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "As expected" in ran.stdout
    assert "nothing was left half done" in (tmp_path / "demo/seller.log").read_text()
    assert (tmp_path / "demo/retailers/wharf/from-retailer/wharf-1007.txt").exists()
    assert "nothing was left half done" in (tmp_path / "demo/retailer.log").read_text()
    houses = (tmp_path / "demo/seller/secrets", tmp_path / "demo/retailer/secrets")
    secrets = {file.read_bytes().strip() for house in houses for file in house.iterdir()}
    assert len(secrets) == len(script.load().retailers) + 1
    assert [file for file in kept(tmp_path / "demo") if tells(file, secrets)] == []
    for log in ("seller.log", "retailer.log"):
        assert not tells(tmp_path / "demo" / log, values(script.load()))
    issues = played(*DEMO[:-1], "issues", "--all", "--json", "--dir", str(tmp_path / "demo/seller"))
    closed = [row for row in map(json.loads, issues.stdout.splitlines()) if row["state"] != "open"]
    told = {(mishap.retailer, mishap.issue) for mishap in script.load().mishaps}
    assert told <= {(row["channel"], row["kind"]) for row in closed}


def kept(folder: Path) -> list[Path]:
    """Every file that the demo leaves, but for those that hold the secrets."""
    return [file for file in folder.rglob("*") if file.is_file() and file.parent.name != "secrets"]


def tells(file: Path, texts: set[bytes]) -> bool:
    content = file.read_bytes()
    return any(text in content for text in texts)


def values(whole: script.Script) -> set[bytes]:
    """What the dropped files say about people and products: every longer element of such a segment."""
    rows = re.findall(rb"(?:N[1-4]|PO1|PID)([*|].*?)[~\n!]", b"".join(drop.content for drop in whole.drops), re.DOTALL)
    return {value for row in rows for value in re.split(rb"[*|]", row) if len(value) > 6}


@pytest.mark.parametrize(
    ("file", "written", "instead", "told"),
    [
        ("larkfield/expected/LF850-0731.997.x12", b"AK5*A", b"AK5*E", "expected 'E~AK9"),
        ("bracken/expected/BR-60118.first.856.x12", b"SN1**8", b"SN1**9", "expected '9*EA"),
    ],
)
def test_one_byte_that_is_not_as_expected_makes_it_fail(
    file: str, written: bytes, instead: bytes, told: str, tmp_path: Path
) -> None:
    with as_file(files("edi_gateway.demo") / "files") as folder:
        shutil.copytree(folder, tmp_path / "files")
    tampered = tmp_path / "files" / file
    tampered.write_bytes(tampered.read_bytes().replace(written, instead))
    code = (
        "import sys; from pathlib import Path; from edi_gateway.demo.performance import run;"
        f"sys.exit(run(True, Path({str(tmp_path / 'demo')!r}), 3, Path({str(tmp_path / 'files')!r})))"
    )
    ran = played(sys.executable, "-c", code)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert tampered.name in ran.stdout
    assert told in " ".join(ran.stdout.split())


def test_on_a_terminal_it_goes_on_and_what_a_person_decides_goes_out(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = (*DEMO, "--dir", str(tmp_path / "demo"))
    environment = {**os.environ, "COLUMNS": "120", "LINES": "50", "TERM": "xterm-256color"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        seen = shown(ours, "Ctrl-C ends it")
        for arguments in script.load().next.values():
            assert f"{arguments} --dir {tmp_path / 'demo' / 'seller'}" in seen
            done = played(*DEMO[:-1], *arguments.split(), "--dir", str(tmp_path / "demo/seller"))
            assert done.returncode == 0, done.stderr
        later = [answer.file for answer in script.load().answers if answer.times == 0]
        seen += shown(ours, *(f"acknowledges {file}" for file in later))
        process.send_signal(signal.SIGINT)
        seen += shown(ours)
        assert process.wait(SECONDS_MAX) == 0, seen
    os.close(ours)
    assert "Fern Hill Goods answers its retailers" in seen
    assert "finished what was in hand" in seen
    assert all(f"✓ {file}" in seen for file in later)
    assert "nothing was left half done" in (tmp_path / "demo/seller.log").read_text()


def test_a_used_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    ran = played(*DEMO, "--once", "--dir", str(tmp_path))
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert re.search(r"is not empty", " ".join(ran.stderr.split()))


def shown(terminal: int, *until: str) -> str:
    """What comes on the terminal until every one of these texts has shown, without them until its end."""
    seen, lines = b"", ""
    end = time.monotonic() + SECONDS_MAX
    while not until or not all(text in lines for text in until):
        assert select.select([terminal], [], [], max(end - time.monotonic(), 0))[0], lines[-4000:]
        try:
            more = os.read(terminal, 65536)
        except OSError:
            more = b""
        if not more:
            break
        seen += more
        lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.decode("utf-8", "replace"))
    return lines
