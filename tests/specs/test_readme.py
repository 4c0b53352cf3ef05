"""The example in specs/README.md is a set that the program reads."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from edi_gateway.x12 import envelope
from edi_gateway.x12.compile import Table
from edi_gateway.x12.read import Verdict, read
from edi_gateway.x12.standard import Standard

BLOCK = re.compile(r"`(specs/[\w/]+\.toml)`\n\n```toml\n(.*?)```", re.DOTALL)
DOCUMENT = re.compile(r"```x12\n(.*?)```", re.DOTALL)
ISA = "ISA*00*          *00*          *ZZ*EXAMPLEFARMS   *ZZ*EXAMPLEMILLS   *250901*0815*U*00401*000000001*0*P*>~\n"
GS = "GS*ZH*EXAMPLEFARMS*EXAMPLEMILLS*20250901*0815*1*X*004010~\n"


@pytest.fixture(scope="module")
def page(specs: Path) -> str:
    return (specs / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def table(page: str, specs: Path) -> Table:
    """The page's own rows, laid beside those in the folder; the invented set is made known to element 143."""
    own = {path: tomllib.loads(text) for path, text in BLOCK.findall(page)}
    sets = tomllib.loads((specs / "x12/004010/codes/143.toml").read_text())
    own["specs/x12/004010/codes/143.toml"] = sets | {"codes": sets["codes"] + "000"}

    def rows(path: str) -> dict[str, Any] | None:
        file = specs.parent / path
        return own[path] if path in own else tomllib.loads(file.read_text()) if file.is_file() else None

    found = Standard(rows).table("000", "004010")
    assert found
    return found


def reading(document: str, table: Table) -> Verdict:
    text = f"{ISA}{GS}{document}GE*1*1~\nIEA*1*000000001~\n"
    verdicts = [
        read(transaction, table)
        for interchange in envelope.read([text.encode()])
        for group in interchange.groups
        for transaction in group.transactions
    ]
    assert len(verdicts) == 1
    return verdicts[0]


def document(page: str) -> str:
    (found,) = DOCUMENT.findall(page)
    return str(found)


def test_the_document_on_the_page_is_accepted_without_a_remark(page: str, table: Table) -> None:
    verdict = reading(document(page), table)
    assert verdict.findings == ()
    assert verdict.outcome == "accepted"


@pytest.mark.parametrize(
    ("good", "bad", "kind", "outcome"),
    [
        ("BHN*00*20250901~\n", "", "x12.segment-missing", "rejected"),
        ("CRP*AP**12.5*TN~", "CRP***12.5*TN~", "x12.condition-missing", "rejected"),
        ("CRP*AP**12.5*TN~", "CRP*AP**12.5~", "x12.condition-doubtful", "accepted"),
        ("CRP*AP**", "CRP*XX**", "x12.code-unknown", "accepted_with_errors"),
        ("CTT*2*12.5~", "CTT*3*12.5~", "x12.total-differs", "accepted_with_errors"),
        ("CTT*2*12.5~", "CTT*2*99~", "x12.hash-differs", "accepted"),
    ],
)
def test_what_the_page_promises_of_broken_rows_is_so(
    page: str, table: Table, good: str, bad: str, kind: str, outcome: str
) -> None:
    broken = document(page).replace(good, bad)
    assert broken != document(page)
    if not bad:
        broken = broken.replace("SE*9*", "SE*8*")
    verdict = reading(broken, table)
    assert [found.kind for found in verdict.findings] == [kind]
    assert verdict.outcome == outcome
