"""`validate`: one JSON object a file, written while reading."""

import io
import json
from typing import Any

import pytest

from edi_gateway.flows.guides import Guides
from edi_gateway.reports import validation
from edi_gateway.reports.rules import Rules
from edi_gateway.store.shelf import DataShelf

ISA = "ISA*00*          *00*          *ZZ*ACME           *ZZ*US             *240229*1200*U*00401*000000001*0*P*>"


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(Guides(DataShelf()))


def interchange(version: str = "004010", date: str = "20240229") -> bytes:
    body = [
        ISA, f"GS*PO*ACME*US*20240229*1200*1*X*{version}", "ST*850*0001", f"BEG*00*SA*4711**{date}",
        "PO1*1*2*EA*9.95", "CTT*1", "SE*5*0001", "GE*1*1", "IEA*1*000000001",
    ]
    return "".join(f"{segment}~" for segment in body).encode()


def told(content: bytes, rules: Rules) -> tuple[dict[str, Any], bool]:
    out = io.StringIO()
    good = validation.write_json("o.edi", [content[at:at + 7] for at in range(0, len(content), 7)], rules, out)
    assert out.getvalue().count("\n") == 1
    assert out.getvalue().endswith("\n")
    return json.loads(out.getvalue()), good


def test_a_good_file_is_accepted_at_every_level(rules: Rules) -> None:
    assert told(interchange(), rules) == ({
        "file": "o.edi", "accepted": True, "findings": [],
        "interchanges": [{
            "control": "000000001", "sender": "ZZ:ACME", "receiver": "ZZ:US", "accepted": True, "findings": [],
            "groups": [{
                "control": "1", "code": "PO", "version": "004010", "accepted": True, "verdict": "A", "findings": [],
                "transactions": [{"set": "850", "control": "0001", "verdict": "accepted", "findings": []}],
            }],
        }],
    }, True)


def test_a_finding_has_all_its_keys(rules: Rules) -> None:
    row, good = told(interchange(date="20240230"), rules)
    (group,) = row["interchanges"][0]["groups"]
    (finding,) = group["transactions"][0]["findings"]
    assert not good
    assert not (row["accepted"])
    assert not (group["accepted"])
    assert group["verdict"] == "R"
    assert group["transactions"][0]["verdict"] == "rejected"
    assert {key: value for key, value in finding.items() if key not in ("note", "remedy")} == {
        "kind": "x12.date-invalid", "severity": "error", "segment": "BEG", "position": 2, "element": 5,
        "component": None, "repetition": None, "loop": None, "offset": interchange().index(b"BEG"), "value": "20240230",
        "ack": {"segment": "8", "element": "8", "set": "5", "group": None, "interchange": None},
    }


def test_a_group_of_an_unknown_version_is_rejected_with_its_sets(rules: Rules) -> None:
    row, good = told(interchange("003040"), rules)
    (group,) = row["interchanges"][0]["groups"]
    assert (group["verdict"], group["findings"][0]["ack"]["group"]) == ("R", "2")
    assert [one["verdict"] for one in group["transactions"]] == ["rejected"]
    assert row["interchanges"][0]["accepted"]
    assert not row["accepted"]
    assert not good


def test_a_file_without_an_interchange_has_its_findings_at_the_top(rules: Rules) -> None:
    row, good = told(b"hello", rules)
    assert (row["interchanges"], row["accepted"], good) == ([], False, False)
    assert row["findings"][0]["kind"] == "envelope.garbage"


def test_a_repair_is_no_error(rules: Rules) -> None:
    row, good = told(b"\xef\xbb\xbf" + interchange() + interchange()[:-1], rules)
    assert row["accepted"]
    assert good
    assert len(row["interchanges"]) == 2
    assert [[found["severity"] for found in one["findings"]] for one in row["interchanges"]] == [["repair"]] * 2


def test_what_is_written_does_not_wait_for_the_end_of_the_file(rules: Rules) -> None:
    """A large file is never held: its first sets are told before its last bytes are read."""
    out = io.StringIO()
    written = []

    def chunks() -> Any:
        for _ in range(300):
            written.append(len(out.getvalue()))
            yield interchange() * 10

    assert validation.write_json("o.edi", chunks(), rules, out)
    assert written[150] > 10_000
    assert len(json.loads(out.getvalue())["interchanges"]) == 3000
