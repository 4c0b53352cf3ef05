"""A seller's answer to a quote request."""

import datetime as dt

from edi_gateway.model._parts import Noun, Number, Text
from edi_gateway.model.quote_request import QuoteRequestLine


class QuoteLine(QuoteRequestLine):
    """One line of the request, with its price."""

    price: Number | None = None


class Quote(Noun):
    """What the products of a request cost, and until when."""

    purpose: Text
    """`original`, …, or a code as sent."""
    number: Text
    """The buyer's number of the request."""
    date: dt.date
    """The day of the answer."""
    until: dt.date | None = None
    """The last day on which the prices hold."""
    currency: Text | None = None
    lines: tuple[QuoteLine, ...] = ()
