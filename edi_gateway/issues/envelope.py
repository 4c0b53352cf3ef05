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

HEADER_CUT_SHORT = Kind(
    "envelope.header-cut-short", "The file or interchange ends inside its ISA header",
    "Ask the partner to send the whole interchange again: it was cut off within its first 106 characters.",
    verdict="R",
)

# Repairs: the content is whole, the layout is not. A partner's row may make each of them a refusal.

BYTE_ORDER_MARK = Kind(
    "envelope.byte-order-mark", "A byte order mark stands before the interchange",
    "Nothing needs doing; the partner may save their files without a byte order mark.",
    severity="repair", ack=Ack(interchange="022"),
)
BLANKS = Kind(
    "envelope.blanks", "Blanks or empty lines stand before the interchange",
    "Nothing needs doing; the partner may begin the interchange with its ISA.",
    severity="repair", ack=Ack(interchange="022"),
)
INDENTATION = Kind(
    "envelope.indentation", "Segments are indented",
    "Nothing needs doing; the partner may stop indenting their segments.",
    severity="repair", ack=Ack(interchange="022"),
)
TRAILING_BLANKS = Kind(
    "envelope.trailing-blanks", "Blanks stand before a terminator, on the end of a line or behind the interchange",
    "Nothing needs doing; the partner may stop filling up their segments or lines with blanks.",
    severity="repair", ack=Ack(interchange="022"),
)
WRAPPED = Kind(
    "envelope.wrapped", "The lines of the interchange are broken at a fixed width",
    "Nothing needs doing; the partner may send the interchange without breaking its lines.",
    severity="repair", ack=Ack(interchange="022"),
)
SEGMENT_EMPTY = Kind(
    "envelope.segment-empty", "There are two segment terminators in a row",
    "Nothing needs doing; the partner may look at how they end their segments.",
    severity="repair", ack=Ack(interchange="022"),
)
TERMINATOR_MISSING = Kind(
    "envelope.terminator-missing", "The last segment has no terminator",
    "Nothing needs doing when the count and numbers agree; the partner may end the last segment properly.",
    severity="repair", ack=Ack(interchange="004"),
)
HEADER_WIDTH = Kind(
    "envelope.header-width", "The ISA is not 106 characters wide",
    "Nothing needs doing; the partner may pad the elements of the ISA to their fixed widths.",
    severity="repair", ack=Ack(interchange="022"),
)
PADDING = Kind(
    "envelope.padding", "There are filling characters around an interchange",
    "Nothing needs doing; the partner may stop padding their files.", severity="repair", ack=Ack(interchange="022"),
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
    "envelope.standards-id", "The standards id is not U",
    "Ask the partner to send U in ISA11, as versions up to 00401 demand.", verdict="E", ack=Ack(interchange="016"),
)
SEGMENT_TERMINATOR = Kind(
    "envelope.segment-terminator", "What stands behind ISA16 can end no segment",
    "Ask the partner which segment terminator they use: no letter, no digit and no other separator can be it.",
    verdict="R", ack=Ack(interchange="004"),
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
AUTHORIZATION_VALUE = Kind(
    "envelope.authorization-value", "ISA01 and ISA02 do not agree whether there is an authorization",
    "Nothing needs doing; ask the partner to leave ISA02 blank where ISA01 is 00, and to fill it where it is not.",
    severity="warning", ack=Ack(interchange="011"),
)
SECURITY = Kind(
    "envelope.security", "The security qualifier is not known",
    "Ask the partner to send 00 in ISA03 when no password is agreed.", verdict="E", ack=Ack(interchange="012"),
)
SECURITY_VALUE = Kind(
    "envelope.security-value", "ISA03 and ISA04 do not agree whether there is a password",
    "Nothing needs doing; ask the partner to leave ISA04 blank where ISA03 is 00, and to fill it where it is not.",
    severity="warning", ack=Ack(interchange="013"),
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
    "envelope.ack-requested", "The acknowledgment request is neither 0 nor 1",
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
ELEMENT_SEPARATOR = Kind(
    "envelope.element-separator", "What stands behind ISA can separate no elements",
    "Ask the partner which element separator they use: no letter, no digit and no blank can be it.",
    verdict="R", ack=Ack(interchange="026"),
)
COMPONENT_SEPARATOR = Kind(
    "envelope.component-separator", "ISA16 names no usable component separator",
    "Ask the partner to send the component separator in ISA16, between the last * and the terminator.",
    verdict="R", ack=Ack(interchange="027"),
)
SETS_TOO_MANY = Kind(
    "envelope.sets-too-many", "The file holds more than the one set that is agreed",
    "Ask the partner to put each set into a file of its own, or take `one_set_per_file` out of their file.",
    verdict="R", ack=Ack(interchange="024"),
)

TA1_INVALID = Kind(
    "envelope.ta1-invalid", "An interchange acknowledgment (TA1) breaks the standard",
    "Look at what it was meant to answer; ask the partner to correct how they write their TA1.", severity="warning",
)
TRAILER_ELEMENTS = Kind(
    "envelope.trailer-elements", "A trailer (GE or IEA) has more than its two elements",
    "Nothing needs doing; ask the partner to send nothing behind the control number.", severity="warning",
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
RELEASE_NOT_EXACT = Kind(
    "envelope.release-not-exact", "The group is read by the rows of a lower release",
    "Nothing needs doing while the sets read well. Add the release to specs, or set `other_releases` to `refuse` in "
    "the partner's file.",
    severity="warning", ack=Ack(group="2"),
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
GROUP_ELEMENTS = Kind(
    "envelope.group-elements", "The group header does not have its eight elements",
    "Ask the partner to send a GS with all of its eight elements filled and nothing behind them.", verdict="E",
)
GROUP_AGENCY = Kind(
    "envelope.group-agency", "The group's agency is not known",
    "Nothing needs doing; ask the partner to send X in GS07, for a version of the X12 committee.",
    severity="warning",
)
