"""Judges a set page by page, as it streams: the same is found as in one that is held whole, and little is held."""

from collections.abc import Callable, Iterable, Iterator

from edi_gateway.issues import Finding
from edi_gateway.x12 import placed
from edi_gateway.x12.agreed import Look
from edi_gateway.x12.compile import Table
from edi_gateway.x12.envelope import Transaction
from edi_gateway.x12.following import Following, Walked
from edi_gateway.x12.hierarchy import Levels
from edi_gateway.x12.pages import Page
from edi_gateway.x12.pattern import Unsound
from edi_gateway.x12.tallies import Tally, listed
from edi_gateway.x12.tokens import Separators, odd_rows
from edi_gateway.x12.totals import Held

Settle = Callable[[Iterable[Finding]], Iterator[Finding]]
"""The findings as they are weighed."""


def judged(transaction: Transaction, table: Table, of_set: Iterable[Finding], settle: Settle) -> list[Finding]:
    """What is found in a set that comes in pages, which are exhausted by it; `of_set` is what is known already.

    No more is listed than of any set, and in the same order of matters. Raises `ValueError` where somebody has
    taken the pages already.
    """
    pages = transaction.pages
    assert pages is not None
    following = Following(table, Page(0, transaction.separators))
    matters = _Matters(transaction, table, settle)
    for page in pages:
        matters.take(following.take(page), following.faultless)
    if not following.begun:
        raise ValueError("the pages of the set have been passed over")
    matters.take(following.close(), following.faultless)
    matters.close(following.faultless)
    envelope = Tally()
    envelope.add(settle([*transaction.findings, *of_set]))
    return listed([envelope, *matters.tallies])


class _InHand:
    """Tells the offsets of the page that is looked at."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def separators(self) -> Separators:
        """What parts the components."""
        return self.page.separators

    def offset(self, position: int) -> int:
        """Where a segment of the page begins."""
        return self.page.offset(position)


class _Matters:
    """What is looked at in each page, and how it stands with each of it."""

    def __init__(self, transaction: Transaction, table: Table, settle: Settle) -> None:
        definition = table.definition
        self._definition = definition
        self._settle = settle
        self._table = table
        self._held = Held(definition)
        self._levels = Levels(definition)
        self._ascii = True
        self._in_hand = _InHand(Page(0, transaction.separators))
        ruled = definition.counted or definition.rules
        self._look = Look(table.agreed, self._in_hand) if ruled else None
        self.tallies = [Tally() for _ in range(6)]
        """Of the structure, the elements, the totals, the tree, the characters, and of what is agreed."""

    def take(self, walked: Walked, faultless: bool) -> None:
        """Looks at the segments that are settled; `faultless` says that the structure was sound so far."""
        page, places = walked.page, walked.places
        structure, elements, _, _, characters, agreed = self.tallies
        structure.add(self._settle(placed.of_structure(walked.around, fault) for fault in walked.faults))
        odd: frozenset[int] = frozenset() if page.plain else odd_rows(page.segments)
        if not elements.full:
            steps = self._table.steps(page.separators, page.compound)
            smooth = walked.judged is places and not odd
            faulty: Iterable[Unsound] = placed.unsound(page.segments, steps, places) if smooth else placed.faulty(
                page, steps, walked.judged, odd
            )
            elements.add(self._settle(placed.of_segments(page, self._definition, walked.judged, faulty)))
        if faultless:
            self._held.take(page, places)
        self._levels.take(page)
        if odd and self._ascii:
            remarks = list(placed.not_ascii(page, odd))
            self._ascii = not remarks
            characters.add(self._settle(remarks))
        self._in_hand.page = page
        if self._look is not None:
            agreed.add(self._settle(self._look.take(page.segments, places, page.first)))

    def close(self, faultless: bool) -> None:
        """What is known only at the end."""
        _, _, totals, tree, _, agreed = self.tallies
        # Where segments are missing or out of place, a total that differs is no fault of its own.
        if faultless:
            totals.add(self._settle(self._held.differing()))
        tree.add(self._settle(self._levels.findings()))
        if self._look is not None:
            agreed.add(self._settle(self._look.close()))
