"""Faults of interchanges and groups: what lies around the transaction sets."""

from edi_gateway.issues import Ack, Kind

# Bytes that belong to no interchange

NO_INTERCHANGE = Kind(
    "envelope.no-interchange", "The file holds no interchange",
    "Ask the partner to send a complete X12 interchange, from ISA to IEA.", verdict="R",
)
GARBAGE = Kind(
    "envelope.garbage", "Bytes outside of any interchange",
    "Look at the bytes in the archive: ask the partner to send again what they were meant to be.", verdict="R",
)
HEADER_UNREADABLE = Kind(
    "envelope.header-unreadable", "An ISA header cannot be read",
    "Ask the partner to send the interchange again with an ISA of 106 characters.", verdict="R",
)

# Repairs: the content is whole, the layout is not

BYTE_ORDER_MARK = Kind(
    "envelope.byte-order-mark", "The file begins with a byte order mark",
    "Nothing needs doing; the partner may save their files without a byte order mark.", severity="repair",
)
BLANKS = Kind(
    "envelope.blanks", "There are blanks or empty lines where a segment should begin",
    "Nothing needs doing; the partner may stop indenting their segments.", severity="repair",
)
SEGMENT_EMPTY = Kind(
    "envelope.segment-empty", "There are two segment terminators in a row",
    "Nothing needs doing; the partner may look at how they end their segments.", severity="repair",
)
TERMINATOR_MISSING = Kind(
    "envelope.terminator-missing", "The last segment has no terminator",
    "Nothing needs doing when the count and numbers agree; the partner may end the last segment properly.",
    severity="repair",
)
HEADER_WIDTH = Kind(
    "envelope.header-width", "The ISA is not 106 characters wide",
    "Nothing needs doing; the partner may pad the elements of the ISA to their fixed widths.", severity="repair",
)
PADDING = Kind(
    "envelope.padding", "There are filling characters behind an interchange",
    "Nothing needs doing; the partner may stop padding their files.", severity="repair",
)
REPETITION_SEPARATOR = Kind(
    "envelope.repetition-separator", "ISA11 names no usable repetition separator",
    "Nothing needs doing while no element repeats; ask the partner to send a separator such as ^ in ISA11.",
    severity="warning",
)

# Interchange faults: TA105

CONTROL_DIFFERS = Kind(
    "envelope.control-differs", "The control numbers of ISA13 and IEA02 differ",
    "Ask the partner to send the interchange again with the same number in ISA13 and IEA02.",
    verdict="R", ack=Ack(interchange="001"),
)
STANDARDS_ID = Kind(
    "envelope.standards-id", "ISA11 is not U",
    "Ask the partner to send U in ISA11, as versions up to 00401 demand.", verdict="E", ack=Ack(interchange="016"),
)
SENDER_QUALIFIER = Kind(
    "envelope.sender-qualifier", "The sender's id qualifier is not known",
    "Ask the partner which qualifier of X12 list I05 belongs into ISA05.", verdict="E", ack=Ack(interchange="005"),
)
SENDER_MISSING = Kind(
    "envelope.sender-missing", "The sender's id is empty",
    "Ask the partner to send their id in ISA06.", verdict="R", ack=Ack(interchange="006"),
)
RECEIVER_QUALIFIER = Kind(
    "envelope.receiver-qualifier", "The receiver's id qualifier is not known",
    "Ask the partner which qualifier of X12 list I05 belongs into ISA07.", verdict="E", ack=Ack(interchange="007"),
)
RECEIVER_MISSING = Kind(
    "envelope.receiver-missing", "The receiver's id is empty",
    "Ask the partner to send our id in ISA08.", verdict="R", ack=Ack(interchange="008"),
)
AUTHORIZATION = Kind(
    "envelope.authorization", "The authorization qualifier is not known",
    "Ask the partner to send 00 in ISA01 when no authorization is agreed.", verdict="E", ack=Ack(interchange="010"),
)
SECURITY = Kind(
    "envelope.security", "The security qualifier is not known",
    "Ask the partner to send 00 in ISA03 when no password is agreed.", verdict="E", ack=Ack(interchange="012"),
)
DATE = Kind(
    "envelope.date", "The interchange date is no date",
    "Ask the partner to send a date of six digits in ISA09.", verdict="E", ack=Ack(interchange="014"),
)
TIME = Kind(
    "envelope.time", "The interchange time is no time",
    "Ask the partner to send a time of four digits in ISA10.", verdict="E", ack=Ack(interchange="015"),
)
VERSION = Kind(
    "envelope.version", "The interchange version is not known",
    "Ask the partner to send the version of their ISA in ISA12, such as 00401.",
    verdict="E", ack=Ack(interchange="017"),
)
CONTROL_INVALID = Kind(
    "envelope.control-invalid", "The interchange control number is no number",
    "Ask the partner to send a number of up to nine digits in ISA13.", verdict="R", ack=Ack(interchange="018"),
)
ACK_REQUESTED = Kind(
    "envelope.ack-requested", "ISA14 is neither 0 nor 1",
    "Ask the partner to send 0 or 1 in ISA14.", verdict="E", ack=Ack(interchange="019"),
)
USAGE = Kind(
    "envelope.usage", "The usage indicator is not known",
    "Ask the partner to send P for production or T for test in ISA15.", verdict="R", ack=Ack(interchange="020"),
)
GROUP_COUNT = Kind(
    "envelope.group-count", "The number of groups differs from IEA01",
    "Ask the partner to send the interchange again: a group may be lost, or IEA01 is wrong.",
    verdict="R", ack=Ack(interchange="021"),
)
SEGMENT_ENDLESS = Kind(
    "envelope.segment-endless", "A segment does not end",
    "Ask the partner which segment terminator they use: it must be the character behind ISA16.",
    verdict="R", ack=Ack(interchange="022"),
)
TRAILER_MISSING = Kind(
    "envelope.trailer-missing", "The interchange ends without IEA",
    "Ask the partner to send the whole interchange again: it was cut off.", verdict="R", ack=Ack(interchange="023"),
)
CONTENT = Kind(
    "envelope.content", "The interchange holds segments outside of any group",
    "Ask the partner to send the interchange again with every set inside GS and GE.",
    verdict="R", ack=Ack(interchange="024"),
)
COMPONENT_SEPARATOR = Kind(
    "envelope.component-separator", "ISA16 names no usable component separator",
    "Ask the partner to send the component separator in ISA16, between the last * and the terminator.",
    verdict="R", ack=Ack(interchange="027"),
)

# Group faults: AK905

GROUP_UNKNOWN = Kind(
    "envelope.group-unknown", "We have no set of this group's kind",
    "Ask the partner why they send it, or add the set to specs.", verdict="R", ack=Ack(group="1"),
)
GROUP_VERSION_UNKNOWN = Kind(
    "envelope.group-version-unknown", "We have no rows of this group's version",
    "Ask the partner for a version that we speak, or add the version to specs.", verdict="R", ack=Ack(group="2"),
)
GROUP_TRAILER_MISSING = Kind(
    "envelope.group-trailer-missing", "The group ends without GE",
    "Ask the partner to send the group again: its trailer is missing.", verdict="R", ack=Ack(group="3"),
)
GROUP_CONTROL_DIFFERS = Kind(
    "envelope.group-control-differs", "The control numbers of GS06 and GE02 differ",
    "Ask the partner to send the group again with the same number in GS06 and GE02.",
    verdict="R", ack=Ack(group="4"),
)
SET_COUNT = Kind(
    "envelope.set-count", "The number of sets differs from GE01",
    "Ask the partner to send the group again: a set may be lost, or GE01 is wrong.", verdict="R", ack=Ack(group="5"),
)
GROUP_CONTROL_INVALID = Kind(
    "envelope.group-control-invalid", "The group control number is no number",
    "Ask the partner to send a number of up to nine digits in GS06.", verdict="R", ack=Ack(group="6"),
)
GROUP_REPEATED = Kind(
    "envelope.group-repeated", "The group control number is not unique within the interchange",
    "Ask the partner to count GS06 upwards for each group of a kind.", verdict="E", ack=Ack(group="19"),
)
GROUP_CONTENT = Kind(
    "envelope.group-content", "The group holds segments outside of any set",
    "Ask the partner to send the group again with every segment inside ST and SE.", verdict="R",
)
GROUP_DATE = Kind(
    "envelope.group-date", "The group's date or time is none",
    "Nothing needs doing; ask the partner to send a date of eight digits in GS04 and a time in GS05.",
    severity="warning",
)
