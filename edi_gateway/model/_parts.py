"""The parts that nouns are made of.

Ids are text. Amounts are `Decimal` in the one currency of their document. A date without a time
stays a date. `None` means "not said", never an empty text or zero.

A *kind* (of a product id, a party, a reference, a date) is a lower-case word where the mapping
knows one, such as `upc` or `ship_to`; a code it does not know stands as it was sent, in upper case.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer


def plain(number: Decimal) -> str:
    """The number as text without an exponent, its digits as they are: `1.50` stays `1.50`."""
    return format(number, "f")


Text = Annotated[str, Field(min_length=1)]
Number = Annotated[Decimal, Field(max_digits=38), PlainSerializer(plain, return_type=str, when_used="json")]


class Value(BaseModel):
    """A frozen value that knows all its fields.

    `personal` names those that tell who somebody is or where they live, or in which anybody may have written so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    personal: ClassVar[frozenset[str]] = frozenset()

    def impersonal(self) -> Self:
        """The value without what is personal in it, however deep: those fields are as if they had not been said."""
        fields = type(self).model_fields
        said = {
            name: field.get_default() if name in self.personal else _impersonal(getattr(self, name))
            for name, field in fields.items()
        }
        return self.model_copy(update=said)


class ProductId(Value):
    """One name of a product: a barcode, the buyer's or the seller's number."""

    kind: Text
    """`upc`, `ean`, `sku`, `vendor_item`, …, or a code as sent."""
    value: Text


class ContactWay(Value):
    """One way to reach somebody: `kind` is `phone`, `email`, `fax`, …, or a code as sent."""

    kind: Text
    value: Text


class Contact(Value):
    """A person or desk of a party, with the ways to reach them."""

    personal = frozenset({"name", "ways"})

    role: Text
    """What they can be asked for: `buyer`, `delivery`, …, or a code as sent."""
    name: Text | None = None
    ways: tuple[ContactWay, ...] = ()


class Reference(Value):
    """A number by which somebody knows something, such as our vendor number."""

    personal = frozenset({"description"})

    kind: Text
    """Whose number of what it is: `vendor_number`, `department`, …, or a code as sent."""
    value: Text | None = None
    description: Text | None = None


class Party(Value):
    """Somebody with a role in a document, with their address."""

    personal = frozenset({
        "name", "id_kind", "id", "more_names", "address", "city", "state", "postal_code", "references", "contacts",
    })

    role: Text
    """`ship_to`, `bill_to`, `buyer`, `vendor`, …, or a code as sent."""
    name: Text | None = None
    id_kind: Text | None = None
    """Who gave the id: `buyer_assigned`, `duns`, `gln`, …, or a code as sent."""
    id: Text | None = None
    more_names: tuple[Text, ...] = ()
    """Further lines of the name."""
    address: tuple[Text, ...] = ()
    """The lines of street and house, top to bottom."""
    city: Text | None = None
    state: Text | None = None
    postal_code: Text | None = None
    country: Text | None = None
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()


def _impersonal(said: Any) -> Any:
    if isinstance(said, Value):
        return said.impersonal()
    return tuple(map(_impersonal, said)) if isinstance(said, tuple) else said


class DatedEvent(Value):
    """A date that means something: `kind` says what, such as `ship_by`."""

    kind: Text
    date: dt.date
    time: dt.time | None = None


class Terms(Value):
    """When goods are to be paid for, and what is gained by paying early."""

    type: Text | None = None
    """`basic`, `end_of_month`, …, or a code as sent."""
    basis: Text | None = None
    """What the days are counted from: `invoice`, `delivery`, …, or a code as sent."""
    percent: Number | None = None
    """The discount for paying in time, by percentage …"""
    discount_amount: Number | None = None
    """… or as an amount."""
    discount_days: int | None = None
    discount_date: dt.date | None = None
    net_days: int | None = None
    due_date: dt.date | None = None
    description: Text | None = None


class Noun(Value):
    """A whole document."""

    names_order: ClassVar[str] = ""
    """The field that holds the number of the order a document is about, such as `orders.number`."""

    def as_json(self) -> dict[str, Any]:
        """The noun as a JSON object: what is not said is left out, numbers are texts, dates are ISO 8601."""
        return self.model_dump(mode="json", exclude_none=True)

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Self:
        """The noun of such an object. Raises `pydantic.ValidationError`."""
        return cls.model_validate(row)


__all__ = [
    "Contact", "ContactWay", "DatedEvent", "Noun", "Number", "Party", "ProductId", "Reference", "Terms", "Text",
    "Value",
]
