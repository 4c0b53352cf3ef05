"""Pebbleford's ways, as the public commands show them."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ORDERS = ROOT / "fixtures/x12/partners/pebbleford/850"
ORDER, BY_THE_CASE = ORDERS / "pass/store-order.edi", ORDERS / "fail/ordered-by-the-case.edi"
EXPECTED = Path(__file__).with_name("pebbleford")
PROGRAM = (sys.executable, "-m", "edi_gateway")
PATIENCE_SECONDS = 60
CHANNEL = """
[channels.pebbleford]
transport = "folder"
collect = "from-pebbleford"
deliver = "to-pebbleford"
every_seconds = 0.2
"""
# What only the clock knows, as the expected files name it.
MOMENTS = {"YYMMDD": r"\d{6}", "YYYYMMDD": r"\d{8}", "HHMM": r"\d{4}"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gateway that got an order before it knew Pebbleford, then one by the case, then their acknowledgment."""
    folder = tmp_path_factory.mktemp("house")
    said("init", str(folder))
    with (folder / "gateway.toml").open("a") as file:
        file.write(CHANNEL)
    for mailbox in ("from-pebbleford", "to-pebbleford"):
        (folder / mailbox).mkdir()
    with running(folder):
        drop(folder, ORDER)
        until(lambda: [row["kind"] for row in rows("issues", folder)] == ["trade.agreement-unknown"])
        get_to_know(folder)
        until(lambda: len(delivered(folder)) == 2)
        drop(folder, BY_THE_CASE)
        until(lambda: len(delivered(folder)) == 3)
        drop(folder, EXPECTED / "confirmation.edi")
        until(lambda: ("855", "confirmed") in states(folder))
    return folder


def get_to_know(house: Path) -> None:
    """Makes the agreement and the partnership."""
    said(
        "partner", "add", "pebbleford", "--ours", "ZZ:FERNHILL", "--theirs", "01:000000555", "--their-group", "PEBBLE",
        "--guide", "pebbleford", "--channel", "pebbleford", "--partnership", "pebbleford-stores",
        "--reference", "70012", "--dir", str(house),
    )


def test_an_order_that_keeps_to_their_guide_is_accepted_without_a_remark(house: Path) -> None:
    told = validated(ORDER, house)
    assert told["accepted"]
    assert list(findings(told)) == []


@pytest.mark.parametrize(
    ("order", "codes", "segment", "position", "element"),
    [("no-vendor-number", ("3", None, "5"), "REF", 4, None), ("ordered-by-the-case", ("8", "7", "5"), "PO1", 7, 3)],
)
def test_an_order_against_their_guide_is_rejected_though_the_standard_allows_it(
    house: Path, order: str, codes: tuple[str | None, ...], segment: str, position: int, element: int | None
) -> None:
    file = ORDERS / "fail" / f"{order}.edi"
    [finding] = findings(validated(file, house, code=1))
    ack = finding["ack"]
    assert (ack["segment"], ack["element"], ack["set"]) == codes
    assert (finding["segment"], finding["position"], finding["element"]) == (segment, position, element)
    assert validated(file, house.parent)["accepted"]


def test_what_they_write_is_written_back_as_they_wrote_it(house: Path) -> None:
    line = said("translate", "--dir", str(house), str(ORDER))
    assert json.loads(line)["document"]["references"][0] == {"kind": "vendor_number", "value": "70012"}
    back = said("translate", "--to", "x12", "--partner", "pebbleford", "--dir", str(house), "-", given=line)
    moments = re.compile(r"\|260302\|0815\||\|20260302\|0815\|")
    pattern = re.escape(moments.sub("MOMENT", ORDER.read_text())).replace("MOMENT", r"\|\d{6,8}\|\d{4}\|")
    assert re.fullmatch(pattern, back), back


def test_what_came_before_they_were_known_is_acknowledged_and_answered_in_their_own_way(house: Path) -> None:
    assert_like("order-accepted.855", delivered(house)["PF_855_000000002.edi"])
    assert_like("order-accepted.997", delivered(house)["PF_997_000000001.edi"])
    assert [(row["number"], row["state"]) for row in rows("orders", house)] == [("PF-20017", "accepted")]


def test_what_their_guide_forbids_is_refused_and_not_posted(house: Path) -> None:
    assert_like("order-refused.997", delivered(house)["PF_997_000000003.edi"])
    # Between the two orders their numbers jump: that is told as well.
    assert [row["kind"] for row in rows("issues", house)] == ["document.rejected", "exchange.number-missing"]


def test_their_acknowledgment_finds_our_answer_by_its_padded_numbers(house: Path) -> None:
    assert ("855", "confirmed") in states(house)
    assert ("997", "posted") in states(house)


@contextmanager
def running(house: Path) -> Iterator[None]:
    """The gateway at work; at the end it is asked to stop, and has nothing to complain of."""
    with (house / "run.log").open("wb") as log:
        gateway = subprocess.Popen([*PROGRAM, "run", "--dir", str(house)], stdout=log, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            gateway.send_signal(signal.SIGTERM)
            code = gateway.wait(PATIENCE_SECONDS)
    assert code == 0, (house / "run.log").read_text()


def drop(house: Path, file: Path) -> None:
    """The partner puts a file out for us, whole at once."""
    part = house / "from-pebbleford" / f"{file.name}.part"
    part.write_bytes(file.read_bytes())
    part.rename(part.with_suffix(""))


def delivered(house: Path) -> Mapping[str, str]:
    """What the partner has received, by name."""
    files = sorted((house / "to-pebbleford").glob("[!.]*"))
    return {file.name: file.read_bytes().decode("ascii") for file in files}


def until(come_about: Callable[[], bool]) -> None:
    """Waits for it."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not come_about():
        assert time.monotonic() < end
        time.sleep(0.1)


def assert_like(expected: str, received: str) -> None:
    """Byte for byte, but for dates and times."""
    pattern = re.escape((EXPECTED / expected).read_text())
    for name, digits in MOMENTS.items():
        pattern = pattern.replace(re.escape(f"{{{name}}}"), digits)
    assert re.fullmatch(pattern, received), received


def validated(file: Path, folder: Path, code: int = 0) -> dict[str, Any]:
    """What `validate` says of a file in that folder."""
    told: dict[str, Any] = json.loads(said("validate", "--json", "--dir", str(folder), str(file), code=code))
    return told


def findings(told: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All findings of a file, wherever they stand."""
    yield from told["findings"]
    for level in ("interchanges", "groups", "transactions"):
        for part in told.get(level, ()):
            yield from findings(part)


def rows(command: str, house: Path) -> list[Any]:
    """What a listing command lists."""
    return [json.loads(line) for line in said(command, "--json", "--dir", str(house)).splitlines()]


def states(house: Path) -> set[tuple[str, str]]:
    """Set and state of every document."""
    return {(row["set"], row["state"]) for row in rows("documents", house)}


def said(*arguments: str, code: int = 0, given: str = "") -> str:
    """What the program prints when it is asked to do that."""
    ran = subprocess.run(
        [*PROGRAM, *arguments], input=given, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )
    assert ran.returncode == code, f"{arguments}: {ran.returncode}\n{ran.stdout}{ran.stderr}"
    return ran.stdout
