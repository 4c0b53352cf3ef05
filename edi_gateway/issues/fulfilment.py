"""Troubles of shipping, invoicing and stock."""

from edi_gateway.issues import Kind

NOTHING_TO_SHIP = Kind(
    "fulfilment.nothing-to-ship", "Nothing of the order is left to be shipped",
    "See with `edi-gateway orders` what was accepted and what has gone; accept the order first if it waits.",
)
OVER_SHIPMENT = Kind(
    "fulfilment.over-shipment", "More would be shipped than was ordered and accepted",
    "Nothing was sent. Correct the quantities, or give `--over` when more has really gone.",
)
NOTHING_TO_INVOICE = Kind(
    "fulfilment.nothing-to-invoice", "Nothing of the order is left to be invoiced",
    "Invoices are drawn from shipments: ship first with `edi-gateway ship`.",
)
PRICE_MISSING = Kind(
    "fulfilment.price-missing", "A line of the order has no price to invoice",
    "Ask the partner to replace the order with one that has prices.",
)
STOCK_FAULTY = Kind(
    "fulfilment.stock-faulty", "A stock level cannot be taken",
    "Nothing was taken. Correct the row the note names and give it again.",
)
NO_STOCK = Kind(
    "fulfilment.no-stock", "There is no stock to report",
    "Enter levels with `edi-gateway stock set` or `edi-gateway stock import`, of products on the partner's price list.",
)
CARTON_FAULTY = Kind(
    "fulfilment.carton-faulty", "A carton cannot be packed as asked",
    "Nothing was sent. Correct what the note names and ask again.",
)
