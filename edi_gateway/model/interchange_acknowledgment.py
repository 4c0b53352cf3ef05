"""A partner's word on whether the envelope of a file of ours could be read."""

from edi_gateway.model._parts import Noun, Text


class InterchangeAcknowledgment(Noun):
    """The verdict on one file of ours as a whole: its envelope only, nothing about the documents in it.

    `verdict` is `accepted`, `accepted_with_errors`, `rejected`, or a code as sent.
    """

    number: Text
    """The number we gave the file's interchange, …"""
    date: Text
    """… and when we wrote it: the day as it stands there, `260301`, …"""
    time: Text
    """… and the time of day, `0930`."""
    verdict: Text
    code: Text
    """What is wrong with it, as sent; `000` for nothing."""
