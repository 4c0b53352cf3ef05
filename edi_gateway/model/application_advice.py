"""A partner's word on what their own system made of documents of ours."""

import datetime as dt

from edi_gateway.model._parts import Noun, Text, Value


class AdviceFault(Value):
    """One thing that is wrong; `position` counts from the document's first segment, `element` within the segment."""

    personal = frozenset({"text", "value", "should_be", "notes"})

    code: Text
    """What is wrong: `duplicate`, `data_missing`, …, or a code as sent."""
    text: Text | None = None
    segment: Text | None = None
    position: int | None = None
    element: int | None = None
    value: Text | None = None
    """What we had sent there, …"""
    should_be: Text | None = None
    """… and what they put in its place."""
    notes: tuple[Text, ...] = ()


class Advice(Value):
    """The verdict on one document of ours, or on a part of it.

    `verdict` is `set_accepted`, `set_rejected`, `item_rejected`, …, or a code as sent.
    """

    verdict: Text
    kind: Text
    """What `number` is: `seller_invoice`, `purchase_order`, …, or a code as sent."""
    number: Text
    group_control: Text | None = None
    """The number we gave the document's group, …"""
    set_control: Text | None = None
    """… and the one we gave the document."""
    set: Text | None = None
    """Which set the document is."""
    faults: tuple[AdviceFault, ...] = ()


class ApplicationAdvice(Noun):
    """Which documents of ours a partner's system took, and which it did not: the business's word, often days later."""

    purpose: Text
    number: Text
    """The partner's number of the advice."""
    date: dt.date
    advices: tuple[Advice, ...] = ()
