"""Laws of the script: what was written by hand is whole."""

import re
from decimal import Decimal

from edi_gateway.demo import script
from edi_gateway.issues import exchange

SCRIPT = script.load()


def interchanges(content: bytes) -> list[list[list[str]]]:
    """Segments as lists of elements, by a reading of our own: this test must not lean on the codec."""
    text = re.sub(r"\{(ISA09|ISA10|ISA13)\}", lambda place: "9" * {"ISA09": 6, "ISA10": 4, "ISA13": 9}[place[1]],
                  content.decode("ascii"))
    found = []
    for part in re.split(r"(?=ISA[*|]00)", text)[1:]:
        segments = (line.strip("\r\n") for line in part.split(part[105]))
        found.append([line.split(part[3]) for line in segments if line])
    return found


def test_envelopes_and_counts_of_every_file_agree() -> None:
    for content in [drop.content for drop in SCRIPT.drops] + [answer.content for answer in SCRIPT.answers]:
        for segments in interchanges(content):
            isa, *middle, iea = segments
            assert len("*".join(isa)) == 105
            assert (iea[0], iea[2]) == ("IEA", isa[13])
            start = 0
            for at, segment in enumerate(middle):
                if segment[0] == "ST":
                    start = at
                if segment[0] == "SE":
                    assert (int(segment[1]), segment[2]) == (at - start + 1, middle[start][2])
            groups = [s for s in middle if s[0] == "GS"]
            assert [s[2] for s in middle if s[0] == "GE"] == [s[6] for s in groups]


def test_answers_go_back_to_the_ids_that_orders_came_from() -> None:
    for retailer in SCRIPT.retailers:
        if retailer.books is not None:
            continue
        came = {(*s[0][5:7], *s[0][7:9]) for drop in retailer.drops for s in interchanges(drop.content)}
        went = {(*s[0][7:9], *s[0][5:7]) for answer in retailer.answers for s in interchanges(answer.content)}
        agreed = {(terms.theirs.qualifier, terms.theirs.id) for terms in retailer.terms}
        assert came == went
        assert {(one[0], one[1].strip()) for one in came} == agreed


def test_every_number_a_retailer_uses_is_used_once() -> None:
    for retailer in SCRIPT.retailers:
        contents = {drop.content for drop in retailer.drops}
        numbers = [int(s[0][13]) for content in contents for s in interchanges(content)]
        numbers += [answer.confirm for answer in retailer.answers if answer.confirm is not None]
        assert len(numbers) == len(set(numbers))


def test_what_waits_waits_for_an_answer_of_the_script() -> None:
    files = {answer.file for answer in SCRIPT.answers}
    waits = {drop.after for drop in SCRIPT.drops} | {act.after for act in SCRIPT.acts}
    assert waits - {None} <= files


def test_every_answered_order_is_on_the_books() -> None:
    answers = [answer for answer in SCRIPT.answers if answer.times and answer.confirm is not None]
    answered = {answer.file.partition(".")[0] for answer in answers}
    assert answered == {number for number, state in SCRIPT.books.orders.items() if state == "accepted"}


def test_both_houses_must_say_the_same_of_every_line() -> None:
    (books,) = (retailer.books for retailer in SCRIPT.retailers if retailer.books is not None)
    assert books.lines == SCRIPT.books.lines != {}


def test_every_mishap_is_known_by_an_issue_of_the_catalogue() -> None:
    assert {mishap.issue for mishap in SCRIPT.mishaps} <= {exchange.WRITE_DENIED.code, exchange.HOST_KEY_CHANGED.code}


def test_invoices_written_by_hand_add_up() -> None:
    for answer in (answer for answer in SCRIPT.answers if ".810." in answer.file):
        ((_, *segments, _),) = interchanges(answer.content)
        lines = sum(Decimal(one[2]) * Decimal(one[4]) for one in segments if one[0] == "IT1")
        assert [Decimal(one[1]) for one in segments if one[0] == "TDS"] == [lines * 100]
