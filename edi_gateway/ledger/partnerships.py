"""Who buys from whom."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Partnership:
    """The business relation: who buys from whom. `reference` is our number at the partner, if any.

    `answer` says whether an order that agrees with us is answered at once or by a person.
    """

    id: int
    agreement_id: int
    name: str
    reference: str | None
    role: Literal["seller", "buyer"]
    price_list: str | None
    currency: str | None
    answer: Literal["auto", "manual"]
