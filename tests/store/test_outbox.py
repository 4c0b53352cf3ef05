"""What was queued before parcels knew what they are."""

from pathlib import Path

from sqlalchemy import text

from edi_gateway.store.migrate import migrate
from edi_gateway.store.sql import SqlStore
from tests.store.test_steps import NOW, to

BEFORE = (
    """INSERT INTO agreements (id, name, ours, theirs, our_group, their_group, "usage", partner, channel)
    VALUES (1, 'acme', 'ZZ:SELLER', 'ZZ:ACME', 'SELLER', 'ACME', 'production', '', 'acme')""",
    "INSERT INTO partnerships (id, agreement_id, name, role, answer) VALUES (1, 1, 'acme-books', 'seller', 'auto')",
    """INSERT INTO orders (id, partnership_id, number, "release", state, date, body, document_id, at)
    VALUES (1, 1, 'PO-1', '', 'accepted', '2026-03-01', '{}', 1, '2026-03-02 09:30:00')""",
    """INSERT INTO parcels (id, channel, name, digest, size_bytes, state, queued_at)
    VALUES (1, 'acme', 'a.x12', 'd1', 3, 'queued', '2026-03-02 09:30:00')""",
    """INSERT INTO documents (direction, "set", version, state, channel, file, sender, receiver, group_sender,
    group_receiver, interchange_control, group_code, group_control, set_control, test, agreement_id, partnership_id,
    order_id, parcel_id, findings, at)
    VALUES ('out', '855', '004010', 'prepared', 'acme', 'a.x12', 'ZZ:SELLER', 'ZZ:ACME', 'SELLER', 'ACME', '000000007',
    'PR', '1', '0001', 0, 1, 1, 1, 1, '[]', '2026-03-02 09:30:00')""",
)


def test_what_waits_goes_on_and_knows_whose_it_is_and_its_number(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path / 'gateway.sqlite'}")
    to(store, "0005")
    with store.unit() as unit:
        for row in BEFORE:
            unit.connection.execute(text(row))
        migrate(unit.connection)
    with store.reading() as reading:
        (waits,) = reading.outbox.ready("acme", 9, NOW)
        told = reading.connection.execute(text("SELECT scope, number, partnership_id FROM parcels")).one()
    assert (waits.set, waits.partner, waits.order_number, waits.tries) == ("855", "acme", "PO-1", 0)
    assert tuple(told) == ("ISA13 ZZ:SELLER ZZ:ACME P", 7, 1)
    store.close()
