"""A malformed file still finds its order: what can be read of it puts it where people look."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine

from edi_gateway.flows import salvaging
from edi_gateway.reports import documents as listed
from edi_gateway.reports import issues as desk
from edi_gateway.reports import order_records
from tests.flows.stage import Stage, envelope, order

BROKEN = order("PO-1", control="0002", reference="V-7").replace("**20260301~", "**20261399~")


@pytest.fixture
def two(stage: Stage) -> Stage:
    """One agreement with two partnerships, told apart by our number at them."""
    folder = stage.directory / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text('[reference]\n850 = "REF[IA]02"\n', encoding="utf-8")
    stage.known(partner_file="acme", reference="V-7")
    stage.known(partner_file="acme", reference="V-8", partnership_name="acme-garden")
    return stage


def seen(stage: Stage) -> tuple[list[str], list[str], list[str]]:
    """The states in which `orders show`, `documents list --order` and `issues --order` show what came."""
    with open_view(stage) as connection:
        order_id = stage.ask("SELECT id FROM orders WHERE number = 'PO-1'")
        records = order_records.records(connection, order_id[0][0]) if order_id else iter(())
        return (
            [row["state"] for row in records if row["direction"] == "in"],
            [row["state"] for row in listed.documents(connection, order="PO-1", direction="in")],
            [row["kind"] for row in desk.issues(connection, order="PO-1")],
        )


@contextmanager
def open_view(stage: Stage) -> Iterator[Connection]:
    """The books as a report reads them."""
    engine = create_engine(f"sqlite:///{stage.directory / 'gateway.sqlite'}")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def come(stage: Stage, *contents: str) -> None:
    for content in contents:
        stage.drop(f"file{len(stage.ask('SELECT id FROM arrivals'))}.edi", content)
        stage.turn()


def test_a_rejected_set_is_seen_at_its_partnership_and_order(two: Stage) -> None:
    come(two, envelope(order("PO-1", reference="V-7")), envelope(BROKEN, icn=2, group=2))
    assert seen(two) == (["answered", "rejected"], ["answered", "rejected"], ["document.rejected"])
    ((known, partnership),) = two.ask(
        "SELECT order_id, partnerships.name FROM documents JOIN partnerships "
        "ON partnerships.id = documents.partnership_id WHERE documents.state = 'rejected'"
    )
    assert (known, partnership) == (1, "acme-books")


def test_a_rejected_set_that_came_before_its_order_is_seen_at_the_order_later(two: Stage) -> None:
    come(two, envelope(BROKEN), envelope(order("PO-1", reference="V-7"), icn=2, group=2))
    assert seen(two) == (["rejected", "answered"], ["rejected", "answered"], [])


def test_an_order_of_that_number_at_another_partnership_is_left_alone(two: Stage) -> None:
    come(two, envelope(order("PO-1", reference="V-8")), envelope(BROKEN, icn=2, group=2))
    assert seen(two)[0] == ["answered"]


@pytest.mark.parametrize("damage", [
    lambda text: text.replace("IEA*1*000000002", "IEA*1*000000009"), lambda text: text.split("IEA")[0],
    lambda text: text.replace("GE*1*2~", ""), lambda text: text.split("CTT")[0],
], ids=["numbers differ", "cut off", "no GE", "cut off in the set"])
def test_the_sets_of_a_refused_interchange_or_group_are_seen_at_their_order(two: Stage, damage: Any) -> None:
    broken = damage(envelope(order("PO-1", reference="V-7"), icn=2, group=2))
    come(two, envelope(order("PO-1", reference="V-7")), broken)
    two.turn()
    orders, documents, _ = seen(two)
    assert (orders, documents) == (["answered", "rejected"], ["answered", "rejected"])


def test_segments_out_of_order_do_not_keep_the_number_from_being_read(two: Stage) -> None:
    jumbled = ("ST*850*0001~PO1*1*3*EA*4.5**UP*700000000001~REF*IA*V-7~BEG*00*SA*PO-1**20260301~"
               "N9*ZZ~XX*1~SE*7*0001~")
    come(two, envelope(jumbled))
    assert two.ask("SELECT state, order_number, partnership_id FROM documents WHERE direction = 'in'") == [
        ("rejected", "PO-1", 1),
    ]


def test_a_file_that_cannot_be_read_at_all_is_filed_under_the_partner_its_header_names(stage: Stage) -> None:
    stage.known()
    come(stage, envelope(order())[:60])
    assert stage.ask("SELECT kind, partner FROM issues") == [("document.unreadable", "acme")]
    assert stage.ask("SELECT state, sender, agreement_id, file FROM documents") == [
        ("rejected", "ZZ:ACME", 1, "file0.edi"),
    ]


def test_an_interchange_in_which_no_set_can_be_seen_is_in_the_list_of_documents(stage: Stage) -> None:
    stage.known()
    come(stage, envelope(order()).split("ST*")[0])
    stage.turn()
    assert stage.ask("SELECT state, interchange_control, agreement_id FROM documents WHERE direction = 'in'") == [
        ("rejected", "000000001", 1),
    ]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 200))
def test_bytes_of_any_kind_give_ids_or_none_and_no_error(noise: bytes, at: int) -> None:
    header = envelope(order()).encode()
    assert len(list(salvaging.ids(header[:at] + noise + header[at:]))) <= salvaging.HEADERS_MAX
    assert list(salvaging.ids(b"ISA*" * 1000)) is not None


@pytest.mark.parametrize("damage", [lambda text: text, lambda text: text.split("CTT")[0]], ids=["one set", "cut off"])
def test_a_partner_without_a_file_of_their_own_has_broken_orders_seen_at_their_order_too(
    stage: Stage, damage: Any
) -> None:
    stage.known()
    come(stage, envelope(order("PO-1")), damage(envelope(BROKEN, icn=2, group=2)))
    stage.turn()
    orders, documents, _ = seen(stage)
    assert (orders, documents) == (["answered", "rejected"], ["answered", "rejected"])
