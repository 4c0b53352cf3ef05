"""What follows from a noun: pure rules, one posting a file, named as its noun.

A posting has `needs(noun) -> keys` and `post(noun, partnership, past) -> Posted`; one that can look
again at what it held has `again(...)` too, and `identity(noun) -> key` names what makes a noun one that came before.
`PARTNERSHIP = False` says that its noun belongs to the agreement and to no single partnership; `TESTS = True` that it
follows from a test, too: it speaks of tests of ours.
"""

from types import ModuleType

from edi_gateway import discover, model
from edi_gateway.issues import trade
from edi_gateway.ledger.facts import Key, Past, Posted
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.model import Noun

SHELF = "edi_gateway.ledger.postings"


def needs(noun: Noun) -> tuple[Key, ...]:
    """The keys of the past that posting this noun asks for."""
    keys: tuple[Key, ...] = _posting(noun).needs(noun)
    return keys


def post(noun: Noun, partnership: Partnership | None, past: Past) -> Posted:
    """What follows from a noun. Raises `GatewayError` (`trade.not-taken`) where no posting knows it."""
    posted: Posted = _posting(noun).post(noun, partnership, past)
    return posted


def again(noun: Noun, partnership: Partnership | None, past: Past) -> Posted:
    """What follows from a noun that is on the books but was held.

    Raises `GatewayError` (`trade.issue-not-found`) where its posting has nothing to look at again.
    """
    posting = _posting(noun)
    if not hasattr(posting, "again"):
        raise trade.ISSUE_NOT_FOUND.error(f"of a document {model.name(noun)!r} nothing is held")
    posted: Posted = posting.again(noun, partnership, past)
    return posted


def identity(noun: Noun) -> Key | None:
    """The key of the past by which the noun is known when it comes again; None where the newest of its kind counts."""
    posting = _posting(noun)
    return posting.identity(noun) if hasattr(posting, "identity") else None


def wants_partnership(noun: Noun) -> bool:
    """Whether the noun belongs to a partnership rather than to the agreement alone."""
    return bool(getattr(_posting(noun), "PARTNERSHIP", True))


def takes_tests(noun: Noun) -> bool:
    """Whether something follows from the noun when it comes as a test: it is a word on test documents of ours."""
    name = model.name(noun)
    return name in discover.names(SHELF) and bool(getattr(_posting(noun), "TESTS", False))


def _posting(noun: Noun) -> ModuleType:
    name = model.name(noun)
    if name not in discover.names(SHELF):
        raise trade.NOT_TAKEN.error(f"no posting takes the document {name!r}")
    return discover.member(SHELF, name)
