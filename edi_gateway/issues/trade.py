"""Troubles of the trade itself: partners, orders, prices, answers."""

from edi_gateway.issues import Kind

AGREEMENT_UNKNOWN = Kind(
    "trade.agreement-unknown", "A file came from ids nobody has an agreement with",
    "If the partner is yours, add them with `edi-gateway partner add`; the file then goes on as if it had just come. "
    "If not, ask who sent it and archive this.",
    actions=("partner add",),
)
USAGE_NOT_AGREED = Kind(
    "trade.usage-not-agreed", "A file came as test or production where the other was agreed",
    "Agree with the partner what they may send, then set the agreement's usage with `edi-gateway partner add`; "
    "the file then goes on as if it had just come.",
    actions=("partner add",),
)
REFERENCE_UNKNOWN = Kind(
    "trade.reference-unknown", "A document names a number of ours at the partner that we do not know",
    "Add the partnership with `edi-gateway partner add`, giving that number as its reference; "
    "the document then goes on as if it had just come.",
    actions=("partner add",),
)
NOT_TAKEN = Kind(
    "trade.not-taken", "A document came that this gateway does not post",
    "Read it with `edi-gateway documents show` and do by hand what it asks for, such as a change of an order; or ask "
    "the partner why they send it. It was acknowledged, and nothing follows from it by itself.",
)
PRICE_DIFFERS = Kind(
    "trade.price-differs", "An order's price differs from the price list",
    "Correct the price list with `edi-gateway prices import` and retry this issue, "
    "or decide the order with `edi-gateway orders answer`.",
    actions=("retry", "orders answer"),
)
PRODUCT_UNKNOWN = Kind(
    "trade.product-unknown", "An order asks for a product that is not on the price list",
    "Add the product with `edi-gateway prices import` and retry this issue, "
    "or decide the order with `edi-gateway orders answer`.",
    actions=("retry", "orders answer"),
)
CURRENCY_DIFFERS = Kind(
    "trade.currency-differs", "An order's currency differs from the price list",
    "Ask the partner which currency is meant, then decide the order with `edi-gateway orders answer`.",
    actions=("retry", "orders answer"),
)
ANSWER_DUE = Kind(
    "trade.answer-due", "An order waits for your answer",
    "Decide the order with `edi-gateway orders answer`.", severity="warning", actions=("orders answer",),
)
ORDER_REPEATED = Kind(
    "trade.order-repeated", "A partner sent an order again that we have already, with nothing changed",
    "The order stands on the books once, and nothing is to be shipped twice. Ask the partner why they sent it again, "
    "then say so with `edi-gateway issues decide` and this number: `--as ignore` where it was a mistake, `--as resend` "
    "where our answer did not reach them, `--as again` only where it is to be placed and answered anew.",
    severity="warning", actions=("decide",),
)
ORDER_NUMBER_REUSED = Kind(
    "trade.order-number-reused", "An order number that is on the books came again with other content",
    "Nothing of it was posted, and the order stands as it was. Ask the partner what they meant, then say so with "
    "`edi-gateway issues decide` and this number: `--as again` where it replaces the order, `--as ignore` where it was "
    "a mistake, or is a new order that they are to send under a number of its own.",
    actions=("decide",),
)
ORDER_UNKNOWN = Kind(
    "trade.order-unknown", "A change came for an order that is not on the books",
    "Ask the partner to send the order itself; then retry this issue.", actions=("retry",),
)
ORDER_CHANGED = Kind(
    "trade.order-changed", "A partner asks to change an order",
    "Read the change with `edi-gateway documents`, agree on it with the partner, "
    "and decide the order with `edi-gateway orders answer`.",
    actions=("orders answer",),
)
ORDER_CANCELLED = Kind(
    "trade.order-cancelled", "A partner cancelled an order",
    "Stop the order's shipment; if it has already left, tell the partner. Then archive this.", severity="warning",
)
PURPOSE_UNKNOWN = Kind(
    "trade.purpose-unknown", "An order says it is for a purpose this gateway does not know",
    "Ask the partner what they mean by it and to send the order again as an original.",
)
ACKNOWLEDGMENT_UNMATCHED = Kind(
    "trade.acknowledgment-unmatched", "A partner acknowledged a group that we did not send",
    "Compare the group number in the note with `edi-gateway documents`; if the partner mixed up numbers, tell them.",
    severity="warning",
)
DOCUMENT_REJECTED = Kind(
    "trade.document-rejected", "A partner could not read a document of ours and rejected it",
    "Read in the note which part of the document the partner could not read and why, correct that, "
    "and send the document again.",
)
INTERCHANGE_REJECTED = Kind(
    "trade.interchange-rejected", "A partner refused a whole interchange of ours because of its envelope",
    "Correct what the note names: ids and numbers stand with the agreement, separators in the partner's file. "
    "Then send the documents again.",
)
INTERCHANGE_UNMATCHED = Kind(
    "trade.interchange-unmatched", "A partner acknowledged an interchange that we did not send",
    "Compare number, date and time in the note with `edi-gateway documents`; if the partner mixed them up, tell them.",
    severity="warning",
)
DOCUMENT_REOPENED = Kind(
    "trade.document-reopened", "A partner's own system did not take a document of ours",
    "The note says what is wrong. Correct it, and send the document again as the partner wants it: as new, as a "
    "correction, or after a cancellation.",
)
ADVICE_UNMATCHED = Kind(
    "trade.advice-unmatched", "A partner's advice is about a document that we do not know",
    "Look for the numbers in the note with `edi-gateway documents`; ask the partner which document they mean.",
)
TEXT_RECEIVED = Kind(
    "trade.text-received", "A partner wrote a message for people",
    "Read the message in the note and do what it asks for; then archive this.", severity="warning",
)
ACKNOWLEDGMENT_CONTRADICTS = Kind(
    "trade.acknowledgment-contradicts", "A partner says two things about one document of ours",
    "Ask the partner which of the two is true; the first word stands until you know.",
)
ORDER_NOT_FOUND = Kind(
    "trade.order-not-found", "No such order is on the books",
    "See which orders there are with `edi-gateway orders`; give the release too when the order has one.",
)
ORDER_AMBIGUOUS = Kind(
    "trade.order-ambiguous", "Several partners use that order number",
    "Name the partnership as well, with `--partnership`.",
)
LINE_NOT_FOUND = Kind(
    "trade.line-not-found", "The order has no such line",
    "Name lines as the order does; `edi-gateway orders` shows them.",
)
ALREADY_ANSWERED = Kind(
    "trade.already-answered", "The order has had its answer",
    "Nothing was sent. If the partner needs another answer, give `--again`.",
)
PRICES_FAULTY = Kind(
    "trade.prices-faulty", "A price list cannot be taken",
    "Nothing of the file was taken. Correct the row the note names and import the file again.",
)
PARTNER_FAULTY = Kind(
    "trade.partner-faulty", "A partner cannot be added as asked",
    "Nothing was added. Correct what the note names and ask again.",
)
ISSUE_NOT_FOUND = Kind(
    "trade.issue-not-found", "No such issue can be retried",
    "See which issues are open, and which can be retried, with `edi-gateway issues`.",
)
PARTNERSHIP_NOT_FOUND = Kind(
    "trade.partnership-not-found", "No such partnership is known",
    "See which partnerships there are with `edi-gateway partner list`.",
)
NOT_A_BUYER = Kind(
    "trade.not-a-buyer", "We do not buy in this partnership",
    "Name a partnership that was added with `--role buyer`.",
)
ORDER_NUMBER_TAKEN = Kind(
    "trade.order-number-taken", "An order of that number was placed before",
    "Nothing was sent. Give the new order a number of its own.",
)
