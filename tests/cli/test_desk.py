"""The operating desk: everything about a document, an order, an issue; a channel, its numbers, a file by mail."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from edi_gateway.issues import command, exchange, trade
from tests.cli.program import Said, add_acme, run, turn
from tests.flows.stage import envelope, order

PO1 = "PO1*1*3*EA*4.5**UP*700000000001"


def one(*arguments: object) -> Any:
    """The only line a command prints as JSON."""
    said = run(*arguments, "--json")
    assert said.code == 0, said.err
    (row,) = said.rows
    return row


def refused(said: Said, kind: Any) -> bool:
    return (said.code, said.out, said.err.count("\n")) == (2, "", 1) and said.err.startswith(kind.title)


def rejection(group: int = 1) -> str:
    """The partner's 997 against our answer."""
    body = [f"AK1*PR*{group}", "AK2*855*0001", "AK3*PO1*3**8", "AK4*2*330*7*3", "AK5*R*5", "AK9*R*1*1*0"]
    return "~".join(["ST*997*0001", *body, f"SE*{len(body) + 2}*0001"]) + "~"


def answer_of(house: Path) -> int:
    """The id of our answer to PO-1."""
    return int(one("documents", "--order", "PO-1", "--direction", "out", "--dir", house)["id"])


# Documents.


def test_documents_are_found_by_their_numbers_their_file_and_their_day(trading: Path) -> None:
    def found(*filters: object) -> list[tuple[str, str]]:
        rows = run("documents", *filters, "--json", "--dir", trading).rows
        return [(row["set"], row["interchange_control"]) for row in rows]

    assert found("--isa13", "2", "--direction", "in") == [("850", "000000002")]
    assert found("--isa13", "000000002", "--direction", "in") == [("850", "000000002")]
    assert found("--gs06", "0002", "--direction", "in") == [("850", "000000002")]
    assert found("--file", "dear") == [("850", "000000002")]
    assert found("--file", "%") == found("--since", "2999-01-01") == found("--until", "2020-12-31") == []
    assert found("--shipment", "PO-1") == found("--invoice", "PO-1") == []
    assert len(found("--since", "2020-01-01", "--until", "9999-12-31")) == 5
    said = run("documents", "--since", "yesterday", "--dir", trading)
    assert (said.code, said.err.count("\n")) == (2, 1)


def test_the_bytes_of_a_document_are_given_as_they_came_and_went(trading: Path) -> None:
    (came,) = run("documents", "--file", "good.edi", "--json", "--dir", trading).rows
    assert run("documents", "get", came["id"], "--dir", trading).out == envelope(order("PO-1"))
    (went,) = (trading / "mailbox/in").glob("*_855_*")
    row = one("documents", "get", answer_of(trading), "--out", trading / "copy", "--dir", trading)
    assert (trading / "copy").read_bytes() == went.read_bytes()
    assert (row["file"], row["bytes"]) == (went.name, went.stat().st_size)


def test_a_file_that_is_there_is_never_overwritten(trading: Path) -> None:
    (trading / "copy").write_text("mine")
    assert refused(run("documents", "get", 1, "--out", trading / "copy", "--dir", trading), command.FILE_UNWRITABLE)
    assert (trading / "copy").read_text() == "mine"


@pytest.mark.parametrize("act", ["get", "show"])
def test_a_document_that_is_not_there_is_told(trading: Path, act: str) -> None:
    assert refused(run("documents", act, 999, "--dir", trading), command.DOCUMENT_UNKNOWN)


def test_show_may_be_left_unsaid(trading: Path) -> None:
    assert run("documents", 1, "--dir", trading) == run("documents", "show", 1, "--dir", trading)
    assert run("issues", 1, "--dir", trading) == run("issues", "show", 1, "--dir", trading)


def test_a_document_goes_again_when_asked(trading: Path) -> None:
    document = answer_of(trading)
    (file,) = (trading / "mailbox/in").glob("*_855_*")
    content = file.read_bytes()
    file.unlink()
    assert one("resend", document, "--dir", trading) == {"document": document, "state": "queued"}
    assert refused(run("resend", document, "--dir", trading), command.WAITS_ALREADY)
    assert refused(run("resend", 1, "--dir", trading), command.NOT_OURS)
    turn(trading)
    assert file.read_bytes() == content


# Orders.


def test_an_order_is_shown_with_every_record_its_acknowledgments_and_where_the_files_are(trading: Path) -> None:
    turn(trading, ("nak.edi", envelope(rejection(), icn=7, group=7, code="FA")))
    row = one("orders", "show", "PO-1", "--dir", trading)
    assert (row["number"], row["state"], row["partnership"]) == ("PO-1", "accepted", "acme-books")
    came, went = row["records"]
    assert (came["set"], came["interchange_control"], came["group_control"], came["set_control"]) == (
        "850", "000000001", "1", "0001",
    )
    assert (came["acknowledged"], came["acknowledgment"]["state"]) == ("A", "delivered")
    assert (came["where"]["removed"] is not None, came["where"]["fault"]) == (True, None)
    assert Path(came["archived"]).read_text("utf-8") == envelope(order("PO-1"))
    assert (went["set"], went["state"], went["acknowledged"]) == ("855", "rejected", "rejected")
    assert (went["acknowledgment"]["file"], went["acknowledgment"]["interchange_control"]) == ("nak.edi", "000000007")
    assert (went["where"]["delivered"] is not None, went["where"]["tries"]) == (True, 1)
    text = run("orders", "show", "PO-1", "--dir", trading).out
    assert all(word in text for word in ("nak.edi", "000000007", "good.edi", "delivered to acme", went["archived"]))


def test_an_order_says_that_an_answer_of_ours_waits_and_why(trading: Path) -> None:
    (trading / "mailbox/in").rename(trading / "mailbox/away")
    run("orders", "answer", "PO-2", "--accept", "--dir", trading)
    turn(trading)
    went = one("orders", "show", "PO-2", "--dir", trading)["records"][-1]
    assert (went["state"], went["where"]["delivered"], went["acknowledgment"]) == ("prepared", None, None)
    assert "waits for acme" in run("orders", "show", "PO-2", "--dir", trading).out


def test_an_order_that_is_not_there_is_told(trading: Path) -> None:
    assert refused(run("orders", "show", "PO-9", "--dir", trading), trade.ORDER_NOT_FOUND)


# Issues.


def test_an_issue_about_a_rejected_document_of_ours_shows_the_partners_codes_on_our_segment(trading: Path) -> None:
    turn(trading, ("nak.edi", envelope(rejection(), icn=7, group=7, code="FA")))
    (issue,) = run("issues", "--kind", "trade.document-rejected", "--json", "--dir", trading).rows
    row = one("issues", "show", issue["id"], "--dir", trading)
    said = row["rejection"]
    assert (said["acknowledgment"]["file"], [code["code"] for code in said["set_codes"]]) == ("nak.edi", ["5"])
    (segment,) = said["segments"]
    assert (segment["segment"], segment["position"], segment["code"], segment["ours"]) == ("PO1", 3, "8", PO1)
    (element,) = segment["elements"]
    assert (element["position"], element["code"], element["ours"]) == (2, "7", "3")
    assert "unknown code" in element["meaning"]
    text = run("issues", "show", issue["id"], "--dir", trading).out
    assert f"we sent {PO1}" in text
    assert "PO102: unknown code" in text
    assert row["about"]["archived"] in text


def test_the_codes_are_told_also_where_the_bytes_are_lost(trading: Path) -> None:
    turn(trading, ("nak.edi", envelope(rejection(), icn=7, group=7, code="FA")))
    (issue,) = run("issues", "--kind", "trade.document-rejected", "--json", "--dir", trading).rows
    Path(one("documents", answer_of(trading), "--dir", trading)["archived"]).unlink()
    shutil.rmtree(trading / "archive" / ".pages", ignore_errors=True)
    said = one("issues", "show", issue["id"], "--dir", trading)["rejection"]
    assert (said["segments"][0]["ours"], said["segments"][0]["code"]) == (None, "8")
    assert "cannot be read" in said["lost"]


def test_an_issue_about_a_broken_document_shows_every_finding(trading: Path) -> None:
    broken = envelope(order("PO-9").replace("20260301", "20261301"), icn=5, group=5)
    turn(trading, ("broken.edi", broken))
    (issue,) = run("issues", "--kind", "document.rejected", "--json", "--dir", trading).rows
    row = one("issues", "show", issue["id"], "--dir", trading)
    assert [(found["segment"], found["element"], found["kind"]) for found in row["about"]["findings"]] == [
        ("BEG", 5, "x12.date-invalid"),
    ]
    assert (row["rejection"], Path(row["about"]["archived"]).read_text("utf-8")) == (None, broken)
    assert "BEG in segment 2" in run("issues", "show", issue["id"], "--dir", trading).out


def test_an_issue_about_a_file_that_is_no_document_shows_the_file(trading: Path) -> None:
    turn(trading, ("note.txt", "Dear all, no EDI today."))
    (issue,) = run("issues", "--kind", "document.unreadable", "--json", "--dir", trading).rows
    row = one("issues", "show", issue["id"], "--dir", trading)
    assert (row["about"], row["receipt"]["name"]) == (None, "note.txt")
    assert Path(row["receipt"]["archived"]).read_text("utf-8") == "Dear all, no EDI today."


def test_issues_are_archived_all_or_none(trading: Path) -> None:
    (issue,) = run("issues", "--json", "--dir", trading).rows
    assert refused(run("issues", "archive", issue["id"], 99, "--dir", trading), command.ISSUE_UNKNOWN)
    assert len(run("issues", "--json", "--dir", trading).rows) == 1
    assert run("issues", "archive", issue["id"], "--dir", trading).out == "Archived 1 issue.\n"
    assert run("issues", "--json", "--dir", trading).rows == []
    assert refused(run("issues", "archive", issue["id"], "--dir", trading), command.ISSUE_NOT_OPEN)
    assert refused(run("issues", "show", 99, "--dir", trading), command.ISSUE_UNKNOWN)


# Channels.


def test_a_channel_is_listed_looked_at_paused_and_resumed(trading: Path) -> None:
    (trading / "mailbox/out/three.edi").write_text(envelope(order("PO-3"), icn=3, group=3), "utf-8")
    shown = one("channel", "test", "acme", "--dir", trading)
    assert (shown["files"], shown["marked_as_seen"], shown["delivers"]) == (1, 0, True)
    assert one("channel", "list", "--dir", trading)["state"] == "works"
    run("channel", "pause", "acme", "--dir", trading)
    row = one("channel", "list", "--dir", trading)
    assert (row["state"], row["partners"], row["paused"] is not None) == ("paused", ["acme"], True)
    assert "paused" in run("channel", "list", "--dir", trading).out
    assert refused(run("poll", "acme", "--dir", trading), command.CHANNEL_RESTS)
    assert run("poll", "--dir", trading).out == "No channel works.\n"
    run("channel", "resume", "acme", "--dir", trading)
    assert one("poll", "acme", "--dir", trading) == {"channel": "acme", "collected": 1, "delivered": 2, "issues": []}


def test_a_file_that_is_given_back_is_told_with_what_becomes_of_it(house: Path) -> None:
    box = house / "mailbox/out"
    for name, then in (("order.edi", "it is collected in the next round."),
                       ("readme.pdf", "it is not collected: passed over: extension.")):
        (box / f".{name}.gone.taken").write_text("x", encoding="utf-8")
        said = run("channel", "unclaim", "acme", f".{name}.gone.taken", "--dir", house)
        assert (said.code, said.out) == (0, f".{name}.gone.taken is given back; {then}\n")
    (box / ".order.edi.gone.taken").write_text("x", encoding="utf-8")
    taken = run("channel", "unclaim", "acme", ".order.edi.gone.taken", "--dir", house)
    assert refused(taken, exchange.OWN_NAME_TAKEN)
    assert "deliver" not in taken.err



def test_the_files_in_a_mailbox_are_listed_and_those_already_processed_apart(trading: Path) -> None:
    with (trading / "gateway.toml").open("a") as file:
        file.write('after = "leave"\n')
    out = trading / "mailbox/out"
    (out / "three.edi").write_text(envelope(order("PO-3"), icn=3, group=3), "utf-8")
    run("poll", "acme", "--dir", trading)
    (out / "again.edi").write_text(envelope(order("PO-3"), icn=3, group=3), "utf-8")
    run("poll", "acme", "--dir", trading)
    (out / "new.edi").write_text(envelope(order("PO-4"), icn=4, group=4), "utf-8")
    listed = run("channel", "files", "acme", "--json", "--dir", trading).rows
    assert [(row["name"], row["state"], row["already_processed"]) for row in listed] == [
        ("again.edi", "came before", True), ("new.edi", "new", False), ("three.edi", "left", True),
    ]
    assert {"size_bytes", "first_seen", "times_seen", "receipt"} <= set(listed[0])
    said = run("channel", "files", "acme", "--already-processed", "--dir", trading).out
    assert ("again.edi" in said, "three.edi" in said, "new.edi" in said) == (True, True, False)
    for path in out.iterdir():
        path.unlink()
    assert run("channel", "files", "acme", "--dir", trading).out == "No such files in acme.\n"


def test_a_channel_that_is_switched_off_is_not_polled(trading: Path) -> None:
    with (trading / "gateway.toml").open("a") as file:
        file.write("enabled = false\n")
    assert refused(run("poll", "acme", "--dir", trading), command.CHANNEL_RESTS)
    assert one("channel", "list", "--dir", trading)["state"] == "off"
    assert one("channel", "test", "acme", "--dir", trading)["files"] == 0


def test_a_look_at_a_mailbox_that_cannot_be_used_is_told_in_one_line(trading: Path) -> None:
    (trading / "mailbox/out").rename(trading / "mailbox/away")
    assert refused(run("channel", "test", "acme", "--dir", trading), exchange.FOLDER_MISSING)
    assert refused(run("channel", "test", "nowhere", "--dir", trading), command.CHANNEL_UNKNOWN)


def test_a_poll_that_finds_a_mailbox_gone_says_so_and_ends_with_2(trading: Path) -> None:
    (trading / "mailbox/out").rename(trading / "mailbox/away")
    said = run("poll", "--json", "--dir", trading)
    assert (said.code, [issue["kind"] for issue in said.rows[0]["issues"]]) == (2, ["exchange.folder-missing"])
    assert "exchange.folder-missing" in run("poll", "--dir", trading).out


def test_old_files_are_marked_as_seen_and_stay(trading: Path) -> None:
    (trading / "mailbox/out/old.edi").write_text(envelope(order("OLD"), icn=3, group=3), "utf-8")
    assert one("channel", "baseline", "acme", "--dir", trading) == {"channel": "acme", "files": 1, "marked": 1}
    assert one("poll", "acme", "--dir", trading)["collected"] == 0
    assert one("channel", "list", "--dir", trading)["marked_as_seen"] == 1
    assert (trading / "mailbox/out/old.edi").exists()


# Control numbers.


def test_before_anything_went_there_are_no_control_numbers(house: Path) -> None:
    assert "No control numbers" in run("control", "show", "--dir", house).out


def test_control_numbers_are_shown_and_set(trading: Path) -> None:
    rows = run("control", "show", "--json", "--dir", trading).rows
    assert [(row["partners"], row["number"], row["group"], row["test"], row["last"], row["next"]) for row in rows] == [
        (["acme"], "ISA13", None, False, 3, 4), (["acme"], "GS06", "PR", False, 1, 2),
        (["acme"], "GS06", "FA", False, 2, 3),
    ]
    changed = run("control", "set", "acme", "--isa13", 4711, "--gs06", "PR=230", "--json", "--dir", trading).rows
    assert [(row["number"], row["next"]) for row in changed] == [("ISA13", 4712), ("GS06", 231)]
    assert refused(run("control", "set", "acme", "--isa13", 4710, "--dir", trading), command.NUMBER_USED)
    assert one("control", "set", "acme", "--isa13", 4710, "--force", "--dir", trading)["last"] == 4710
    assert "4711" in run("control", "show", "--partner", "acme", "--dir", trading).out


@pytest.mark.parametrize(
    "arguments", [
        [], ["--gs06", "PR"], ["--st02", "0001"], ["--st02", "855=x"], ["--gs06", "PRO=1"], ["--gs06", "PR=1234567890"],
        ["--isa13", "1000000000"], ["--gs06", "PR=5", "--gs06", "PR=6"], ["--st02", "855=5", "--st02", "855=6"],
    ],
)
def test_numbers_that_cannot_be_are_told_in_one_line(trading: Path, arguments: list[str]) -> None:
    said = run("control", "set", "acme", *arguments, "--dir", trading)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)


def test_the_count_of_sets_goes_on_from_another_translators_where_it_runs_from_group_to_group(trading: Path) -> None:
    asked = ("control", "set", "acme", "--st02", "855=230", "--dir", trading)
    assert refused(run(*asked), command.SETS_NOT_COUNTED)
    folder = trading / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text('[control_numbers]\nsets = "running"\n', encoding="utf-8")
    add_acme(trading, "--guide", "acme")
    changed = run(*asked, "--json").rows
    assert [(row["number"], row["group"], row["last"], row["next"]) for row in changed] == [("ST02", "855", 230, 231)]
    turn(trading, ("next.edi", envelope(order("PO-3"), icn=3, group=3)))
    (answer,) = run("documents", "--set", "855", "--order", "PO-3", "--json", "--dir", trading).rows
    assert answer["set_control"] == "0231"
    assert refused(run("control", "set", "acme", "--st02", "855=7", "--dir", trading), command.NUMBER_USED)


@pytest.mark.parametrize(("option", "asked", "known"), [("--gs06", "PE=5", "PR"), ("--st02", "85O=5", "850")])
def test_a_count_of_what_nobody_knows_is_not_set(trading: Path, option: str, asked: str, known: str) -> None:
    before = run("control", "show", "--dir", trading).out
    said = run("control", "set", "acme", option, asked, "--dir", trading)
    assert (said.code, said.out, asked[:2] in said.err, known in said.err) == (2, "", True, True)
    assert run("control", "show", "--dir", trading).out == before


# A file by mail.


def test_a_file_by_mail_is_taken_as_if_it_had_been_collected(trading: Path) -> None:
    mail = trading / "mail.edi"
    mail.write_text(envelope(order("PO-3"), icn=3, group=3), "utf-8")
    row = one("receive", mail, "--channel", "acme", "--dir", trading)
    assert (row["file"], row["verdict"]) == ("mail.edi", "new")
    assert "nothing is posted again" in run("receive", mail, "--channel", "acme", "--dir", trading).out
    assert run("poll", "--dir", trading).code == 0
    assert [row["number"] for row in run("orders", "--json", "--dir", trading).rows] == ["PO-1", "PO-2", "PO-3"]
    assert mail.exists()


def test_a_file_on_standard_input_needs_a_name_and_any_file_a_channel(trading: Path) -> None:
    content = envelope(order("PO-3"), icn=3, group=3).encode()
    said = run("receive", "-", "--channel", "acme", "--dir", trading, given=content)
    assert (said.code, "--name" in said.err) == (2, True)
    named = run("receive", "-", "--name", "m.edi", "--channel", "acme", "--json", "--dir", trading, given=content)
    assert named.rows[0]["file"] == "m.edi"
    elsewhere = run("receive", "-", "--name", "m.edi", "--channel", "else", "--dir", trading, given=content)
    assert refused(elsewhere, command.CHANNEL_UNKNOWN)
    assert refused(run("receive", "none.edi", "--channel", "acme", "--dir", trading), command.FILE_UNREADABLE)


# The model.


def test_the_schema_describes_every_noun(tmp_path: Path) -> None:
    whole = json.loads(run("schema").out)
    assert {"Order", "OrderResponse", "Acknowledgment"} <= set(whole["$defs"])
    assert {"$ref": "#/$defs/Order"} in whole["anyOf"]
    noun = json.loads(run("schema", "order", "--json").out)
    assert (noun["title"], "lines" in noun["properties"]) == ("Order", True)
    said = run("schema", "orders")
    assert (said.code, said.err.count("\n"), "order_response" in said.err) == (2, 1, True)


def test_the_house_of_a_stranger_has_nothing_to_show(house: Path) -> None:
    add_acme(house)
    for listing in (["control", "show"], ["documents"], ["issues"]):
        assert run(*listing, "--json", "--dir", house).rows == []
