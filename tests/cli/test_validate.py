"""The account of a file: its JSON, its text, its exit code."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.cli import obey
from edi_gateway.cli._validating import plainly
from edi_gateway.issues import Finding, command
from tests.cli.program import add_acme, run
from tests.flows.stage import envelope, order

GOOD = envelope(order("PO-1"))
BROKEN = envelope(order("PO-1"), order("PO-2", control="0002").replace("*EA*", "*EA*x"))
FINDING = {
    "kind", "severity", "ack", "segment", "position", "element", "component", "repetition", "loop", "offset", "value",
    "note", "remedy",
}


def findings(row: dict[str, Any]) -> list[dict[str, Any]]:
    """All findings of a file, wherever they stand."""
    own: list[dict[str, Any]] = list(row["findings"])
    under = [one for key in ("interchanges", "groups", "transactions") for one in row.get(key, ())]
    return own + [finding for one in under for finding in findings(one)]


def test_a_file_is_told_with_the_keys_that_were_promised(tmp_path: Path) -> None:
    (tmp_path / "o.edi").write_text(BROKEN, "utf-8")
    said = run("validate", "--json", tmp_path / "o.edi")
    (row,) = said.rows
    (interchange,) = row["interchanges"]
    (group,) = interchange["groups"]
    assert said.code == 1
    assert set(row) == {"file", "accepted", "findings", "interchanges"}
    assert set(interchange) == {"control", "sender", "receiver", "accepted", "findings", "groups"}
    assert set(group) == {"control", "code", "version", "accepted", "verdict", "findings", "transactions"}
    assert [set(one) for one in group["transactions"]] == [{"set", "control", "verdict", "findings"}] * 2
    assert all(set(finding) == FINDING for finding in findings(row))
    assert all(
        set(finding["ack"]) == {"segment", "element", "set", "group", "interchange"} for finding in findings(row)
    )
    assert set(Finding("a.b", "error", "", "").as_json()) == FINDING
    told = (interchange["sender"], interchange["receiver"], interchange["control"], group["verdict"], row["accepted"])
    assert told == ("ZZ:ACME", "ZZ:SELLER", "000000001", "P", False)
    assert [one["verdict"] for one in group["transactions"]] == ["accepted", "rejected"]


def test_several_files_are_one_line_each_and_one_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "o.edi").write_text(GOOD, "utf-8")
    said = run("validate", "--json", tmp_path / "o.edi", tmp_path / "none.edi", tmp_path, tmp_path / "o.edi")
    assert [row["accepted"] for row in said.rows] == [True, True]
    assert (said.code, said.err.count("\n")) == (2, 2)
    assert "none.edi" in said.err
    assert all(line.startswith(command.FILE_UNREADABLE.title) for line in said.err.splitlines())


def test_a_guide_that_cannot_be_used_ends_the_line_with_what_is_wrong_and_does_not_stop_the_others(
    house: Path, tmp_path: Path
) -> None:
    folder = house / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text('name = "Acme"\n', "utf-8")
    add_acme(house, "--guide", "acme")
    (folder / "850.guide.toml").write_text("[segments", "utf-8")
    (tmp_path / "o.edi").write_text(GOOD + GOOD, "utf-8")
    (tmp_path / "plain.edi").write_text(envelope(order("PO-1"), sender="PLAIN"), "utf-8")
    said = run("validate", "--json", "--dir", house, tmp_path / "o.edi", tmp_path / "plain.edi")
    broken, plain = said.rows
    assert (said.code, broken["accepted"], plain["accepted"]) == (2, False, True)
    assert set(broken["error"]) == {"kind", "note", "remedy"}
    assert [group["code"] for one in broken["interchanges"] for group in one["groups"]] == ["PO"]
    assert all(word in said.err for word in (broken["error"]["note"], broken["error"]["remedy"])), said.err


@pytest.mark.parametrize(("content", "code"), [(GOOD, 0), (BROKEN, 1), ("", 1), ("hello", 1)])
def test_the_exit_code_says_whether_there_is_an_error(content: str, code: int) -> None:
    assert run("validate", "-", given=content.encode()).code == code
    said = run("validate", "--json", "-", given=content.encode())
    assert (said.code, said.rows[0]["accepted"]) == (code, code == 0)


def test_people_are_told_where_a_fault_is_and_what_to_do_about_it() -> None:
    (row,) = run("validate", "--json", "-", given=BROKEN.encode()).rows
    text = run("validate", "-", given=BROKEN.encode()).out
    for finding in findings(row):
        assert finding["note"] in text
        assert finding["remedy"] in text
        assert f"segment {finding['position']}" in text
    assert text.rstrip().splitlines()[-1].startswith("-: rejected")


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=40).map(lambda junk: GOOD.encode()[:150] + junk)))
def test_any_bytes_get_an_account_and_never_a_traceback(content: bytes) -> None:
    said = run("validate", "--json", "-", given=content)
    assert (said.err, said.code in (0, 1), len(said.rows)) == ("", True, 1)
    text = run("validate", "-", given=content)
    assert (text.err, text.code) == ("", said.code)
    assert all(character.isprintable() or character == "\n" for character in text.out)


def test_a_house_judges_by_the_guide_of_the_partner_whose_ids_are_in_the_file(house: Path) -> None:
    folder = house / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text('name = "Acme"\n', "utf-8")
    (folder / "850.guide.toml").write_text('[segments]\n"REF[IA]" = { use = "must" }\n', "utf-8")
    (house / "o.edi").write_text(GOOD, "utf-8")
    assert run("validate", house / "o.edi", "--dir", house).code == 0
    add_acme(house, "--guide", "acme")
    said = run("validate", "--json", house / "o.edi", "--dir", house)
    assert (said.code, [finding["segment"] for finding in findings(said.rows[0])]) == (1, ["REF"])
    strangers = envelope(order("PO-1"), sender="OTHER")
    assert run("validate", "-", "--dir", house, given=strangers.encode()).code == 0
    assert run("validate", house / "o.edi").code == 0


def test_a_partner_who_is_named_needs_no_agreement_and_one_who_is_unknown_is_refused(house: Path) -> None:
    folder = house / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text('name = "Acme"\n', "utf-8")
    (folder / "850.guide.toml").write_text('[segments]\n"REF[IA]" = { use = "must" }\n', "utf-8")
    said = run("validate", "--json", "-", "--dir", house, "--partner", "acme", given=GOOD.encode())
    assert (said.code, [finding["segment"] for finding in findings(said.rows[0])]) == (1, ["REF"])
    unknown = run("validate", "-", "--dir", house, "--partner", "nobody", given=GOOD.encode())
    assert (unknown.code, unknown.out, command.PARTNER_UNKNOWN.title in unknown.err) == (2, "", True)


def test_a_folder_that_was_never_opened_is_left_as_it_is(tmp_path: Path) -> None:
    run("init", tmp_path)
    assert run("validate", "-", "--dir", tmp_path, given=GOOD.encode()).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["gateway.toml"]


def test_without_a_house_the_plain_standard_applies_and_a_folder_that_was_named_is_missed(tmp_path: Path) -> None:
    said = run("validate", "-", "--dir", tmp_path, given=GOOD.encode())
    assert (said.code, said.err.count("\n")) == (0, 1)
    assert "plain standard" in said.err


def test_nothing_is_imported_that_a_file_does_not_need(tmp_path: Path) -> None:
    (tmp_path / "o.edi").write_text(GOOD, "utf-8")
    heavy = (
        "sqlalchemy", "alembic", "asyncssh", "paramiko", "rich", "apscheduler", "structlog", "pydantic", "typer",
        "edi_gateway.mapping", "edi_gateway.model",
    )
    asked = (
        "import sys; from edi_gateway.cli import obey; code = obey(['validate', 'o.edi']); "
        f"print([name for name in {heavy} if name in sys.modules], code)"
    )
    where = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    said = subprocess.run(
        [sys.executable, "-c", asked], cwd=tmp_path, env=where, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines()[-1] == "[] 0"


@pytest.mark.parametrize("arguments", [
    ["o.edi"], ["--json", "o.edi", "bad.edi"], ["o.edi", "--dir", ".", "--json"], ["none.edi", "bad.edi"],
    ["o.edi", "--partner", "northbarn", "--json"],
])
def test_plain_arguments_say_the_same_to_typer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "o.edi").write_text(GOOD, "utf-8")
    (tmp_path / "bad.edi").write_text(GOOD.replace("BEG*00", "BEG*ZZ"), "utf-8")
    plain = run("validate", *arguments)
    with patch("edi_gateway.cli._validating.plainly", lambda _: None):
        assert run("validate", *arguments) == plain


@pytest.mark.parametrize("arguments", [
    [], ["--help"], ["o.edi", "--"], ["--dir"], ["o.edi", "--dir", "--json"], ["--dir=."], ["o.edi", "--partner"],
    ["-x", "o.edi"], ["--json"],
])
def test_what_is_not_plain_is_left_to_typer(arguments: list[str]) -> None:
    assert plainly(arguments) is None


def test_a_terminal_is_shown_the_colours_and_a_file_is_not(tmp_path: Path) -> None:
    (tmp_path / "o.edi").write_text(GOOD, "utf-8")
    assert "\x1b" not in run("validate", tmp_path / "o.edi").out
    terminal = io.StringIO()
    with redirect_stdout(terminal), patch.object(terminal, "isatty", lambda: True), patch("sys.platform", "linux"):
        assert obey(["validate", str(tmp_path / "o.edi")]) == 0
    assert ": \x1b[32m\x1b[1maccepted\x1b[0m, 1 interchange" in terminal.getvalue()


def test_a_large_file_is_told_as_it_is_read() -> None:
    """The account is written while the file is read: what comes first is out before the end is in."""
    one = envelope(*(order(f"PO-{n}", control=f"{n:04}") for n in range(1, 200)))
    command = [sys.executable, "-m", "edi_gateway", "validate", "--json", "-"]
    where = Path(__file__).parents[2]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=where) as program:
        assert program.stdin
        assert program.stdout
        program.stdin.write(one.encode() * 3)
        program.stdin.flush()
        begun = program.stdout.read(1000)
        program.stdin.write(one.encode())
        program.stdin.close()
        row = json.loads(begun + program.stdout.read())
    assert (program.returncode, len(row["interchanges"])) == (0, 4)
