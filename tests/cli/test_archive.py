"""The archive as a person uses it: verified, looked up, exported, and emptied of what is over."""

import csv
import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.cli.program import run, turn
from tests.flows.stage import envelope, order


def bytes_of(house: Path, *, outgoing: bool = False) -> Path:
    """Where the archive keeps the first file that came, or went."""
    with sqlite3.connect(house / "gateway.sqlite") as connection:
        table = "parcels" if outgoing else "receipts"
        digest = str(connection.execute(f"SELECT digest FROM {table} ORDER BY id").fetchone()[0])
    return house / "archive" / digest[:2] / digest


def test_an_archive_that_is_as_it_was_verifies(trading: Path) -> None:
    said = run("archive", "verify", "--dir", trading)
    assert (said.code, said.err) == (0, "")
    assert said.out == "5 files: 5 whole.\n"
    assert run("archive", "verify", "--dir", trading, "--json").rows == [{"files": 5, "whole": 5}]


def test_every_file_that_is_not_as_it_was_is_named(trading: Path) -> None:
    bytes_of(trading).write_bytes(b"something else")
    bytes_of(trading, outgoing=True).unlink()
    shutil.rmtree(trading / "archive" / ".pages", ignore_errors=True)
    stranger = trading / "archive" / "ab" / "cd" / "stranger"
    stranger.parent.mkdir(parents=True, exist_ok=True)
    stranger.write_bytes(b"nobody knows it")
    assert "unreferenced" not in run("archive", "verify", "--dir", trading).out
    os.utime(stranger, (0, 0))
    said = run("archive", "verify", "--dir", trading, "--json")
    assert said.code == 1
    assert {(row["condition"], Path(row["path"]).name) for row in said.rows[:-1]} == {
        ("altered", bytes_of(trading).name), ("missing", bytes_of(trading, outgoing=True).name),
        ("unreferenced", "stranger"),
    }
    assert said.rows[-1] == {"files": 6, "whole": 3, "altered": 1, "missing": 1, "unreferenced": 1}


def test_a_file_tells_when_and_where_it_came_and_under_which_numbers(trading: Path) -> None:
    digest = bytes_of(trading).name
    (row,) = run("archive", "show", digest[:12], "--dir", trading, "--json").rows
    assert (row["digest"], row["condition"], row["archived"]) == (digest, "whole", str(bytes_of(trading)))
    (arrival,) = row["arrivals"]
    assert (arrival["channel"], arrival["file"], arrival["verdict"]) == ("acme", "dear.edi", "new") or (
        arrival["file"] == "good.edi"
    )
    (document,) = row["documents"]
    assert (document["partner"], document["sender"], document["receiver"]) == ("acme", "ZZ:ACME", "ZZ:SELLER")
    assert document["interchange_control"] in ("000000001", "000000002")
    assert "came over acme" in run("archive", "show", digest, "--dir", trading).out


def test_what_came_by_hand_and_what_was_read_by_nobody_is_told_as_well(trading: Path) -> None:
    run("receive", "-", "--channel", "acme", "--name", "mail.edi", "--dir", trading, given=b"no X12")
    with sqlite3.connect(trading / "gateway.sqlite") as connection:
        (digest,) = connection.execute("SELECT digest FROM receipts WHERE name = 'mail.edi'").fetchone()
    (row,) = run("archive", "show", digest, "--dir", trading, "--json").rows
    assert [(one["channel"], one["file"]) for one in row["arrivals"]] == [("acme", "mail.edi")]
    assert (row["documents"], row["bytes"]) == ([], 6)
    assert [(word["what"], word["said"]) for word in row["words"]] == [
        ("file.received-by-hand", {"channel": "acme", "file": "mail.edi"})
    ]
    assert "received by hand" in run("archive", "show", digest, "--dir", trading).out


def test_a_file_that_went_tells_every_attempt(trading: Path) -> None:
    (row,) = run("archive", "show", bytes_of(trading, outgoing=True).name, "--dir", trading, "--json").rows
    (parcel,) = row["parcels"]
    assert (parcel["state"], [one["outcome"] for one in parcel["attempts"]]) == ("delivered", ["delivered"])


@pytest.mark.parametrize("digest", ["ffff", "xyz", "", "00", "0" * 65])
def test_a_digest_that_nothing_is_known_of_is_refused(trading: Path, digest: str) -> None:
    said = run("archive", "show", digest, "--dir", trading, "--json")
    assert said.code != 0
    assert "archive.digest-unknown" in said.err + said.out or "SHA-256" in said.err


def test_documents_are_exported_byte_for_byte_with_an_index(trading: Path, tmp_path: Path) -> None:
    to = tmp_path / "out"
    said = run("documents", "export", "--partner", "acme", "--to", to, "--dir", trading)
    assert said.code == 0, said.err
    rows = json.loads((to / "index.json").read_text())
    assert len(rows) == len(run("documents", "--dir", trading, "--json").rows)
    for row in rows:
        kept = trading / "archive" / row["digest"][:2] / row["digest"]
        assert (to / row["exported"]).read_bytes() == kept.read_bytes()
        assert row["file"] in row["exported"]
        assert row["sender"].startswith("ZZ:")
    with (to / "index.csv").open(newline="") as file:
        assert [row["exported"] for row in csv.DictReader(file)] == [row["exported"] for row in rows]
    assert {path.name for path in to.iterdir()} == {"index.json", "index.csv", *(row["exported"] for row in rows)}


def test_files_of_one_name_are_exported_beside_each_other(trading: Path, tmp_path: Path) -> None:
    turn(trading, ("good.edi", envelope(order("PO-7"), icn=3, group=3)))
    with sqlite3.connect(trading / "gateway.sqlite") as connection:
        connection.execute("UPDATE documents SET at = '2026-03-02 09:30:00', file = '../a/../b.edi'")
    said = run("documents", "export", "--set", "850", "--to", tmp_path / "out", "--dir", trading, "--json")
    assert said.rows[0]["files"] == len(list((tmp_path / "out").iterdir())) - 2 == 3
    assert not (tmp_path / "b.edi").exists()


def test_nothing_is_ever_overwritten(trading: Path, tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text("mine")
    said = run("documents", "export", "1", "--to", tmp_path, "--dir", trading)
    assert said.code != 0
    assert "is not empty" in said.err
    assert (tmp_path / "index.json").read_text() == "mine"


def test_an_export_says_which_documents_and_finds_some(trading: Path, tmp_path: Path) -> None:
    assert run("documents", "export", "--to", tmp_path / "a", "--dir", trading).code == 2
    unknown = run("documents", "export", "999", "--to", tmp_path / "a", "--dir", trading)
    assert (unknown.code != 0, "no document 999" in unknown.err) == (True, True)
    nothing = run("documents", "export", "--order", "no such", "--to", tmp_path / "a", "--dir", trading)
    assert nothing.code != 0
    assert "No document is what was asked for" in nothing.err  # archive.nothing-found
    assert not (tmp_path / "a").exists()


def test_what_was_erased_says_so_wherever_it_is_asked_for(trading: Path, tmp_path: Path) -> None:
    folder = trading / "mappings" / "partners" / "acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text("[retention]\ndays = 1\n")
    run("partner", "add", "acme", "--guide", "acme", "--dir", trading)
    with sqlite3.connect(trading / "gateway.sqlite") as connection:
        connection.execute("UPDATE issues SET state = 'closed'")
        connection.execute("UPDATE receipts SET state = 'done', at = '2020-01-01 00:00:00.000000'")
        connection.execute("UPDATE documents SET state = 'rejected' WHERE direction = 'out' OR state = 'held'")
        connection.execute("UPDATE orders SET state = 'invoiced'")
        connection.execute("DROP TRIGGER entries_no_update")
        for table, column in (("arrivals", "last_seen"), ("arrivals", "settled_at"), ("entries", "at"),
                              ("parcels", "queued_at"), ("parcels", "delivered_at")):
            connection.execute(f"UPDATE {table} SET {column} = '2020-01-01 00:00:00.000000'")
    told = run("archive", "retire", "--dry-run", "--dir", trading)
    assert (told.code, told.out.splitlines()[-1]) == (0, "5 files to be erased, 0 files kept that are not settled.")
    assert run("archive", "verify", "--dir", trading).out == "5 files: 5 whole.\n"
    assert [row["erased"] for row in run("archive", "retire", "--dir", trading, "--json").rows] == [True] * 5
    verified = run("archive", "verify", "--dir", trading)
    assert (verified.code, verified.out) == (0, "5 files: 5 erased.\n")
    (shown,) = run("documents", "show", "1", "--dir", trading, "--json").rows
    assert (shown["archived"], shown["erased"] is None) == (None, False)
    got = run("documents", "get", "1", "--dir", trading)
    assert (got.code != 0, "were erased" in got.err) == (True, True)
    said = run("documents", "export", "1", "--to", tmp_path / "out", "--dir", trading, "--json")
    assert said.rows == [{"documents": 1, "files": 0, "erased": 1, "to": str(tmp_path / "out")}]
    (row,) = json.loads((tmp_path / "out" / "index.json").read_text())
    assert (row["exported"], row["erased"] is None) == (None, False)
    (file,) = run("archive", "show", row["digest"], "--dir", trading, "--json").rows
    assert (file["condition"], file["archived"], file["words"][-1]["what"]) == ("erased", None, "file.erased")


def test_gaps_are_listed_and_forgotten(trading: Path) -> None:
    turn(trading, ("later.edi", envelope(order("PO-9"), icn=9, group=9)))
    rows = run("control", "gaps", "--dir", trading, "--json").rows
    told = [(row["direction"], row["number"], row["first"], row["last"], row["why"]) for row in rows]
    assert told == [("in", "ISA13", 3, 8, "missing"), ("in", "GS06", 3, 8, "missing")]
    assert "3-8" in run("control", "gaps", "--partner", "acme", "--dir", trading).out
    assert run("control", "forget", "acme", "--dir", trading).out == "2 gaps of acme forgotten.\n"
    assert run("control", "gaps", "--dir", trading).out == "There are no gaps.\n"


def test_a_bump_moves_every_count_on(trading: Path) -> None:
    before = {row["scope"]: row["last"] for row in run("control", "show", "--dir", trading, "--json").rows}
    rows = run("control", "bump", "--by", "1000", "--dir", trading, "--json").rows
    assert {row["scope"]: row["last"] for row in rows} == {scope: last + 1000 for scope, last in before.items()}
    assert run("control", "bump", "--by", "0", "--dir", trading).code == 2
    gaps = run("control", "gaps", "--dir", trading, "--json").rows
    assert {row["why"] for row in gaps} == {"skipped"}
