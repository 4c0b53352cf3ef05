"""The TA1: a partner's word on an interchange of ours as a noun, and ours on theirs as a parcel."""

from collections.abc import Sequence

from edi_gateway.flows import control
from edi_gateway.flows.house import Commit
from edi_gateway.flows.outbound import queue, travels
from edi_gateway.model.interchange_acknowledgment import InterchangeAcknowledgment
from edi_gateway.ports import Agreement, Document
from edi_gateway.x12 import verdicts, write
from edi_gateway.x12.envelope import Interchange

TA1 = "TA1"
VERSIONS = {"00501": "005010", "00401": "004010"}
"""The versions of an ISA that we write, the highest first, each with its release."""

_NAME = "Interchange Acknowledgment"
_WORDS = {"A": "accepted", "E": "accepted_with_errors", "R": "rejected"}


def read(segment: Sequence[str]) -> InterchangeAcknowledgment:
    """What a TA1 says, its id first. Raises `ValueError` where it is not whole."""
    number, date, time, verdict, code = segment[1:6]
    word = _WORDS.get(verdict, verdict)
    return InterchangeAcknowledgment(number=number, date=date, time=time, verdict=word, code=code)


def answered_in(interchange: Interchange) -> str:
    """The version of an ISA that answers an interchange: its own, or the nearest lower one that we write."""
    return next((one for one in VERSIONS if one <= interchange.version), "00401")


def send(commit: Commit, agreement: Agreement, interchange: Interchange, test: bool) -> int:
    """Queues the TA1 for an interchange, in one of its own that holds nothing else. Returns the document's id."""
    partner = commit.house.guides.partner(agreement.partner)
    number = commit.unit.numbers.take(control.interchange_scope(agreement, test))
    version = answered_in(interchange)
    heading = write.Heading(
        sender=str(agreement.ours), receiver=str(agreement.theirs), group_sender="", group_receiver="", code="",
        version=VERSIONS[version], interchange_control=number, group_control="", at=commit.now, test=test,
    )
    marks = partner.marks_in(heading.version)
    said = verdicts.acknowledge_interchange(interchange, marks)
    sent = Document(
        "out", TA1, version, "prepared", agreement.channel, "", travels(agreement, heading, ""), agreement.id,
        body=read(said),
    )
    return queue(commit, agreement, sent, _NAME, number, write.write_ta1(heading, [said], marks, partner.line_end))
