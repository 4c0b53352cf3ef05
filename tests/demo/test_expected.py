"""Laws of the matcher: equal but for numbers and times."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.demo import expected, script

SAMPLE = {
    "ISA09": "260302", "ISA10": "0914", "ISA13": "000000007", "GS04": "20260302", "GS05": "0914", "GS06": "12",
    "BAK09": "20260302",
}
ANSWERS = script.load().answers
CASES = pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.file)


def filled(content: bytes) -> bytes:
    for place, text in SAMPLE.items():
        content = content.replace(f"{{{place}}}".encode(), text.encode())
    return content


@CASES
def test_an_expected_file_matches_itself_with_its_places_filled(answer: script.Answer) -> None:
    found = expected.match(answer.content, filled(answer.content))
    assert found
    assert found.items() <= SAMPLE.items()


@CASES
def test_an_expected_file_matches_no_other(answer: script.Answer) -> None:
    others = [other for other in ANSWERS if expected.match(other.content, filled(answer.content)) is not None]
    assert others == [answer]


@given(answer=st.sampled_from(ANSWERS), data=st.data())
def test_one_changed_byte_outside_the_places_never_matches(answer: script.Answer, data: st.DataObject) -> None:
    content = filled(answer.content)
    at = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255))
    changed = content[:at] + bytes([byte]) + content[at + 1 :]
    found = expected.match(answer.content, changed)
    if found is not None:
        assert answer.content.decode().format_map(found).encode() == changed


def test_a_place_named_twice_must_hold_the_same_text_twice() -> None:
    assert expected.match(b"{GS06}-{GS06}", b"12-12") == {"GS06": "12"}
    assert expected.match(b"{GS06}-{GS06}", b"12-13") is None


@pytest.mark.parametrize(
    ("text", "received", "agreed", "told"),
    [
        (b"AK1*PO*7~", b"AK1*PO*8~", 7, "byte 8: expected '7~', received '8~'"),
        (b"A{GS06}~", b"Ax~", 1, "byte 2: expected GS06, received 'x~'"),
        (b"A{GS06}~B", b"A12~", 4, "byte 5: expected 'B', received the end"),
        (b"A{GS06}~", b"A12~C", 4, "byte 5: expected the end, received 'C'"),
        (b"{GS06}*{GS06}~", b"1*2~", 2, "byte 3: expected GS06, received '2~'"),
    ],
)
def test_the_first_difference_is_named(text: bytes, received: bytes, agreed: int, told: str) -> None:
    assert expected.difference(text, received) == (agreed, told)
