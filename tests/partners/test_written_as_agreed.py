"""What three partners are to get from us stands among their fixtures, written by hand: we must write those very bytes.

Every set to which they have a guide of the direction `out` is looked at.
"""

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from edi_gateway.flows.guides import Guides
from edi_gateway.reports import fixtures
from edi_gateway.reports.outline import outline
from edi_gateway.store.shelf import DataShelf
from tests.cli.program import run

ROOT = Path(__file__).resolve().parents[2]
PARTNERS = ("harrowmill", "saltmarsh", "willowgate")
FILES = [
    file for partner in PARTNERS for file in sorted((ROOT / "fixtures/x12/partners" / partner).glob("*/pass/*.edi"))
    if any((ROOT / "mappings/partners" / partner).glob(f"{file.parts[-3]}.*out.guide.toml"))
]
MOMENT = re.compile(rb"(?<=\W)(?:\d{2})?\d{6}\W\d{4}(?=\W)")
"""Date and time in ISA and GS: those of the writing."""


@cache
def guides() -> Guides:
    return Guides(DataShelf())


def told(file: Path) -> str:
    """The one document of a file as `translate` prints it, with what it travels under."""
    content = file.read_bytes()
    isa, gs = (row.split(content[3:4].decode()) for row in content.decode("ascii").split(content[105:106].decode())[:2])
    [document] = fixtures.documents(outline(content, guides(), file.parts[-4], "out"), guides(), file.parts[-4])
    return json.dumps({
        "type": document["type"], "set": file.parts[-3], "version": gs[8], "document": document["document"],
        "envelope": {
            "sender": f"{isa[5]}:{isa[6].rstrip()}", "receiver": f"{isa[7]}:{isa[8].rstrip()}",
            "group_sender": gs[2], "group_receiver": gs[3], "interchange_control": isa[13],
            "group_control": gs[6], "set_control": document["control"], "test": isa[15] == "T",
        },
    })


def without_moments(content: bytes) -> bytes:
    return MOMENT.sub(b"MOMENT", content, count=2)


@cache
def written(partner: str) -> dict[str, bytes]:
    """What `translate` makes of all documents of a partner, by their interchange's number."""
    lines = "\n".join(told(file) for file in FILES if file.parts[-4] == partner)
    command = (sys.executable, "-m", "edi_gateway", "translate", "--to", "x12", "--partner", partner, "-")
    ran = subprocess.run(command, input=lines.encode(), capture_output=True, check=False, timeout=60)
    assert (ran.returncode, ran.stderr.decode()) == (0, "")
    found = [b"ISA" + rest for rest in ran.stdout.split(b"ISA")[1:]]
    return {one.split(one[3:4])[13].decode(): one for one in found}


def ours(file: Path) -> bytes:
    """What we write in place of the document that stands in that file."""
    content = file.read_bytes()
    return written(file.parts[-4])[content.split(content[3:4])[13].decode()]


def test_each_of_the_three_gets_at_least_two_sets() -> None:
    sets = {partner: {file.parts[-3] for file in FILES if file.parts[-4] == partner} for partner in PARTNERS}
    assert all(len(found) >= 2 for found in sets.values())


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-4:]))
def test_our_document_is_to_the_byte_what_the_partner_wants(file: Path) -> None:
    assert without_moments(ours(file)) == without_moments(file.read_bytes())


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-4:]))
def test_what_we_write_obeys_the_guide_to_what_they_get(file: Path) -> None:
    found = outline(ours(file), guides(), file.parts[-4], "out")
    assert found.accepted
    assert found.findings == []


def put_in(document: str, old: str, new: str) -> str:
    assert old in document
    return document.replace(old, new, 1)


@pytest.mark.parametrize(("file", "old", "new", "told_of"), [
    ("harrowmill/810/pass/credit-memo.edi", '"net_days": 30', '"discount_days": 30', "ITD07"),
    ("harrowmill/856/pass/two-cartons.edi", '"bill_of_lading"', '"carrier_number"', "REF[BM]"),
    ("saltmarsh/855/pass/accepted.edi", '"upc"', '"vendor_item"', "PO108"),
    ("saltmarsh/856/pass/two-cartons-on-a-pallet-005010.edi", '"kind": "sscc"', '"kind": "agreed"', "MAN"),
    ("willowgate/855/pass/accepted.edi", '"decision": "accepted"', '"decision": "rejected"', "ACK01"),
    ("willowgate/846/pass/daily-report.edi", '"kind": "018"', '"kind": "delivery_estimated"', "DTM[018]"),
])
def test_what_is_against_their_guide_is_not_written_and_the_note_names_the_place(
    file: str, old: str, new: str, told_of: str
) -> None:
    line = put_in(told(ROOT / "fixtures/x12/partners" / file), old, new)
    said = run("translate", "--to", "x12", "--partner", file.partition("/")[0], "-", given=line.encode())
    assert (said.code, said.out) == (1, "")
    assert told_of in said.err
