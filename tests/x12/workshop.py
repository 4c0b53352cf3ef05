"""What the codec's tests are made of: a small standard of our own, and interchanges around a body."""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from edi_gateway.issues import Finding
from edi_gateway.x12 import envelope
from edi_gateway.x12.compile import Table, compile
from edi_gateway.x12.envelope import Transaction
from edi_gateway.x12.guide import parse
from edi_gateway.x12.narrowing import narrow
from edi_gateway.x12.read import Verdict, read
from edi_gateway.x12.spec import load
from edi_gateway.x12.tokens import Separators

_SEGMENTS = {
    "ST": ("01 M 143 ID 3/3 Set\n02 M 329 AN 4/9 Control number", []),
    "SE": ("01 M 96 N0 1/10 Count\n02 M 329 AN 4/9 Control number", []),
    "BGN": (
        ("01 M 353 ID 2/2 Purpose\n02 M 127 AN 2/6 Number\n03 M 373 DT 8/8 Date\n04 O 337 TM 4/8 Time\n"
        "05 O 1 N2 1/5 Cents\n06 O 2 R 1/5 Rate\n07 O 3 AN 2/4 Word\n08 O 4 DT 6/6 Short date"), [],
    ),
    "REF": (
        "01 M 128 ID 2/3 Kind\n02 X 127 AN 1/30 Reference\n03 X 352 AN 1/80 Text\n04 O C040 COMP More",
        ["R0203 V"],
    ),
    "C040": ("01 M 128 ID 2/3 Kind\n02 M 127 AN 1/30 Reference\n03 X 128 ID 2/3 Kind\n04 X 127 AN 1/30 Reference",
             ["P0304 V"]),
    "REP": ("01 O 5 AN 1/3 x3 Words\n02 O C040 COMP x2 References\n03 O 2 R 1/5 x2 Rates", []),
    "N1": ("01 M 98 ID 2/3 Role\n02 X 93 AN 1/60 Name\n03 X 66 ID 1/2 Kind\n04 X 67 AN 2/80 Id",
           ["R0203 V", "P0304 V"]),
    "N3": ("01 M 166 AN 1/55 Address", []),
    "LIN": (("01 O 350 AN 1/20 Line\n02 X 380 R 1/15 Quantity\n03 X 355 ID 2/2 Unit\n04 O 212 R 1/17 Price\n"
            "05 O 6 B 1/9 Raw"), ["C0302 V", "L040203 R", "E0405 V", "P0105 U"]),
    "SUB": ("01 M 7 AN 1/5 Word\n02 O 8 AN 1/5 Word\n03 O 9 AN 1/5 Word", ["E010203 I"]),
    "TWO": ("01 O 1 AN 1/5 Word\n02 O 2 AN 1/5 Word\n03 O 3 AN 1/5 Word", ["C010203 P", "P010203 P", "L010203 P"]),
    "CTT": ("01 M 354 N0 1/6 Lines\n02 O 347 R 1/10 Hash", []),
    "OFF": ("01 M 1 AN 1/5 Of another set", []),
}
_CODES = {"143": "123 124", "353": "00 05", "128": "IA DP VR", "98": "ST BT", "66": "92 9", "355": "EA CS"}
_STRUCTURE = """
# heading
ST  M 1
BGN M 1
REF O 2
REP O >1
TWO O 1
loop N1 O 3
  N1 M 1
  N3 O 2
# detail
loop LIN M 4
  LIN M 1
  REF O 1
  loop SUB O 2
    SUB M 1
    N3  M 1
# summary
CTT O 1
SE  M 1
"""
_SET = {
    "set": "123", "name": "Trial", "group": "TR", "version": "004010", "structure": _STRUCTURE,
    "totals": {"CTT01": "count LIN", "CTT02": "sum LIN02"},
}

Row = Sequence[str]


def rows(path: str) -> Mapping[str, Any] | None:
    """The rows of the small standard, by path."""
    if path == "specs/123/004010.toml":
        return _SET
    *folder, name = path.removesuffix(".toml").split("/")
    if folder == ["specs", "x12", "004010"] and name in _SEGMENTS:
        elements, syntax = _SEGMENTS[name]
        return {"name": name.capitalize(), "elements": elements, "syntax": syntax}
    if folder == ["specs", "x12", "004010", "codes"] and name in _CODES:
        return {"name": name, "codes": _CODES[name]}
    return None


def toml(text: str) -> Callable[[str], Mapping[str, Any] | None]:
    """Rows out of one TOML text whose keys are paths."""
    found = tomllib.loads(text)
    return lambda path: found.get(path, rows(path))


def table(guide: Mapping[str, Any] | None = None) -> Table:
    """The table of the small set."""
    definition = load(rows, "123", "004010")
    assert definition
    return compile(narrow(rows, definition, parse("123.guide.toml", guide)) if guide else definition, rows)


TABLE = table()
GOOD = ("BGN*00*A1*20240229", "REF*IA*V7", "N1*ST*Acme", "N3*1 Main St", "LIN*1*2*EA", "LIN*2*3*EA", "CTT*2*5")


def isa(control: str = "000000001", *, version: str = "00401", eleventh: str = "U", usage: str = "P") -> str:
    """An ISA without its terminator; `*` and `>` are its separators."""
    return (
        f"ISA*00*          *00*          *ZZ*ACME           *ZZ*US             *240229*1200*{eleventh}*{version}"
        f"*{control}*0*{usage}*>"
    )


def wrap(*sets: Sequence[str], version: str = "004010", code: str = "TR", header: str | None = None) -> list[str]:
    """The segments of an interchange of one group around bodies; counts and numbers are right."""
    segments = [header or isa(), f"GS*{code}*ACME*US*20240229*1200*1*X*{version}"]
    for number, body in enumerate(sets, start=1):
        segments += [f"ST*123*{number:04}", *body, f"SE*{len(body) + 2}*{number:04}"]
    return [*segments, f"GE*{len(sets)}*1", "IEA*1*000000001"]


def text(segments: Iterable[str], end: str = "~") -> bytes:
    """The segments as bytes."""
    return "".join(segment + end for segment in segments).encode("latin-1")


def transactions(content: bytes) -> list[Transaction]:
    """All sets of all interchanges."""
    return [one for each in envelope.read([content]) for group in each.groups for one in group.transactions]


def judge(
    *body: str, by: Table | None = TABLE, verdicts: Mapping[str, str] | None = None, end: str = "~",
    header: str | None = None,
) -> Verdict:
    """The verdict on one body."""
    (transaction,) = transactions(text(wrap(body, header=header), end))
    return read(transaction, by, verdicts)


def codes(finding: Finding) -> tuple[str | None, ...]:
    """AK304, AK403, AK502, AK905, TA105."""
    ack = finding.ack
    return ack.segment, ack.element, ack.set, ack.group, ack.interchange


def outline(chunks: Iterable[bytes], by: Table | None = TABLE) -> list[Any]:
    """Everything that reading tells of some bytes."""
    reading = envelope.read(chunks)
    told: list[Any] = []
    for interchange in reading:
        told.append((interchange.ordinal, interchange.offset, interchange.isa, interchange.separators))
        for group in interchange.groups:
            told.append((group.ordinal, group.offset, group.gs))
            for one in group.transactions:
                verdict = read(one, by)
                offsets = [one.offset(at + 1) for at in range(len(one.segments))]
                places = verdict.tree and verdict.tree.places
                told.append((one.segments, offsets, verdict.outcome, verdict.findings, places))
            told.append((group.findings, group.stated, group.counted))
        told.append((interchange.findings, interchange.ta1s))
    return [*told, reading.findings]


def separators() -> Separators:
    """Those of `isa`."""
    return Separators("*", ">", "~")
