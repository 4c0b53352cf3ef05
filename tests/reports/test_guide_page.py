"""The page of a partner's guides can be handed over: it is readable, valid, and says what goes beyond the standard."""

import re

import pytest

from edi_gateway.flows.guides import Guides
from edi_gateway.reports.guide_forms import Block, html, markdown
from edi_gateway.reports.guide_page import page
from edi_gateway.reports.outline import outline
from edi_gateway.store.shelf import DataShelf
from tests.cli.test_show import Balanced

GUIDES = Guides(DataShelf())
PARTNERS = ("harrowmill", "northbarn", "saltmarsh", "willowgate")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@pytest.mark.parametrize("partner", PARTNERS)
def test_no_page_holds_a_control_character_and_every_element_of_html_is_closed(partner: str) -> None:
    for told in (page(GUIDES, partner, "html"), page(GUIDES, partner, "markdown")):
        assert not _CONTROL.search(told)
    assert not Balanced(page(GUIDES, partner, "html")).open


def test_a_control_character_stands_by_name_wherever_it_comes_from() -> None:
    blocks = [Block("title", (("a\x1db",),)), Block("table", (("x\ny", "\x85"), ("\x7f", "é")))]
    assert markdown(blocks) == "# a[GS 1D]b\n\n| x[LF 0A]y | [85] |\n|---|---|\n| [7F] | é |\n"
    assert "<title>[NAK 15]</title>" in html("\x15", blocks)


@pytest.mark.parametrize("partner", PARTNERS)
def test_every_sample_is_valid_and_laid_out_one_segment_a_line(partner: str) -> None:
    samples = [part.partition("```")[0] for part in page(GUIDES, partner, "markdown").split("```text\n")[1:]]
    assert samples
    for sample in samples:
        assert outline(sample.encode(), GUIDES, partner).findings == []
        assert all(re.fullmatch(r"[A-Z0-9]{2,3}\*[^~]*~", line) for line in sample.splitlines())


def test_the_page_tells_the_separators_of_a_partner_who_has_others_and_only_then() -> None:
    note = "In the files themselves it is [GS 1D] between elements, < between components and [NAK 15] at the end of"
    assert note in page(GUIDES, "saltmarsh", "markdown")
    assert "In the files themselves" not in page(GUIDES, "willowgate", "markdown")


def test_what_goes_beyond_the_standard_is_marked_with_its_page() -> None:
    told = page(GUIDES, "saltmarsh", "markdown")
    for row in (
        "| ZSP | Store plan | must be there | up to 3 times | not in the standard; stands behind BEG | p. 10 |",
        "| ZSP01 | Line id | must be there | 1 to 20 |  |  | p. 10 |",
        "| ZSP02 | Day of the opening | may be there | 8 |  |  | p. 10 |",
        "| FOB | Freight terms | may be there | once | stands behind ITD, elsewhere than in the standard | p. 10 |",
        "| PO1/PO107 | Product id | may be there | 1 to 60 |  | in the standard 1 to 48 characters | p. 12 |",
        "| PO1/PO108 | Product id kind | may be there | 2 | UP (UPC-12), X9 | private code X9 | p. 12 |",
    ):
        assert f"{row}\n" in told
    assert "beyond the standard" not in page(GUIDES, "willowgate", "markdown")


def test_the_headings_say_who_sends_and_who_gets() -> None:
    told = page(GUIDES, "willowgate", "markdown")
    assert told.startswith("# Willowgate Home: guide to EDI documents\n")
    assert "## 850 Purchase Order, version 004010, sent by Willowgate Home\n" in told
    assert "## 855 Purchase Order Acknowledgment, version 004010, sent to Willowgate Home\n" in told
    assert "## 850 Purchase Order, version 004010\n" in page(GUIDES, "northbarn", "markdown")


def test_rows_read_as_they_are_meant() -> None:
    told = page(GUIDES, "willowgate", "markdown")
    assert "| REF[IA] | Reference | must be there | at least once | p. 8 |\n" in told
    assert "- N402 must be there where N404 is US or CA in N1 (p. 9)\n" in told
    assert told.index("| LIN/QTY/QTY03 |") < told.index("| LIN/QTY/QTY03-1 |")


def test_numbers_of_a_sample_are_padded_as_the_partner_wants_them() -> None:
    assert "ST*850*000000001~\n" in page(GUIDES, "saltmarsh", "markdown")
    assert "*000000001*X*004010~\n" in page(GUIDES, "saltmarsh", "markdown")
    assert "PO1*LINE ID*1*CA*1.00**EN*" in page(GUIDES, "harrowmill", "markdown")
