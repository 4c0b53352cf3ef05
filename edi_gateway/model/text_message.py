"""A partner's message to people."""

from edi_gateway.model._parts import Noun, Text, Value


class Message(Value):
    """One message, line by line."""

    personal = frozenset({"title", "lines"})

    number: Text
    """The partner's number of it."""
    title: Text | None = None
    lines: tuple[Text, ...] = ()


class TextMessage(Noun):
    """Text for a person to read, with no form that a program could go by."""

    purpose: Text
    title: Text | None = None
    messages: tuple[Message, ...] = ()
