"""Numbers, dates and times as texts."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.mapping import texts
from edi_gateway.x12.spec import Element


def element(kind: str, low: int = 1, high: int = 10) -> Element:
    return Element(1, "1", "", "O", kind, low, high)


@pytest.mark.parametrize(("time", "text"), [
    (dt.time(0, 0), "0000"), (dt.time(9, 5), "0905"), (dt.time(9, 5, 7), "090507"),
    (dt.time(9, 0, 0, 500_000), "0900005"),
    (dt.time(23, 59, 59, 990_000), "23595999"), (dt.time(10, 10, 10, 50_000), "10101005"),
])
def test_a_time_is_as_short_as_it_is_exact(time: dt.time, text: str) -> None:
    assert texts.write_time(time) == text
    assert texts.read_time(text) == time


@pytest.mark.parametrize("text", [
    "", "9", "905", "2400", "0960", "9:05", "0905:", "09:05:7", "090507123", "\u0660\u0669\u0660\u0665", "09050",
])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no time|must be in"):
        texts.read_time(text)


@pytest.mark.parametrize(("text", "time"), [("09:05", dt.time(9, 5)), ("09:05:07", dt.time(9, 5, 7))])
def test_a_time_with_colons_is_read_and_never_written(text: str, time: dt.time) -> None:
    assert texts.read_time(text) == time
    assert ":" not in texts.write_time(time)
    assert texts.fault(text, element("TM", 4, 8)) == "a time is written without colons"


@pytest.mark.parametrize("text", ["", "20260230", "260302", "2026-03-02", "٢٠٢٦٠٣٠٢", "00000101", "202603022"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no date|out of range|must be in"):
        texts.read_date(text)


@given(st.dates())
def test_every_date_is_read_as_written(date: dt.date) -> None:
    assert texts.read_date(texts.write_date(date)) == date


@given(st.dates(dt.date(1950, 1, 1), dt.date(2049, 12, 31)))
def test_a_date_of_six_digits_is_of_the_years_1950_to_2049(date: dt.date) -> None:
    assert texts.write_short_date(date) == texts.write_date(date)[2:]
    assert texts.read_short_date(texts.write_short_date(date)) == date


@pytest.mark.parametrize("date", [dt.date(1949, 12, 31), dt.date(2050, 1, 1)])
def test_a_year_that_two_digits_cannot_say_is_refused(date: dt.date) -> None:
    with pytest.raises(ValueError, match="two digits cannot say its year"):
        texts.write_short_date(date)


@pytest.mark.parametrize("text", ["20260302", "26032", "260230", ""])
def test_what_is_no_date_of_six_digits_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no date|out of range|must be in"):
        texts.read_short_date(text)


@pytest.mark.parametrize(("date", "length", "fits"), [
    ("260302", 6, True), ("20260302", 8, True), ("260302", 8, False), ("260230", 6, False),
])
def test_the_length_of_its_element_tells_the_form_of_a_date(date: str, length: int, fits: bool) -> None:
    assert (texts.fault(date, element("DT", length, length)) is None) is fits


@pytest.mark.parametrize("text", ["", ".", "-", "1e5", "NaN", "Infinity", "1,5", " 1", "١", "1.2.3", "--1"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        texts.read_number(text)


@pytest.mark.parametrize("text", ["1.0", "", "9" * 5000, "1_000"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no whole number"):
        texts.read_whole(text)


@given(st.decimals(min_value=-10**8, max_value=10**8, places=2))
def test_implied_decimals_come_from_the_type_of_the_element(number: Decimal) -> None:
    text = texts.write_implied(number, 2, element("N2", 1, 12))
    assert "." not in text
    assert texts.read_implied(text, 2) == number


def test_decimals_that_are_not_implied_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 2 decimals"):
        texts.write_implied(Decimal("1.005"), 2, element("N2"))


@pytest.mark.parametrize(("number", "text"), [("5", "0005"), ("-5", "-0005"), ("12345", "12345")])
def test_a_number_shorter_than_its_element_is_filled_with_zeros(number: str, text: str) -> None:
    assert texts.write_number(Decimal(number), element("R", 4)) == text
    assert texts.write_whole(int(number), element("N0", 4)) == text


@pytest.mark.parametrize(("kind", "text", "fits"), [
    ("R", "-1.5", True), ("R", "abc", False), ("N0", "12", True), ("N0", "1.2", False), ("DT", "20260302", True),
    ("DT", "20260231", False), ("TM", "0905", True), ("TM", "9:05", False), ("AN", "   ", False), ("AN", "a b", True),
])
def test_a_text_fits_an_element_by_its_type(kind: str, text: str, fits: bool) -> None:
    assert (texts.fault(text, element(kind)) is None) is fits
