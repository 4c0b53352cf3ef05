"""The segments around a set as rows: `specs/` has none, since the program reads them by itself."""

from edi_gateway.x12.spec import Element, Need, Segment

VERSION_OF_THE_INTERCHANGE = 12
"""The position of ISA12."""

# ISA11 and ISA16 may hold any character: type B is the one that every reader takes as it comes.
_ROWS = {
    "ISA": ("Interchange header", """
        M I01 ID 2/2   Authorization qualifier
        M I02 AN 10/10 Authorization
        M I03 ID 2/2   Security qualifier
        M I04 AN 10/10 Security
        M I05 ID 2/2   Qualifier of the sender
        M I06 AN 15/15 Sender
        M I05 ID 2/2   Qualifier of the receiver
        M I07 AN 15/15 Receiver
        M I08 DT 6/6   Date
        M I09 TM 4/4   Time
        M I10 B  1/1   Standards id or repetition separator
        M I11 ID 5/5   Version
        M I12 N0 9/9   Control number
        M I13 ID 1/1   Acknowledgment wanted
        M I14 ID 1/1   Usage
        M I15 B  1/1   Component separator
        """),
    "IEA": ("Interchange trailer", """
        M I16 N0 1/5 Groups
        M I12 N0 9/9 Control number
        """),
    "GS": ("Group header", """
        M 479 ID 2/2  Kind of sets
        M 142 AN 2/15 Sender
        M 124 AN 2/15 Receiver
        M 373 DT 8/8  Date
        M 337 TM 4/8  Time
        M 28  N0 1/9  Control number
        M 455 ID 1/2  Agency
        M 480 AN 1/12 Version
        """),
    "GE": ("Group trailer", """
        M 97 N0 1/6 Sets
        M 28 N0 1/9 Control number
        """),
    "TA1": ("Interchange acknowledgment", """
        M I12 N0 9/9 Control number
        M I08 DT 6/6 Date
        M I09 TM 4/4 Time
        M I17 ID 1/1 Accepted or rejected
        M I18 ID 3/3 Note
        """),
}


def segment(id: str) -> Segment:
    """The segment of that id: ISA, GS, GE, IEA or TA1, with types and lengths but without code lists."""
    name, text = _ROWS[id]
    lines = text.strip().splitlines()
    return Segment(id, name, tuple(_element(position, line) for position, line in enumerate(lines, start=1)))


def _element(position: int, line: str) -> Element:
    need, id, type, lengths, name = line.split(maxsplit=4)
    low, high = lengths.split("/")
    wanted: Need = "M" if need == "M" else "O"
    return Element(position, id, name, wanted, type, int(low), int(high))
