"""What a partner wants told in our documents beside what they are about: the rows `[shipment]` and so on, by noun."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from edi_gateway.ledger.wanted import SHIPMENT, Wanted
from edi_gateway.model._parts import Party

Word = Annotated[str, StringConstraints(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class OurParty(_Part):
    """A party on our side, such as who is to be paid."""

    name: Word | None = None
    id_kind: Word | None = None
    id: Word | None = None
    more_names: tuple[Word, ...] = Field((), strict=False)
    address: tuple[Word, ...] = Field((), strict=False)
    city: Word | None = None
    state: Word | None = None
    postal_code: Word | None = None
    country: Word | None = None


class Told(_Part):
    """What is told in a document beside what it is about: of the order by kind and role, and of ours by role."""

    references: tuple[Word, ...] = Field((), strict=False)
    parties: tuple[Word, ...] = Field((), strict=False)
    ours: Mapping[Word, OurParty] = {}

    @property
    def words(self) -> Iterator[tuple[str, str, str]]:
        """Every kind and role that is named: its row, the table of its codes, and the word."""
        yield from (("references", "reference", word) for word in self.references)
        yield from (("parties", "party_role", word) for word in self.parties)
        yield from ((f"ours.{word}", "party_role", word) for word in self.ours)

    @property
    def wanted(self) -> Wanted:
        """The same as the ledger wants it."""
        ours = tuple(Party(role=role, **dict(party)) for role, party in self.ours.items())
        return Wanted(**{**dict(self), "ours": ours})


class ShipmentRows(Told):
    """What a ship notice tells beside: with `packages` how many there are, with `packaging` what they are, too."""

    parties: tuple[Word, ...] = Field(SHIPMENT.parties, strict=False)
    packages: bool = False
    packaging: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{3,5}$")] | None = None


class InvoiceRows(Told):
    """What an invoice tells beside: the order's `terms`, and the day on which goods of it were last `shipped`."""

    terms: bool = False
    shipped: bool = False
