"""Faults inside a transaction set, and of our own rows about sets."""

from edi_gateway.issues import Ack, Kind


def _segment(code: str) -> Ack:
    return Ack(segment=code, set="5")


def _element(code: str) -> Ack:
    return Ack(segment="8", element=code, set="5")


# The set as a whole: AK502

SET_UNKNOWN = Kind(
    "x12.set-unknown", "We have no rows of this set in this version",
    "Ask the partner why they send this set, or add it to specs.", verdict="R", ack=Ack(set="1"),
)
TRAILER_MISSING = Kind(
    "x12.trailer-missing", "The set ends without SE",
    "Ask the partner to send the whole set again: it was cut off.", verdict="R", ack=Ack(set="2"),
)
CONTROL_DIFFERS = Kind(
    "x12.control-differs", "The control numbers of ST02 and SE02 differ",
    "Ask the partner to send the set again with the same number in ST02 and SE02.", verdict="R", ack=Ack(set="3"),
)
SEGMENT_COUNT = Kind(
    "x12.segment-count", "The number of segments differs from SE01",
    "Ask the partner to send the set again: a segment may be lost, or SE01 is wrong. If they never count right, "
    "set this kind to E in their verdicts.",
    verdict="R", ack=Ack(set="4"),
)
SET_ID_INVALID = Kind(
    "x12.set-id-invalid", "The set does not say what it is",
    "Ask the partner to send the set's id, three digits, in ST01.", verdict="R", ack=Ack(set="6"),
)
SET_NOT_IN_GROUP = Kind(
    "x12.set-not-in-group", "The set does not belong into a group of this kind",
    "Ask the partner to send the set in a group with its own code in GS01.", verdict="R", ack=Ack(set="6"),
)
CONTROL_INVALID = Kind(
    "x12.control-invalid", "The set has no valid control number",
    "Ask the partner to send four to nine characters in ST02.", verdict="R", ack=Ack(set="7"),
)
CONTROL_REPEATED = Kind(
    "x12.control-repeated", "The set control number is not unique within its group",
    "Ask the partner to count ST02 upwards within a group, then to send the set again.", verdict="R", ack=Ack(set="23"),
)
SET_TOO_LARGE = Kind(
    "x12.set-too-large", "The set is larger than we read",
    "Ask the partner to split the document into several sets.", verdict="R", ack=Ack(set="5"),
)
MORE_FINDINGS = Kind(
    "x12.more-findings", "The set has more findings than are listed",
    "Mend what is listed first; the rest shows when the set is sent again.", severity="warning",
)

# Segments: AK304

SEGMENT_UNKNOWN = Kind(
    "x12.segment-unknown", "The standard has no such segment",
    "Ask the partner to leave the segment out, or look for a stray terminator before it.",
    verdict="R", ack=_segment("1"), of_release=True,
)
SEGMENT_UNEXPECTED = Kind(
    "x12.segment-unexpected", "A segment stands where its loop has not begun",
    "Ask the partner to send the segment that opens the loop before it.",
    verdict="R", ack=_segment("2"), of_release=True,
)
SEGMENT_MISSING = Kind(
    "x12.segment-missing", "A mandatory segment is missing",
    "Ask the partner to send the set again with the segment at this place.",
    verdict="R", ack=_segment("3"), of_release=True,
)
AGREED_SEGMENT_MISSING = Kind(
    "x12.agreed-segment-missing", "A segment is missing that is agreed with the partner",
    "Ask the partner to send the segment, as their guide says, or change its row in the guide file.",
    verdict="R", ack=_segment("3"),
)
SEGMENT_NOT_AGREED = Kind(
    "x12.segment-not-agreed", "A segment is sent that is not used with the partner",
    "Ask the partner to leave the segment out, as their guide says, or change its row in the guide file.",
    verdict="R", ack=_segment("2"),
)
LOOP_MORE_THAN_AGREED = Kind(
    "x12.loop-more-than-agreed", "A loop occurs more often than is agreed with the partner",
    "Ask the partner to keep to the number of their guide, or change the row of the loop in the guide file.",
    verdict="R", ack=_segment("4"),
)
SEGMENT_MORE_THAN_AGREED = Kind(
    "x12.segment-more-than-agreed", "A segment occurs more often than is agreed with the partner",
    "Ask the partner to keep to the number of their guide, or change the row of the segment in the guide file.",
    verdict="R", ack=_segment("5"),
)
RULE_BROKEN = Kind(
    "x12.rule-broken", "A rule is broken that is agreed with the partner",
    "Ask the partner to keep to the rule of their guide, or take it out of the guide file.",
    verdict="R", ack=_segment("8"),
)
LOOP_TOO_MANY = Kind(
    "x12.loop-too-many", "A loop occurs more often than it may",
    "Ask the partner to split the document; the standard limits this loop.",
    verdict="R", ack=_segment("4"), of_release=True,
)
SEGMENT_TOO_MANY = Kind(
    "x12.segment-too-many", "A segment occurs more often than it may",
    "Ask the partner to send the segment no more often than the standard allows here.",
    verdict="R", ack=_segment("5"), of_release=True,
)
SEGMENT_NOT_IN_SET = Kind(
    "x12.segment-not-in-set", "The set has no place for this segment",
    "Ask the partner to leave the segment out of this set.", verdict="R", ack=_segment("6"), of_release=True,
)
SEGMENT_MISPLACED = Kind(
    "x12.segment-misplaced", "A segment stands after its place",
    "Ask the partner to send the segments in the order of the standard.",
    verdict="R", ack=_segment("7"), of_release=True,
)
SEGMENT_WITHOUT_VALUE = Kind(
    "x12.segment-without-value", "A segment holds no value",
    "Ask the partner to leave out what says nothing.", verdict="E", ack=_segment("8"),
)

# Elements: AK403

ELEMENT_MISSING = Kind(
    "x12.element-missing", "A mandatory element is missing",
    "Ask the partner to send the element.", verdict="R", ack=_element("1"), of_release=True,
)
AGREED_ELEMENT_MISSING = Kind(
    "x12.agreed-element-missing", "An element is missing that is agreed with the partner",
    "Ask the partner to send the element, as their guide says, or change its row in the guide file.",
    verdict="R", ack=_element("1"),
)
ELEMENT_NOT_AGREED = Kind(
    "x12.element-not-agreed", "An element is sent that is not used with the partner",
    "Ask the partner to leave the element empty, as their guide says, or change its row in the guide file.",
    verdict="R", ack=_element("10"),
)
SHORTER_THAN_AGREED = Kind(
    "x12.shorter-than-agreed", "A value is shorter than is agreed with the partner",
    "Ask the partner to send as much as their guide says, or change the row of the element in the guide file.",
    verdict="R", ack=_element("4"),
)
LONGER_THAN_AGREED = Kind(
    "x12.longer-than-agreed", "A value is longer than is agreed with the partner",
    "Ask the partner to send no more than their guide says, or change the row of the element in the guide file.",
    verdict="R", ack=_element("5"),
)
CONDITION_MISSING = Kind(
    "x12.condition-missing", "An element is missing that others of the segment demand",
    "Ask the partner to send the elements together, as the standard's note on the segment says.",
    verdict="R", ack=_element("2"), of_release=True,
)
ELEMENTS_TOO_MANY = Kind(
    "x12.elements-too-many", "A segment has more elements than it may",
    "Ask the partner to look for a separator inside a value, or for elements of a later version.",
    verdict="R", ack=_element("3"), of_release=True,
)
COMPONENTS_TOO_MANY = Kind(
    "x12.components-too-many", "A composite has more components than it may",
    "Ask the partner to look for a component separator inside a value.",
    verdict="R", ack=_element("3"), of_release=True,
)
REPETITIONS_TOO_MANY = Kind(
    "x12.repetitions-too-many", "An element is repeated more often than it may",
    "Ask the partner to look for a repetition separator inside a value.",
    verdict="R", ack=_element("3"), of_release=True,
)
TOO_SHORT = Kind(
    "x12.too-short", "A value is shorter than its optional element allows",
    "Ask the partner to send the value in full.",
    verdict="E", ack=_element("4"), of_release=True,
)
TOO_LONG = Kind(
    "x12.too-long", "A value is longer than its optional element allows",
    "Ask the partner to shorten the value.",
    verdict="E", ack=_element("5"), of_release=True,
)
MANDATORY_TOO_SHORT = Kind(
    "x12.mandatory-too-short", "A value is shorter than its mandatory element allows",
    "Ask the partner to send the value in full; the set cannot do without the element.",
    verdict="R", ack=_element("4"), of_release=True,
)
MANDATORY_TOO_LONG = Kind(
    "x12.mandatory-too-long", "A value is longer than its mandatory element allows",
    "Ask the partner to shorten the value; the set cannot do without the element.",
    verdict="R", ack=_element("5"), of_release=True,
)
CHARACTER = Kind(
    "x12.character", "A value holds a control character",
    "Ask the partner to take control characters and line ends out of their values.", verdict="R", ack=_element("6"),
)
NOT_A_NUMBER = Kind(
    "x12.not-a-number", "A value is not a number of its element's form",
    "Ask the partner to send digits, with a sign in front and a decimal point only where the element allows one.",
    verdict="R", ack=_element("6"),
)
COMPONENT_IN_SIMPLE = Kind(
    "x12.component-in-simple", "A value that is no composite holds the component separator",
    "Ask the partner to choose a component separator that never occurs in their values.",
    verdict="R", ack=_element("6"), of_release=True,
)
CODE_UNKNOWN = Kind(
    "x12.code-unknown", "A code is not in the standard's list",
    "Ask the partner what the code means, and to send one of the standard's list.",
    verdict="E", ack=_element("7"), of_release=True,
)
CODE_NOT_AGREED = Kind(
    "x12.code-not-agreed", "A code is not in the list agreed with the partner",
    "Ask the partner to send one of the codes of their guide, or add the code to the guide file.",
    verdict="R", ack=_element("7"),
)
DATE_INVALID = Kind(
    "x12.date-invalid", "A date does not exist or has the wrong form",
    "Ask the partner to send a date of the calendar, YYYYMMDD unless the element has six digits.",
    verdict="R", ack=_element("8"),
)
TIME_INVALID = Kind(
    "x12.time-invalid", "A time does not exist or has the wrong form",
    "Ask the partner to send a time such as HHMM or HHMMSS.", verdict="R", ack=_element("9"),
)
TIME_WITH_COLON = Kind(
    "x12.time-with-colon", "A time has colons, which the standard does not write",
    "Nothing needs doing: the time is taken as it is meant. Set this kind to R in the partner's verdicts to refuse it.",
    severity="repair", ack=_element("9"),
)
EXCLUSION = Kind(
    "x12.exclusion", "Elements are sent together that exclude each other",
    "Ask the partner to send only one of the elements.", verdict="R", ack=_element("10"), of_release=True,
)
CONDITION_DOUBTFUL = Kind(
    "x12.condition-doubtful", "A relation between elements is broken that we are not sure of",
    "Look at the partner's guide: if it states the relation, set this kind to R in their verdicts.",
    severity="warning", ack=_element("2"), of_release=True,
)
EXCLUSION_DOUBTFUL = Kind(
    "x12.exclusion-doubtful", "Elements are sent together that may exclude each other",
    "Look at the partner's guide: if it states the exclusion, set this kind to R in their verdicts.",
    severity="warning", ack=_element("10"), of_release=True,
)
NOT_ASCII = Kind(
    "x12.not-ascii", "The set holds text outside of ASCII",
    "Nothing needs doing when the names read well; else agree on UTF-8 with the partner.", severity="warning",
)

# Trees: loops that name their parents

PARENT_UNKNOWN = Kind(
    "x12.parent-unknown", "A level names a parent that is not in the set",
    "Ask the partner to send the set again with the missing level, or with the right parent's id.",
    verdict="R", ack=_element("7"),
)
PARENT_LATER = Kind(
    "x12.parent-later", "A level stands before its parent",
    "Ask the partner to send each level behind the one it belongs to.", verdict="R", ack=_element("7"),
)
PARENT_BELOW_ITSELF = Kind(
    "x12.parent-below-itself", "A level is its own parent, directly or through others",
    "Ask the partner to correct the parents' ids, then to send the set again.", verdict="R", ack=_element("7"),
)
LEVEL_REPEATED = Kind(
    "x12.level-repeated", "Two levels have the same id",
    "Ask the partner to give each level of a set an id of its own.", verdict="R", ack=_element("7"),
)
LEVELS_NOT_COUNTED = Kind(
    "x12.levels-not-counted", "The ids of the levels do not count from one",
    "Nothing needs doing: an id only has to be unique. Tell the partner when you speak to them.", severity="warning",
)

# Totals

TOTAL_DIFFERS = Kind(
    "x12.total-differs", "A total differs from what the set holds",
    "Ask the partner whether a line is lost. If they count in another way, make this kind a remark in their verdicts.",
    verdict="E",
)
HASH_DIFFERS = Kind(
    "x12.hash-differs", "A hash total differs from what the set holds",
    "Compare the quantities with the partner; they may sum them in another way.", severity="warning",
)

# Writing, and our own rows

VALUE_HOLDS_SEPARATOR = Kind(
    "x12.value-holds-separator", "A value to be written holds a separator or control character",
    "Change the value at its source, or agree on other separators in the partner's file.",
)
ENVELOPE_UNWRITABLE = Kind(
    "x12.envelope-unwritable", "An id or number does not fit its place in the envelope",
    "Correct the ids of the agreement or its numbers; ids have up to 15 characters.",
)
DEFINITION_BROKEN = Kind(
    "x12.definition-broken", "The rows of a set or a partner's guide cannot be used",
    "Correct the row that the note names, in specs or in the partner's guide file.",
)
