"""What the words of partners on our own documents share: whether a word is news, and how it is kept.

A document is settled once, and the first word stands. The same word again, or one that our own second copy has
caused, is kept as a fact and troubles nobody; one that contradicts the first is for a person to look at.
"""

from collections.abc import Mapping
from typing import Any, Literal

from edi_gateway.issues import Kind, trade
from edi_gateway.ledger.facts import Entry, SentDocument, Trouble

News = Literal["new", "repeated", "of-our-copy", "contradicts"]

CONFIRMED, REJECTED, REOPENED = "confirmed", "rejected", "reopened"
RESENT = "document.resent"
ACCEPTED = ("accepted", "accepted_with_errors")
"""The verdicts by which a document is taken; every other, known or not, is a rejection."""


def news(takes: bool, taken: bool, refused: bool, copies: int, used_before: bool = False) -> News:
    """What a word is: `takes` is what it says, `taken` and `refused` what was said before, `copies` how often it went.

    A rejection of what was accepted is caused by our own second copy where there was one; and of a file that went
    more than once it is so from the start, when its code says that the number was used before (`used_before`).
    """
    if takes:
        return "contradicts" if refused else "repeated" if taken else "new"
    if copies > 1 and (taken or used_before):
        return "of-our-copy"
    if taken:
        return "contradicts"
    return "repeated" if refused else "new"


def said_since_resent(document: SentDocument, word: str) -> bool:
    """Whether that was said of it since a person sent it again: a new word was asked for then."""
    words = document.words[::-1]
    fresh = words[: words.index(RESENT)] if RESENT in words else words
    return word in fresh


def remark(what: str, document: SentDocument, said: Mapping[str, Any]) -> Entry:
    """A fact about a document that changes nothing."""
    return Entry(f"acknowledgment.{what}", said, order=document.order, document_id=document.id)


def change(kind: str, document: SentDocument, said: Mapping[str, Any], state: str | None) -> Entry:
    """A fact about a document, and the state it brings it to; None leaves it where it is."""
    return Entry(kind, said, order=document.order, document_id=document.id, document_state=state)


def contradiction(document: SentDocument, verdict: str) -> Trouble:
    """The partner has said both."""
    note = f"document {document.id} ({document.set}) is {document.state}, and now they say: {verdict.replace('_', ' ')}"
    return trouble(trade.ACKNOWLEDGMENT_CONTRADICTS, document, note)


def trouble(kind: Kind, document: SentDocument, note: str) -> Trouble:
    """A trouble with one document of ours."""
    order = document.order[0] if document.order else None
    return Trouble(kind, f"document {document.id}", note, order=order, document_id=document.id)


def number(control: str | None) -> str:
    """A control number without the zeros before it; empty where there is none."""
    return (control or "").lstrip("0") or ("0" if control else "")
