"""Troubles with the shipments that sellers tell us of."""

from edi_gateway.issues import Kind

ORDER_UNKNOWN = Kind(
    "shipment.order-unknown", "A shipment is for an order that is not on the books",
    "Compare the order number in the note with `edi-gateway orders`. If the order is on its way, retry this issue when "
    "it has arrived; else ask the seller what they send.",
    actions=("retry",),
)
ORDER_ENDED = Kind(
    "shipment.order-ended", "A shipment is for an order that was cancelled or rejected",
    "The shipment is on the books. Ask the seller to stop it, or decide to keep the goods and order them again.",
)
REPEATED = Kind(
    "shipment.repeated", "A shipment that is on the books was told again, unchanged",
    "Nothing was posted twice. Where the seller sent it by mistake, end this with `edi-gateway issues decide`, this "
    "number and `--as ignore`; where our acknowledgment did not reach them, `--as resend` sends it once more.",
    severity="warning", actions=("decide",),
)
NUMBER_REUSED = Kind(
    "shipment.number-reused", "A shipment number that is on the books came again with other content",
    "Ask the seller which of the two counts; another shipment needs a number of its own. Then say so "
    "with `edi-gateway issues decide`.",
    actions=("decide",),
)
PURPOSE_UNKNOWN = Kind(
    "shipment.purpose-unknown", "A shipment is told for another purpose than to tell of it",
    "Read with `edi-gateway documents` what the seller cancels or changes, and settle it with them; "
    "what is on the books stays as it is.",
)
LINE_UNKNOWN = Kind(
    "shipment.line-unknown", "A shipment holds something that was not ordered",
    "Compare the shipment with the order, and settle with the seller what the note names.",
)
OVER_SHIPPED = Kind(
    "shipment.over-shipped", "More is shipped than was ordered",
    "Decide with the seller whether the goods stay or go back; the whole quantity is on the books.",
)
UNIT_DIFFERS = Kind(
    "shipment.unit-differs", "A shipment counts in another unit than the order",
    "Settle with the seller how many of the ordered unit are meant.",
)
CARTON_NUMBER_FAULTY = Kind(
    "shipment.carton-number-faulty", "A carton's number is no SSCC, or stands on several cartons",
    "Receive these cartons by hand: their labels cannot be told by scanning. Tell the seller.", severity="warning",
)
