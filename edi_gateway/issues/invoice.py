"""Troubles with the invoices that sellers send."""

from edi_gateway.issues import Kind

ORDER_UNKNOWN = Kind(
    "invoice.order-unknown", "An invoice is for an order that is not on the books",
    "Compare the order number in the note with `edi-gateway orders`. If the order is on its way, retry this issue when "
    "it has arrived; else ask the seller what they charge for.",
    actions=("retry",),
)
ORDER_ENDED = Kind(
    "invoice.order-ended", "An invoice is for an order that was cancelled or rejected",
    "The invoice is on the books. Ask the seller for a credit memo, unless the goods came all the same.",
)
REPEATED = Kind(
    "invoice.repeated", "An invoice that is on the books came again, unchanged",
    "Nothing was posted twice. Where the seller sent it by mistake, end this with `edi-gateway issues decide`, this "
    "number and `--as ignore`; where our acknowledgment did not reach them, `--as resend` sends it once more.",
    severity="warning", actions=("decide",),
)
NUMBER_REUSED = Kind(
    "invoice.number-reused", "An invoice number that is on the books came again with other content",
    "Ask the seller which of the two counts; a corrected invoice needs a number of its own, and a credit memo for the "
    "first. Then say so with `edi-gateway issues decide`.",
    actions=("decide",),
)
LINE_UNKNOWN = Kind(
    "invoice.line-unknown", "An invoice charges for something that was not ordered",
    "Compare the invoice with the order, and settle with the seller what the note names.",
)
PRICE_DIFFERS = Kind(
    "invoice.price-differs", "An invoice's price differs from the order's",
    "Settle the price with the seller: ask for a credit memo for what is charged too much.",
)
UNIT_DIFFERS = Kind(
    "invoice.unit-differs", "An invoice counts in another unit than the order",
    "Settle with the seller how many of the ordered unit are meant.",
)
CURRENCY_DIFFERS = Kind(
    "invoice.currency-differs", "An invoice is in another currency than the order",
    "Ask the seller to invoice in the currency of the order.",
)
TOO_MUCH = Kind(
    "invoice.too-much", "More is invoiced than was shipped or ordered",
    "Look whether a shipment is still to be told by the seller; if not, ask for a credit memo for what is too much.",
)
TOTAL_DIFFERS = Kind(
    "invoice.total-differs", "An invoice's total is not the sum of its parts",
    "Ask the seller what the difference is made of before you pay.",
)
