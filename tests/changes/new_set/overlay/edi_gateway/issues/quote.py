"""Troubles with requests for a quote."""

from edi_gateway.issues import Kind

PRICE_MISSING = Kind(
    "quote.price-missing", "A quote is asked for a product without a price",
    "Add the product's price with `edi-gateway prices import`, then retry this issue: the quote goes out.",
    actions=("retry",),
)
PURPOSE_UNKNOWN = Kind(
    "quote.purpose-unknown", "A quote request is for a purpose this gateway does not answer",
    "Ask the partner what they mean by it, and to send the request again as an original.",
)
