"""Troubles of a received document as a whole, and of one of ours."""

from edi_gateway.issues import Kind

REJECTED = Kind(
    "document.rejected", "A document we received is broken and was rejected",
    "The acknowledgment told the partner what is wrong; ask them to correct it and send it again. "
    "`edi-gateway validate` on the archived file shows every fault. This closes itself when a document of the same set "
    "and number comes from them and is accepted; archive it where the note tells no number, or where none will come.",
)
GROUP_REJECTED = Kind(
    "document.group-rejected", "A group we received is broken and was rejected as a whole",
    "The acknowledgment told the partner what is wrong; ask them to correct it and send it again. This closes itself "
    "when a group of the same number (GS06) and with the same orders comes in another interchange and is taken, or, "
    "where it held one order only, when that order comes; else archive it then.",
)
INTERCHANGE_REFUSED = Kind(
    "document.interchange-refused", "An interchange we received is broken in its envelope and was refused",
    "Nothing of it was posted, and its groups were not acknowledged. Unless the note says that a TA1 told the "
    "partner, tell them what is wrong and ask them to send it again. This closes itself when an interchange of the "
    "same number (ISA13) and with the same orders comes and is taken, or, where it held one order only, when that "
    "order comes; else archive it then.",
)
UNREADABLE = Kind(
    "document.unreadable", "A file we received holds nothing we can read as X12",
    "Open the archived file; if it is EDI, ask the partner to send it again, if not, ask why it was put there. "
    "Then archive this.",
)
CANNOT_SAY = Kind(
    "document.cannot-say", "A document of ours cannot be written as the partner wants it",
    "Nothing was sent. Correct what the note names, in the order or in the partner's mapping; then retry this issue.",
    actions=("retry",),
)
OURS_BROKEN = Kind(
    "document.ours-broken", "A document of ours breaks the standard or the partner's guide",
    "Nothing was sent. This is our fault, not the partner's. What the note finds missing is given to the command, such "
    "as `ship --bill-of-lading`, or is a row of the partner's partner.toml or mapping; then do it again, or retry this "
    "issue.",
    actions=("retry",),
)
NOT_UNDERSTOOD = Kind(
    "document.not-understood", "A document is well formed but says something we cannot take into our books",
    "The note names the place. Correct the partner's mapping or ask the partner; then retry this issue.",
    actions=("retry",),
)
