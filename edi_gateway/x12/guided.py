"""What a partner's guide says of a set, as values: which rows changed what, what is counted, and the rules."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from edi_gateway.x12.spec import Element

Verb = Literal["is", "is not", "is there", "is missing", "equals"]


@dataclass(frozen=True, slots=True)
class Guided:
    """What a guide has changed of a place, loop, segment or element: `words` are those of its row.

    `page` tells where the guide says so, empty where nobody wrote it down; `codes` are those of the row, in its order.
    """

    words: frozenset[str] = frozenset()
    page: str = ""
    codes: tuple[str, ...] = ()

    @property
    def cited(self) -> str:
        """The page as the end of a sentence."""
        return cited(self.page)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a path such as `N1[ST]/N104` leads: a segment of certain places, or an element of it.

    `around` are the loops whose first segment must hold a code: the place that opens it, the element, the code.
    `code` is the same of the segment itself. `scope` opens the loop around it, None where that is the set.
    """

    path: str
    segment: str
    loop: str
    places: frozenset[int]
    around: tuple[tuple[int, int, str], ...] = ()
    code: tuple[int, str] | None = None
    scope: int | None = None
    element: int | None = None
    component: int | None = None

    @property
    def plain(self) -> bool:
        """Whether no code is asked for on the way."""
        return not self.around and self.code is None


@dataclass(frozen=True, slots=True)
class Counted:
    """A segment that must occur so often in each occurrence of the loop around it, and whose elements are narrower."""

    spot: Spot
    least: int = 0
    most: int | None = None
    elements: tuple["Element", ...] = ()
    page: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One half of a rule: what is said of a spot. `codes` are those of `is`, `other` is that of `equals`."""

    spot: Spot
    verb: Verb
    codes: tuple[str, ...] = ()
    other: Spot | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Where all of `when` hold, `then` must hold; in each occurrence of the loop that `scope` opens, else in the set.

    `inside` are the places of that loop.
    """

    words: str
    when: tuple[Clause, ...]
    then: Clause
    scope: Spot | None = None
    inside: frozenset[int] = frozenset()
    page: str = ""


def cited(page: str) -> str:
    """A page as the end of a sentence, empty where there is none."""
    return f" (guide, {page})" if page else ""
