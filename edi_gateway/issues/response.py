"""Troubles with sellers' answers to our orders."""

from edi_gateway.issues import Kind

ORDER_UNKNOWN = Kind(
    "response.order-unknown", "An answer came to an order that is not on the books",
    "Compare the order number in the note with `edi-gateway orders`. If the order is on its way, retry this issue when "
    "it has arrived; else ask the seller which order they mean.",
    actions=("retry",),
)
REPEATED = Kind(
    "response.repeated", "An answer to an order came again, unchanged",
    "Nothing was posted twice. End this with `edi-gateway issues decide`, this number and `--as ignore`; where our "
    "acknowledgment did not reach the seller, `--as resend` sends it once more.",
    severity="warning", actions=("decide",),
)
REPLACED = Kind(
    "response.replaced", "A second answer to an order took the place of the first",
    "Compare the two with `edi-gateway documents`. If the first was right, tell the seller.", severity="warning",
)
LINE_UNKNOWN = Kind(
    "response.line-unknown", "An answer speaks of a line that the order does not have",
    "Ask the seller which line they mean; they should repeat the line's number as the order gives it.",
)
CONTRADICTS = Kind(
    "response.contradicts", "An answer says one thing of the order and another of its lines",
    "What it says of the lines was taken. Ask the seller what they mean if it matters.", severity="warning",
)
