"""A partner's message to people: somebody reads it, and nothing follows by itself."""

from edi_gateway.issues import trade
from edi_gateway.ledger.facts import Entry, Key, Past, Posted, Trouble
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.ledger.receiving import fingerprint
from edi_gateway.model.text_message import Message, TextMessage

PARTNERSHIP = False
_NOTE_MAX = 4_000


def needs(said: TextMessage) -> tuple[Key, ...]:
    """Nothing: a text stands for itself."""
    return ()


def post(said: TextMessage, partnership: Partnership | None, past: Past) -> Posted:
    """One fact, and one issue with the text; the same text again is counted there."""
    content = fingerprint(said)
    text = "\n".join((*([said.title] if said.title else ()), *(_text(message) for message in said.messages)))
    note = text if len(text) <= _NOTE_MAX else text[: _NOTE_MAX - 1] + "…"
    trouble = Trouble(trade.TEXT_RECEIVED, f"text {content[:12]}", note)
    return Posted("posted", (Entry("text.received", {"content": content}, key=content),), (trouble,))


def _text(message: Message) -> str:
    title = f"{message.number}: {message.title}" if message.title else message.number
    return "\n".join((title, *message.lines))
