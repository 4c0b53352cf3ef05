"""The tables. Only facts have columns; nouns are kept as JSON beside their keys."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[dt.datetime]):
    """An instant, in UTC with its zone; stored without one."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Refuses an instant without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no zone")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """Gives the zone back."""
        return None if value is None else value.replace(tzinfo=dt.UTC)


class Amount(TypeDecorator[Decimal]):
    """A decimal, stored as text: never a float."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Without an exponent."""
        return None if value is None else f"{value:f}"

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """As it was."""
        return None if value is None else Decimal(value)


metadata = MetaData()


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _to(table: str) -> ForeignKey:
    return ForeignKey(f"{table}.id")


agreements = Table(
    "agreements", metadata, _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("ours", Text, nullable=False),
    Column("theirs", Text, nullable=False),
    Column("our_group", Text, nullable=False),
    Column("their_group", Text, nullable=False),
    Column("usage", Text, nullable=False),
    Column("partner", Text, nullable=False),
    Column("channel", Text, nullable=False),
    UniqueConstraint("ours", "theirs", "our_group", "their_group", "usage"),
)

partnerships = Table(
    "partnerships", metadata, _id(),
    Column("agreement_id", _to("agreements"), nullable=False),
    Column("name", Text, nullable=False, unique=True),
    Column("reference", Text),
    Column("role", Text, nullable=False),
    Column("price_list", Text),
    Column("currency", Text),
    Column("answer", Text, nullable=False),
    UniqueConstraint("agreement_id", "reference"),
)

prices = Table(
    "prices", metadata, _id(),
    Column("price_list", Text, nullable=False),
    Column("product_kind", Text, nullable=False),
    Column("product_id", Text, nullable=False),
    Column("price", Amount, nullable=False),
    Column("currency", Text, nullable=False),
    UniqueConstraint("price_list", "product_kind", "product_id"),
)

receipts = Table(
    "receipts", metadata, _id(),
    # The digest, with the arrival that asked for it where the bytes are run once more.
    Column("key", Text, nullable=False, unique=True),
    Column("digest", Text, nullable=False, server_default=""),
    Column("again_of", _to("receipts")),
    Column("channel", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("rank", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("receipts_waiting", "state", "rank"),
    Index("receipts_by_digest", "digest"),
)

arrivals = Table(
    "arrivals", metadata, _id(),
    Column("receipt_id", _to("receipts")),
    Column("channel", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("modified", Instant),
    Column("verdict", Text, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("times_seen", Integer, nullable=False),
    Column("settled_at", Instant),
    Column("fault", Text),
    Column("claimed", Boolean, nullable=False, server_default=false()),
    Index("arrivals_by_receipt", "receipt_id"),
    Index("arrivals_by_channel", "channel", "verdict"),
    Index("arrivals_unsettled", "channel", "settled_at"),
)

waiting_files = Table(
    "waiting_files", metadata, _id(),
    Column("channel", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("modified", Instant),
    Column("claimed", Boolean, nullable=False),
    Column("why", Text, nullable=False),
    Column("rounds", Integer, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Index("waiting_files_of_channel", "channel"),
)

marks = Table(
    "marks", metadata, _id(),
    Column("mark", Text, nullable=False),
)

channels = Table(
    "channels", metadata,
    Column("name", Text, primary_key=True),
    Column("paused_at", Instant),
)

parcels = Table(
    "parcels", metadata, _id(),
    Column("channel", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("delivered_at", Instant),
    Column("agreement_id", _to("agreements")),
    Column("partnership_id", _to("partnerships")),
    Column("set", Text),
    # The scope that ISA13 was counted in, and the number.
    Column("scope", Text),
    Column("number", Integer),
    Column("order_number", Text),
    Column("turn", Integer),
    Column("strict", Boolean, nullable=False, server_default=false()),
    Column("subject", Text),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Instant),
    Column("at_visits", Boolean, nullable=False, server_default=false()),
    # Its beginning may stand in the mailbox under its own name.
    Column("begun", Boolean, nullable=False, server_default=false()),
    Column("fault", Text),
    Column("reason", Text),
    Index("parcels_ready", "state", "channel", "id"),
    Index("parcels_of_order", "partnership_id", "order_number", "state"),
    Index("parcels_of_scope", "scope", "state"),
    Index("parcels_by_digest", "digest"),
)

attempts = Table(
    "attempts", metadata, _id(),
    Column("parcel_id", _to("parcels"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("fault", Text),
    Index("attempts_by_parcel", "parcel_id"),
)

orders = Table(
    "orders", metadata, _id(),
    Column("partnership_id", _to("partnerships"), nullable=False),
    Column("number", Text, nullable=False),
    Column("release", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("date", Text, nullable=False),
    Column("currency", Text),
    Column("body", JSON, nullable=False),
    Column("document_id", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("partnership_id", "number", "release"),
)

documents = Table(
    "documents", metadata, _id(),
    Column("direction", Text, nullable=False),
    Column("set", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("receiver", Text, nullable=False),
    Column("group_sender", Text, nullable=False),
    Column("group_receiver", Text, nullable=False),
    Column("interchange_control", Text, nullable=False),
    Column("group_code", Text, nullable=False),
    Column("group_control", Text, nullable=False),
    Column("set_control", Text, nullable=False),
    Column("test", Boolean, nullable=False),
    Column("agreement_id", _to("agreements")),
    Column("partnership_id", _to("partnerships")),
    Column("order_id", _to("orders")),
    Column("receipt_id", _to("receipts")),
    Column("interchange_ordinal", Integer),
    Column("group_ordinal", Integer),
    Column("set_ordinal", Integer),
    Column("parcel_id", _to("parcels")),
    Column("findings", JSON, nullable=False),
    Column("noun", Text),
    Column("body", JSON),
    Column("at", Instant, nullable=False),
    Column("repeats", Text),
    Column("repeats_id", Integer),
    Column("order_number", Text),
    UniqueConstraint("receipt_id", "interchange_ordinal", "group_ordinal", "set_ordinal"),
    Index("documents_by_order", "order_id"),
    Index("documents_by_parcel", "parcel_id"),
    Index("documents_sent", "agreement_id", "group_code", "group_control"),
    Index("documents_by_interchange", "receiver", "interchange_control"),
)

groups = Table(
    "groups", metadata, _id(),
    Column("receipt_id", _to("receipts"), nullable=False),
    Column("interchange_ordinal", Integer, nullable=False),
    Column("group_ordinal", Integer, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("acknowledgment_id", _to("documents")),
    Column("at", Instant, nullable=False),
    Column("agreement_id", Integer),
    Column("code", Text),
    Column("sender", Text),
    Column("receiver", Text),
    Column("control", Text),
    Column("number", Integer),
    Column("test", Boolean),
    Column("state", Text, nullable=False, server_default=""),
    Column("repeats_receipt_id", Integer),
    UniqueConstraint("receipt_id", "interchange_ordinal", "group_ordinal"),
    Index("groups_by_number", "agreement_id", "code", "number"),
)

interchanges = Table(
    "interchanges", metadata, _id(),
    Column("receipt_id", _to("receipts"), nullable=False),
    Column("interchange_ordinal", Integer, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("acknowledgment_id", _to("documents")),
    Column("at", Instant, nullable=False),
    Column("sender", Text),
    Column("receiver", Text),
    Column("control", Text),
    Column("number", Integer),
    Column("test", Boolean),
    Column("written", Text),
    Column("digest", Text),
    Column("state", Text, nullable=False, server_default=""),
    Column("repeats_receipt_id", Integer),
    UniqueConstraint("receipt_id", "interchange_ordinal"),
    Index("interchanges_by_number", "sender", "receiver", "number"),
)

entries = Table(
    "entries", metadata, _id(),
    Column("kind", Text, nullable=False),
    Column("key", Text),
    Column("at", Instant, nullable=False),
    Column("source_document_id", _to("documents")),
    Column("partnership_id", _to("partnerships")),
    Column("order_id", _to("orders")),
    Column("line", Text),
    Column("document_id", _to("documents")),
    Column("data", JSON, nullable=False),
    Index("entries_by_order", "order_id"),
    Index("entries_by_document", "document_id"),
    Index("entries_by_key", "partnership_id", "kind", "key"),
)

numbers = Table(
    "numbers", metadata,
    Column("scope", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)

inbound_numbers = Table(
    "inbound_numbers", metadata,
    Column("scope", Text, primary_key=True),
    # Where counting began, the number furthest on since, and the last one that came from behind it.
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("behind", Integer),
    Column("at", Instant, nullable=False),
)

missing_numbers = Table(
    "missing_numbers", metadata, _id(),
    Column("scope", ForeignKey("inbound_numbers.scope"), nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Index("missing_numbers_of_scope", "scope", "first"),
)

erasures = Table(
    "erasures", metadata,
    Column("digest", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)

issues = Table(
    "issues", metadata, _id(),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("partner", Text),
    Column("channel", Text),
    Column("order", Text),
    Column("document_id", _to("documents")),
    Column("opened", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("closed", Instant),
    Index("issues_open", "kind", "about", unique=True, sqlite_where=text("state = 'open'"),
          postgresql_where=text("state = 'open'")),
    Index("issues_open_about", "about", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
)
