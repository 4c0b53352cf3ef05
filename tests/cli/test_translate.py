"""X12 to JSON lines, and back."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.issues import command
from tests.cli.program import add_acme, run
from tests.flows.stage import envelope, functional_acknowledgment, order

FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12"
PASS = sorted(path for set_id in ("850", "855") for path in (FIXTURES / set_id / "pass").glob("*.edi"))
GOOD = envelope(order("PO-1"))


def lines(content: str) -> list[dict[str, Any]]:
    return run("translate", "-", given=content.encode()).rows


def back(rows: list[dict[str, Any]], *more: object) -> str:
    given = "".join(json.dumps(row) + "\n" for row in rows)
    said = run("translate", "--to", "x12", "-", *more, given=given.encode())
    assert (said.code, said.err) == (0, "")
    return said.out


def test_a_document_is_told_with_the_keys_that_were_promised() -> None:
    given = envelope(order("PO-1"), usage="T", version="004010VICS")
    (row,) = lines(given)
    assert run("translate", "--json", "-", given=given.encode()).rows == [row]
    assert set(row) == {"type", "set", "version", "envelope", "document"}
    assert (row["type"], row["set"], row["version"]) == ("order", "850", "004010VICS")
    assert row["envelope"] == {
        "sender": "ZZ:ACME", "receiver": "ZZ:SELLER", "group_sender": "ACME", "group_receiver": "SELLER",
        "interchange_control": "000000001", "group_control": "1", "set_control": "0001", "test": True,
    }
    assert (row["document"]["number"], len(row["document"]["lines"])) == ("PO-1", 2)


@pytest.mark.parametrize("file", PASS, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_what_is_translated_there_and_back_says_the_same(file: Path) -> None:
    there = run("translate", file)
    assert there.code == 0
    again = run("translate", "-", given=back(there.rows).encode())
    assert (again.code, again.rows) == (0, there.rows)


def test_documents_of_one_envelope_stay_together_on_the_way_back() -> None:
    sets = [order("PO-1"), order("PO-2", control="0002")]
    both = envelope(*sets) + envelope(order("PO-3"), icn=2, group=2)
    text = back(lines(both))
    assert [text.count(f"{id}*") for id in ("ISA", "GS", "ST", "GE", "IEA")] == [2, 2, 3, 2, 2]
    assert "~GE*2*1~IEA*1*000000001~ISA*" in text


def test_groups_of_one_interchange_stay_together_on_the_way_back() -> None:
    first, second = envelope(order("PO-1"), group=1), envelope(order("PO-2"), group=2)
    together = first[: first.index("IEA*")] + second[second.index("GS*"):].replace("IEA*1", "IEA*2")
    text = back(lines(together))
    assert [text.count(f"{id}*") for id in ("ISA", "GS", "ST", "IEA*2")] == [1, 2, 2, 1]


def test_numbers_that_come_a_second_time_begin_another_interchange() -> None:
    text = back(lines(GOOD) + lines(GOOD))
    assert text.count("ISA*") == 2
    assert len(lines(text)) == 2


def test_separators_are_the_usual_ones_unless_a_partner_says_otherwise(house: Path) -> None:
    folder = house / "mappings/partners/odd"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text(
        '[separators]\nelement = "|"\ncomponent = "^"\nsegment = "!"\nnewline = true\n'
        "[envelope]\nset_control_digits = 9\ngroup_control_digits = 6\n", "utf-8",
    )
    assert back(lines(GOOD)).endswith("~SE*6*0001~GE*1*1~IEA*1*000000001~")
    assert back(lines(GOOD), "--partner", "odd", "--dir", house).endswith(
        "!\nSE|6|000000001!\nGE|1|000001!\nIEA|1|000000001!\n"
    )
    add_acme(house, "--guide", "odd")
    for named in ([], ["--partner", "acme"]):
        assert "!\nGE|1|000001!\n" in back(lines(GOOD), *named, "--dir", house)


def test_acknowledgments_are_left_out_with_a_line_and_no_fault() -> None:
    content = envelope(functional_acknowledgment(1), code="FA") + envelope(order("PO-1"), icn=2)
    said = run("translate", "-", given=content.encode())
    assert (said.code, len(said.rows), said.err.count("\n")) == (0, 1, 1)
    assert "997" in said.err


def test_a_rejected_set_is_left_out_with_a_line_and_its_neighbour_is_not() -> None:
    broken = order("PO-2", control="0002").replace("*EA*", "*EA*x")
    said = run("translate", "-", given=envelope(order("PO-1"), broken).encode())
    assert (said.code, [row["document"]["number"] for row in said.rows]) == (1, ["PO-1"])
    assert "0002" in said.err
    assert all("set 850 0002" in line for line in said.err.splitlines())


@pytest.mark.parametrize(
    "damaged",
    [
        GOOD.replace("GE*1*1~", "GE*1*2~"), GOOD.replace("IEA*1*000000001", "IEA*1*000000002"),
        envelope(order("PO-1"), version="003010"),
    ],
)
def test_nothing_of_a_refused_group_or_interchange_is_translated(damaged: str) -> None:
    said = run("translate", "-", given=(damaged + envelope(order("PO-3"), icn=3, group=3)).encode())
    assert (said.code, [row["document"]["number"] for row in said.rows]) == (1, ["PO-3"])


def test_a_set_accepted_with_errors_is_translated_and_told() -> None:
    said = run("translate", "-", given=GOOD.replace("CTT*2", "CTT*3").encode())
    assert (said.code, len(said.rows), "CTT" in said.err or "3" in said.err) == (1, 1, True)


def test_one_file_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "o.edi").write_text(GOOD, "utf-8")
    said = run("translate", tmp_path / "none", tmp_path / "o.edi", tmp_path)
    assert (said.code, len(said.rows), said.err.count("\n")) == (2, 1, 2)


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=40).map(lambda junk: GOOD.encode()[:150] + junk)))
def test_any_bytes_give_documents_or_lines_and_never_a_traceback(content: bytes) -> None:
    said = run("translate", "-", given=content)
    assert said.code in (0, 1)
    assert "fault of its own" not in said.err
    assert all(row["document"] for row in said.rows)
    assert run("translate", "--to", "x12", "-", given=content).code in (0, 2)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"type": "poem"}, "poem"),
        ({"document": {}}, "purpose"),
        ({"version": "009999"}, "009999"),
        ({"set": "999"}, "999"),
        ({"set": "855"}, "855"),
        ({"extra": 1}, "extra"),
        ({"envelope": {}}, "envelope.sender"),
    ],
)
def test_a_line_that_is_no_document_is_told_with_its_number(changes: dict[str, Any], says: str) -> None:
    (row,) = lines(GOOD)
    given = f"{json.dumps(row)}\n\n{json.dumps({**row, **changes})}\n"
    said = run("translate", "--to", "x12", "-", given=given.encode())
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert said.err.startswith(f"{command.LINE_FAULTY.title}: - line 3: ")
    assert says in said.err


@pytest.mark.parametrize(
    ("key", "value"),
    [("interchange_control", "0"), ("interchange_control", "x"), ("sender", "ACME"), ("group_control", "")],
)
def test_numbers_and_ids_that_fit_no_envelope_are_told_in_one_line(key: str, value: str) -> None:
    (row,) = lines(GOOD)
    row["envelope"][key] = value
    said = run("translate", "--to", "x12", "-", given=json.dumps(row).encode())
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)


def test_what_x12_cannot_say_is_a_message_and_nothing_is_written() -> None:
    (row,) = lines(GOOD)
    row["document"]["lines"][0]["quantity"] = "1234567890123456789"
    said = run("translate", "--to", "x12", "-", given=json.dumps(row).encode())
    assert (said.code, said.out) == (1, "")
    assert "line 1" in said.err


def test_a_partner_nobody_knows_is_told_in_one_line() -> None:
    said = run("translate", "--to", "x12", "--partner", "nobody", "-", given=b"")
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert said.err.startswith(command.PARTNER_UNKNOWN.title)
    for contradiction in (["--partner", "nobody"], ["--json", "--to", "x12"]):
        said = run("translate", *contradiction, "-")
        assert (said.code, said.err.count("\n")) == (2, 1)


def test_texts_go_as_the_partner_takes_them_and_what_was_changed_is_told(house: Path) -> None:
    folder = house / "mappings/partners/plain"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text('[text]\nunfit = "replace"\n', "utf-8")
    add_acme(house, "--guide", "plain")
    rows = lines(envelope(order("PO-1", reference="V1").replace("REF*IA*V1~", "REF*IA*V1*Café~")))
    given = "".join(json.dumps(row) + "\n" for row in rows).encode()
    said = run("translate", "--to", "x12", "-", "--partner", "acme", "--dir", house, given=given)
    assert "~REF*IA*V1*Cafe~" in said.out
    assert said.err == "- line 1: references[0].description was 'Café' and is sent as 'Cafe'\n"
    assert said.code == 0
