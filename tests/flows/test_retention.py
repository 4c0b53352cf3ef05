"""What need not be kept any longer is erased; what is unsettled never is."""

import datetime as dt
import sqlite3
from dataclasses import replace

import pytest

from edi_gateway import model
from edi_gateway.cli._house import view
from edi_gateway.flows import desk, invoicing, retention, shipping
from edi_gateway.issues import GatewayError
from edi_gateway.ledger.shipping import Freight
from edi_gateway.reports import documents as report
from tests.flows.stage import CONFIGURATION, Stage, envelope, functional_acknowledgment, order

CONSUMER = "N1*ST*JANE CONSUMER*92*C77~N3*12 SECRET LANE~N4*SPRINGFIELD*OR*97403*US~"


ISSUE = """INSERT INTO issues (id, kind, about, severity, note, count, document_id, opened, last_seen, state)
    VALUES (99, 'internal.bug', '{}', 'error', '', 1, {}, '2026-01-01 00:00:00', '2026-01-01 00:00:00', 'open')"""


FREIGHT = Freight(carrier_code="UPSN", carrier="Ground", tracking="1Z999")


class Later:
    """The machine's clock, so many days on."""

    def __init__(self, days: float) -> None:
        self.days = days

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(days=self.days)


def consumers_order(number: str = "PO-1", **said: str) -> str:
    """An 850 that goes to a consumer's door."""
    plain = order(number, **said)
    body = plain.replace("PO1*1*", f"{CONSUMER}PO1*1*", 1)
    count = body.count("~") - 0
    head, _, control = body.rstrip("~").rpartition("*")
    return f"{head.rpartition('SE*')[0]}SE*{count}*{control}~"


def says(stage: Stage, rows: str = "[retention]\ndays = 30\n") -> None:
    """The partner acme has a file with these rows."""
    folder = stage.directory / "mappings" / "partners" / "acme"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "partner.toml").write_text(rows)
    stage.configure(CONFIGURATION)
    stage.known(partner_file="acme")


def retire(stage: Stage, days: float = 31, *, dry: bool = False) -> list[str | None]:
    """What is erased (None) or stays, and why, so many days on."""
    return [file.stays for file in retention.retire(replace(stage.house, clock=Later(days)), dry)]


def settled(stage: Stage) -> None:
    """An order to a consumer's door came, was answered, the answer was confirmed, and the buyer took it back."""
    says(stage)
    stage.drop("order.edi", envelope(consumers_order()))
    stage.turn()
    stage.drop("ack.edi", envelope(functional_acknowledgment(1), code="FA", icn=2))
    stage.turn()
    stage.ask("UPDATE orders SET state = 'cancelled'")


def document(stage: Stage, set_id: str) -> int:
    """The id of the first document of a set."""
    return int(stage.ask(f"SELECT MIN(id) FROM documents WHERE \"set\" = '{set_id}'")[0][0])


def condition(stage: Stage) -> list[str]:
    """How the archive's files are, by digest."""
    digests = stage.ask("SELECT digest FROM receipts UNION SELECT digest FROM parcels ORDER BY 1")
    return [stage.house.archive.condition(digest) for (digest,) in digests]  # type: ignore[attr-defined]


def test_what_is_settled_and_old_is_erased_with_everything_personal_and_the_entry_stays(stage: Stage) -> None:
    settled(stage)
    stage.ask("UPDATE issues SET state = 'closed'")
    before = stage.documents()
    assert retire(stage) == [None, None, None, None]
    assert condition(stage) == ["erased"] * 4
    assert stage.documents() == before
    stage.closing.close()
    files = [path for path in stage.directory.rglob("*") if path.is_file() and "mailbox" not in path.parts]
    assert [path.name for path in files if b"SECRET LANE" in path.read_bytes() or b"JANE" in path.read_bytes()] == []


def test_what_was_said_of_an_order_stays_a_whole_noun(stage: Stage) -> None:
    settled(stage)
    retire(stage)
    with view(stage.house) as connection:
        told = report.document(connection, document(stage, "850"))
    assert told
    noun = model.noun("order").model_validate(told["document"])
    assert (noun.model_dump()["number"], told["erased"] is None) == ("PO-1", False)
    assert told["document"]["parties"] == [
        {"role": "ship_to", "country": "US", "more_names": [], "address": [], "references": [], "contacts": []}
    ]


def test_reading_what_was_erased_says_so_and_is_no_loss(stage: Stage) -> None:
    settled(stage)
    retire(stage)
    for set_id in ("850", "855"):
        with view(stage.house) as connection:
            stored = report.stored(connection, document(stage, set_id))
        assert stored
        with pytest.raises(GatewayError) as raised:
            stage.house.archive.read(stored[1])
        assert raised.value.kind.code == "archive.erased"
    with pytest.raises(GatewayError) as raised:
        desk.resend(stage.house, document(stage, "855"))
    assert raised.value.kind.code == "archive.erased"


def test_the_same_bytes_are_a_duplicate_after_they_were_erased_and_are_erased_again_in_their_time(stage: Stage) -> None:
    settled(stage)
    retire(stage)
    orders = stage.orders()
    stage.drop("again.edi", envelope(consumers_order()))
    stage.turn()
    assert (stage.orders(), stage.ask("SELECT verdict FROM arrivals ORDER BY id DESC LIMIT 1")) == (
        orders, [("duplicate",)],
    )
    assert "archive.erased" not in stage.issues()
    assert "internal.archive-lost" not in stage.issues()
    stage.ask("UPDATE issues SET state = 'closed'")
    stage.ask("UPDATE erasures SET at = '2020-01-01 00:00:00.000000'")
    assert retire(stage, 29) == []
    retire(stage, 32)
    assert condition(stage) == ["erased"] * 4


def test_nothing_is_erased_before_its_days_are_over_nor_without_a_word_of_the_partners_file(stage: Stage) -> None:
    settled(stage)
    assert retire(stage, 29) == []
    says(stage, "")
    assert retire(stage, 10_000) == []
    assert set(condition(stage)) == {"whole"}


def test_a_dry_run_tells_the_same_and_erases_nothing(stage: Stage) -> None:
    settled(stage)
    assert retire(stage, dry=True) == [None, None, None, None]
    assert set(condition(stage)) == {"whole"}
    assert retire(stage) == [None, None, None, None]
    assert retire(stage) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("UPDATE receipts SET state = 'held' WHERE id = 1", "receipt 1 is held"),
        ("UPDATE receipts SET state = 'waiting' WHERE id = 1", "receipt 1 is waiting"),
        ("UPDATE arrivals SET settled_at = NULL WHERE id = 1", "order.edi lies in its mailbox still"),
        ("UPDATE documents SET state = 'held' WHERE \"set\" = '850'", "is held"),
        ("UPDATE parcels SET state = 'queued' WHERE id = 2", "parcel 2 is queued"),
        ("UPDATE documents SET state = 'delivered' WHERE \"set\" = '855'", "is delivered, and not confirmed"),
        ("UPDATE orders SET state = 'accepted'", "order PO-1 is accepted"),
        (ISSUE.format("receipt 1, reading", "NULL"), "issue 99 is open"),
        (ISSUE.format("a reference", "3"), "issue 99 is open"),
    ],
)
def test_what_is_unsettled_stays(stage: Stage, change: str, why: str) -> None:
    settled(stage)
    stage.ask(change)
    assert [stays for stays in retire(stage) if stays and why in stays]
    assert "whole" in condition(stage)


def test_a_file_of_several_agreements_stays_as_long_as_the_longest_of_them_says(stage: Stage) -> None:
    settled(stage)
    folder = stage.directory / "mappings" / "partners" / "other"
    folder.mkdir()
    (folder / "partner.toml").write_text("[retention]\ndays = 90\n")
    stage.ask("INSERT INTO agreements SELECT 9, 'other', ours, 'ZZ:OTHER', our_group, 'OTHER', usage, 'other', channel "
              "FROM agreements WHERE id = 1")
    stage.ask("UPDATE documents SET agreement_id = 9 WHERE \"set\" = '850'")
    assert len(retire(stage, 60)) == 3
    assert retire(stage, 91) == [None]


def test_what_a_crash_left_between_the_bytes_and_the_books_is_done_by_the_next_run(stage: Stage) -> None:
    settled(stage)
    (digest,) = stage.ask("SELECT digest FROM receipts WHERE id = 1")[0]
    stage.house.archive.erase(digest)
    assert retire(stage) == [None, None, None, None]
    with sqlite3.connect(stage.directory / "gateway.sqlite") as connection:
        assert "SECRET LANE" not in "\n".join(connection.iterdump())


# Strangers


def strange(stage: Stage) -> None:
    """Somebody whom nobody knows has sent an order to a consumer's door, and a file that is no X12."""
    stage.drop("order.edi", envelope(consumers_order()))
    stage.drop("noise.edi", "no EDI")
    stage.turn()
    stage.turn()
    assert sorted(stage.issues()) == ["document.unreadable", "trade.agreement-unknown"]


def put_away(stage: Stage) -> None:
    desk.archive(stage.house, [row[0] for row in stage.ask("SELECT id FROM issues WHERE state = 'open'")])


def test_what_a_stranger_sent_stays_while_an_issue_asks_who_it_is(stage: Stage) -> None:
    strange(stage)
    assert sorted(str(stays) for stays in retire(stage, 10_000)) == ["issue 1 is open", "issue 2 is open"]
    assert condition(stage) == ["whole"] * 2


def test_what_a_stranger_sent_is_erased_a_year_after_its_issue_was_put_away(stage: Stage) -> None:
    strange(stage)
    put_away(stage)
    assert retire(stage, 364) == []
    assert retire(stage, 366) == [None, None]
    assert condition(stage) == ["erased"] * 2
    stage.closing.close()
    files = [path for path in stage.directory.rglob("*") if path.is_file() and "mailbox" not in path.parts]
    assert [path.name for path in files if b"SECRET LANE" in path.read_bytes()] == []


def test_the_days_count_from_when_the_issue_was_put_away(stage: Stage) -> None:
    strange(stage)
    stage.ask("UPDATE receipts SET at = '2020-01-01 00:00:00'")
    stage.ask("UPDATE arrivals SET last_seen = '2020-01-01 00:00:00', settled_at = '2020-01-01 00:00:00'")
    put_away(stage)
    assert retire(stage, 364) == []
    assert retire(stage, 366) == [None, None]


@pytest.mark.parametrize(("days", "on", "erased"), [(30, 31, 2), (0, 10_000, 0)])
def test_the_house_says_how_long_what_strangers_sent_is_kept(stage: Stage, days: int, on: int, erased: int) -> None:
    stage.configure(f"[retention]\nstrangers_days = {days}\n{CONFIGURATION}")
    strange(stage)
    put_away(stage)
    assert len(retire(stage, on)) == erased


def test_a_stranger_who_comes_again_is_asked_about_anew_and_nothing_of_theirs_is_erased(stage: Stage) -> None:
    strange(stage)
    put_away(stage)
    stage.drop("next.edi", envelope(consumers_order("PO-2"), icn=2, group=2))
    stage.turn()
    assert [stays for stays in retire(stage, 400) if stays] == ["issue 3 is open"] * 2


def test_a_stranger_who_becomes_a_partner_after_their_file_was_erased_leaves_no_trouble(stage: Stage) -> None:
    strange(stage)
    put_away(stage)
    retire(stage, 366)
    stage.known()
    stage.turn()
    assert (stage.issues(), stage.orders()) == ([], [])


def test_a_file_of_a_stranger_and_a_partner_stays_as_long_as_either_says(stage: Stage) -> None:
    says(stage)
    stranger = envelope(consumers_order("PO-9"), sender="BROOK")
    stage.drop("both.edi", envelope(order(price="9"), icn=3, group=3) + stranger)
    stage.turn()
    put_away(stage)
    stage.ask("UPDATE orders SET state = 'cancelled'")
    assert retire(stage, 366) == [None, None]
    assert len(condition(stage)) == 2


# A shipped order


def shipped(stage: Stage) -> None:
    """An order was answered, shipped to the last piece, and all of it is confirmed."""
    says(stage)
    stage.drop("order.edi", envelope(consumers_order()))
    stage.turn()
    shipping.ship(stage.house, 1, "PO-1", "", cartons=[], freight=FREIGHT)
    stage.work()


def test_a_shipped_order_stays_until_its_shipment_is_confirmed(stage: Stage) -> None:
    shipped(stage)
    assert stage.orders() == [("PO-1", "shipped")]
    reasons = [stays or "" for stays in retire(stage)]
    assert sum("is delivered, and not confirmed" in stays for stays in reasons) == 3
    stage.ask("UPDATE documents SET state = 'confirmed' WHERE direction = 'out'")
    stage.ask(ISSUE.format("a word of the partner", document(stage, "856")))
    assert [stays for stays in retire(stage) if stays] == ["issue 99 is open"] * 3
    stage.ask("UPDATE issues SET state = 'closed'")
    assert set(retire(stage)) == {None}


def test_the_invoice_of_a_shipped_order_can_be_drawn_in_full_after_its_file_was_erased(stage: Stage) -> None:
    shipped(stage)
    stage.ask("UPDATE documents SET state = 'confirmed' WHERE direction = 'out'")
    assert set(retire(stage)) == {None}
    invoicing.invoice(stage.house, 1, "PO-1", "")
    stage.work()
    (invoice,) = stage.received("810")
    assert "*PO-1" in invoice
    assert "~IT1*1*3*EA*4.5**UP*700000000001~" in invoice
    assert "~IT1*2*5*EA*4.5**UP*700000000002~" in invoice
    assert "~TDS*3600~" in invoice
