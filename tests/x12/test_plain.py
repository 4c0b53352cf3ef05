"""What is seen at once as one plain interchange is what reading with care tells of it."""

import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks import inputs
from edi_gateway.x12 import envelope, plain
from edi_gateway.x12.envelope import Interchange, Transaction
from edi_gateway.x12.limits import Limits
from edi_gateway.x12.tokens import odd_rows
from tests.x12.test_laws import cut, mosaics
from tests.x12.workshop import GOOD, isa, text, wrap

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "x12"
FIXTURES = [file.read_bytes() for file in sorted(FOLDER.rglob("*.edi"))]
ENDS = ("~", "~\n", "~\r\n", "'", "'\n")
BYTES = b"~*> \n\r\t\x00\x1a\xffA0Z"
SMALL = text(wrap(GOOD, GOOD))


def is_plain(content: bytes, limits: Limits | None = None) -> bool:
    """Whether some bytes are seen at once."""
    return isinstance(plain.plainly([content], limits or Limits()), plain.Plain)


def told(chunks: Iterable[bytes], limits: Limits | None = None) -> list[Any]:
    """Everything there is to see of some bytes."""
    reading = envelope.read(chunks, limits)
    return [list(map(_of_interchange, reading)), reading.findings, reading.accepted]


def _of_interchange(one: Interchange) -> list[Any]:
    groups = [
        (group.ordinal, group.offset, group.gs, list(map(_of_set, group.transactions)), group.findings, group.stated,
         group.counted, group.code, group.sender, group.receiver, group.control, group.version)
        for group in one.groups
    ]
    return [one.ordinal, one.offset, one.separators, one.isa, groups, one.findings, one.ta1s, one.accepted]


def _of_set(one: Transaction) -> list[Any]:
    # Both may be said too carefully; what is said plain or without parts has to be.
    assert not one.plain or not odd_rows(one.segments)
    marks = [mark for mark in (one.separators.component, one.separators.repetition) if mark is not None]
    assert one.compound or not any(mark in value for row in one.segments for value in row for mark in marks)
    offsets = [one.offset(position) for position in range(1, len(one.segments) + 2)]
    return [
        one.ordinal, one.group_code, one.separators, one.segments, one.findings, one.counted, one.whole, one.set,
        one.control, list(one.ids), offsets,
    ]


def told_with_care(chunks: Iterable[bytes], limits: Limits | None = None) -> list[Any]:
    """The same, where nothing is seen at once."""
    with patch.object(envelope, "plainly", lambda chunks, _: chunks):
        return told(chunks, limits)


def damaged(content: bytes, dice: random.Random) -> bytes:
    """The bytes with one damage: a byte or a segment changed, lost, twice or somewhere else."""
    at, until = sorted(dice.randrange(len(content) + 1) for _ in range(2))
    segments = content.split(b"~")
    one, other = (dice.randrange(len(segments)) for _ in range(2))
    byte = bytes([dice.choice(BYTES)])
    match dice.randrange(8):
        case 0:
            return content[:at] + byte + content[at:]
        case 1:
            return content[:at] + byte + content[at + 1:]
        case 2:
            return content[:at] + content[at + 1:]
        case 3:
            return content[:at] + content[until:]
        case 4:
            return content + content[at:until]
        case 5:
            return content.replace(b"~", dice.choice([b"~\n", b"~\r\n", b" ~", b"~ ", b"\n", b"~~"]))
        case 6:
            segments[one], segments[other] = segments[other], segments[one]
        case _:
            segments.insert(one, segments[other])
    return b"~".join(segments)


def chunked(content: bytes) -> Iterator[list[bytes]]:
    """The same bytes in chunks of several sizes."""
    for size in (7, 1_000):
        yield [content[at:at + size] for at in range(0, len(content), size)]


def test_every_fixture_is_read_alike_however_it_is_cut() -> None:
    for content in FIXTURES:
        careful = told_with_care([content])
        assert told([content]) == careful
        assert all(told(chunks) == careful for chunks in chunked(content))


def test_most_fixtures_are_plain() -> None:
    assert sum(map(is_plain, FIXTURES)) > len(FIXTURES) * 0.8


def test_every_damaged_fixture_is_read_alike() -> None:
    dice = random.Random(5)
    for content in FIXTURES:
        for _ in range(2):
            broken = damaged(content, dice)
            assert told([broken]) == told_with_care([broken]), broken


@pytest.mark.parametrize("end", ENDS)
def test_an_interchange_with_one_byte_changed_is_read_alike(end: str) -> None:
    content = text(wrap(GOOD[:3], header=isa(eleventh="^", version="00501")), end)
    assert is_plain(content)
    for at in range(len(content)):
        for byte in b"~\nZ":
            broken = content[:at] + bytes([byte]) + content[at + 1:]
            assert told([broken]) == told_with_care([broken]), broken


@given(mosaics, st.lists(st.integers(0, 5000), max_size=5))
def test_any_mosaic_is_read_alike(content: bytes, places: list[int]) -> None:
    assert told(cut(content, places)) == told_with_care(cut(content, places))


SEGMENTS = st.sampled_from([
    "BGN*00*A1*20240229", "REF*IA*V>7", "N1*ST*VISA*1", "N1*ST*VISAS", "ISA", "ISA*00", "TA1*1", "",
])
BODIES = st.lists(st.lists(SEGMENTS, max_size=4), max_size=3)


@given(BODIES, st.sampled_from(ENDS), st.sampled_from(["", "\n", "\r\n\n", " ", "\n ", "\x1a"]))
@example([[f"N1*ST*{isa()}"]], "~", "")
@example([["N1*ST*" + "X" * 20_000]], "~", "")
def test_any_body_is_read_alike(bodies: list[list[str]], end: str, behind: str) -> None:
    content = text(wrap(*bodies), end) + behind.encode()
    assert told([content]) == told_with_care([content])


@pytest.mark.parametrize("number", [
    "SE*9*0001", "SE*09*0001", "SE*9*0002", "SE*9*0001*1", "SE*8*0001", "ST*123*0002", "ST*123", "ST*123*0001*X",
    "ST*123*1", "ST* *0001", "GE*2*1", "GE*02*1", "GE*2*2", "GE*1*1", "GE*2*1*1", "IEA*1*000000002", "IEA*1*1",
    "IEA*2*1", "GS*TR*ACME*US*20240230*1200*1*X*004010", "GS*TR*ACME*US*20240229*2400*1*X*004010",
    "GS*TR**US*20240229*1200*1*X*004010", "GS*TR*ACME* *20240229*1200*1*X*004010",
    "GS*TR*ACME*US*20240229*1200*A*X*004010", "GS*TR*ACME*US*20240229*1200*1*X",
    "GS*TR*ACME*US*20240229*1200*1*Y*004010", "GS*TR*ACME*US*20240229*1200*1*T*004010*1",
    "GS**ACME*US*20240229*1200*1*X*",
])
def test_numbers_and_counts_that_differ_are_seen_alike(number: str) -> None:
    segments = wrap(GOOD, GOOD)
    for at, segment in enumerate(segments):
        if segment.partition("*")[0] == number.partition("*")[0]:
            content = text([*segments[:at], number, *segments[at + 1:]])
            assert told([content]) == told_with_care([content])


@pytest.mark.parametrize("header", [
    isa().replace("*", "|"), isa().replace(">", "\x1d"), isa().replace(">", "A"), isa(version="00501"),
    isa(version="00501", eleventh="^"), isa(version="00501", eleventh="*"), isa(usage="X"),
    isa("00000001 "), isa("A00000001"),
    isa().replace("240229", "240230"), isa().replace("1200", "2400"), isa().replace("ZZ", "QQ", 1),
    isa().replace("ACME           ", "ACME"), isa().replace("          ", "    *     ", 1),
    isa().replace("ACME", "A\nME"), isa().replace("240229*", "240229|"),
])
def test_headers_are_seen_alike(header: str) -> None:
    for end in (*ENDS, "\n", "\r\n", "\x1c", "\x85"):
        content = text([header, *wrap(GOOD)[1:]], end)
        assert told([content]) == told_with_care([content])


def test_groups_of_one_number_are_seen_alike() -> None:
    first, second = wrap(GOOD), wrap(GOOD)
    for number, control in ((1, 1), (1, 2), (2, 2)):
        group = [f"GS*TR*ACME*US*20240229*1200*{number}*X*004010", *second[2:-2], f"GE*1*{control}"]
        content = text([*first[:-1], *group, "IEA*2*000000001"])
        assert is_plain(content) == (number == control == 2)
        assert told([content]) == told_with_care([content])


@pytest.mark.parametrize("limits", [Limits(set_segments=5), Limits(set_bytes=100), Limits(0, 0)])
def test_the_limits_of_a_set_hold_alike(limits: Limits) -> None:
    assert is_plain(SMALL)
    assert not is_plain(SMALL, limits)
    assert told([SMALL], limits) == told_with_care([SMALL], limits)


@pytest.mark.parametrize("megabytes", [0.01, 0.06, 0.07, 0.2])
def test_larger_files_are_read_alike(megabytes: float) -> None:
    content = inputs.varied_orders(megabytes)
    assert is_plain(content) == (len(content) <= plain.LENGTH_MAX)
    assert told([content]) == told_with_care([content])


def test_a_set_that_was_passed_over_does_not_come_later() -> None:
    groups = next(iter(envelope.read([SMALL]))).groups
    group = next(groups)
    assert next(groups, None) is None
    assert list(group.transactions) == []
    assert (group.counted, group.stated) == (2, "2")
    (interchange,) = envelope.read([SMALL])
    assert list(interchange.groups) == []
