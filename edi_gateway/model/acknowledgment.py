"""A partner's word on whether a group of ours could be read."""

from edi_gateway.model._parts import Noun, Text, Value


class ElementFault(Value):
    """One element the partner could not read; `position`, `component` and `repetition` count from 1.

    `reference` is the element's number in the standard, `code` the partner's word on it as sent.
    """

    personal = frozenset({"value"})

    position: int
    component: int | None = None
    repetition: int | None = None
    reference: Text | None = None
    code: Text
    value: Text | None = None
    """What we had sent there."""


class SegmentFault(Value):
    """One segment the partner could not read; `position` counts from the set's first segment."""

    segment: Text
    position: int
    loop: Text | None = None
    code: Text | None = None
    """What is wrong with the segment, as sent."""
    elements: tuple[ElementFault, ...] = ()


class SetAnswer(Value):
    """The verdict on one document of the group."""

    set: Text
    control: Text
    """The number we gave the document."""
    implementation: Text | None = None
    """The convention that the document says it keeps to, where the partner repeats it."""
    verdict: Text
    """As for the group."""
    codes: tuple[Text, ...] = ()
    """What is wrong with the document as a whole, as sent."""
    faults: tuple[SegmentFault, ...] = ()


class Acknowledgment(Noun):
    """The verdict on one group of ours: syntax only, nothing about the business.

    `verdict` is `accepted`, `accepted_with_errors`, `partly_accepted`, `rejected`, or a code as sent.
    Without `sets` it speaks for every document of the group.
    """

    group_code: Text
    """What kind of documents the group held, such as `PR`."""
    group_control: Text
    """The number we gave the group."""
    group_version: Text | None = None
    """The version the group is in, where the partner repeats it."""
    verdict: Text
    included: int
    """How many documents the group said it holds, …"""
    received: int
    """… how many the partner counted, …"""
    accepted: int
    """… and how many of them they took."""
    codes: tuple[Text, ...] = ()
    """What is wrong with the group itself, as sent."""
    sets: tuple[SetAnswer, ...] = ()
