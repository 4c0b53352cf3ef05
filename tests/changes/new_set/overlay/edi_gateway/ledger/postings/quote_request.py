"""A buyer asks for prices: answered from the price list, or held until the list has them all."""

import datetime as dt

from edi_gateway.issues import Kind, quote, trade
from edi_gateway.ledger.facts import AgreedPrice, Entry, Key, Past, Posted, Trouble
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.ledger.receiving import fingerprint
from edi_gateway.model.quote import Quote, QuoteLine
from edi_gateway.model.quote_request import QuoteRequest, QuoteRequestLine

VALID = dt.timedelta(days=30)


def needs(request: QuoteRequest) -> tuple[Key, ...]:
    """Today's date, our last quote for that number, and the price of each product."""
    prices = (("price", p.kind, p.value) for line in request.lines for p in line.product_ids)
    return (("today",), _last(request), *dict.fromkeys(prices))


def post(request: QuoteRequest, partnership: Partnership | None, past: Past) -> Posted:
    """One fact and one quote; the same question again is no news."""
    assert partnership is not None
    if partnership.role != "seller":
        raise trade.NOT_TAKEN.error(f"{partnership.name} sells to us, and asks for a quote")
    if request.purpose != "original":
        return _held(quote.PURPOSE_UNKNOWN, request, f"its purpose is {request.purpose!r}")
    asked, last = fingerprint(request), past.get(_last(request))
    if last is not None and last["asked"] == asked:
        return Posted("read")
    found = [_price(line, past) for line in request.lines]
    currency = partnership.currency or next((price.currency for price in found if price), None)
    lines, missing = [], []
    for ordinal, (line, price) in enumerate(zip(request.lines, found, strict=True), 1):
        if price is None or price.currency != currency:
            missing.append(f"line {line.number or ordinal}")
        else:
            lines.append(QuoteLine(**dict(line), price=price.price))
    if missing:
        why = f"there is no price in {currency or 'any currency'} for {', '.join(missing)}"
        return _held(quote.PRICE_MISSING, request, why)
    today: dt.date = past[("today",)]
    answer = Quote(
        purpose="original", number=request.number, date=today, until=today + VALID, currency=currency,
        lines=tuple(lines),
    )
    said = {"asked": asked, "until": f"{answer.until}", "lines": len(lines)}
    return Posted("posted", (Entry("quote.sent", said, key=request.number),), replies=(answer,))


def _last(request: QuoteRequest) -> Key:
    return "fact", "quote.sent", request.number


def _price(line: QuoteRequestLine, past: Past) -> AgreedPrice | None:
    found = (past.get(("price", product.kind, product.value)) for product in line.product_ids)
    return next((price for price in found if price is not None), None)


def _held(kind: Kind, request: QuoteRequest, why: str) -> Posted:
    trouble = Trouble(kind, f"quote request {request.number}", f"quote request {request.number}: {why}")
    return Posted("held", troubles=(trouble,))
