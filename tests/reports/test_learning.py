"""A guide that is learned from documents accepts what is like them, and refuses what is not."""

import random
import tomllib
from collections.abc import Callable

import pytest

from edi_gateway.flows.guides import Guides
from edi_gateway.reports.learning import Learned, learn
from edi_gateway.x12 import envelope
from edi_gateway.x12.compile import compile
from edi_gateway.x12.guide import parse
from edi_gateway.x12.narrowing import narrow
from edi_gateway.x12.read import Verdict, read
from edi_gateway.x12.spec import load
from tests.x12.generator import shelf
from tests.x12.workshop import isa, text

Order = list[str]
COUNT = 22


def order(seed: int) -> Order:
    """An order of an invented dropship partner: always alike, never the same."""
    dice = random.Random(seed)
    body = [f"BEG*00*{('DS', 'NE')[seed % 2]}*PO-{dice.randrange(10**6)}**20260{dice.randint(1, 9)}14",
            f"REF*IA*{dice.randrange(10**5)}", *([f"REF*CO*C{seed}"] if seed % 3 else []),
            f"N1*ST*{dice.choice(('Ada Fern', 'Ben Hill', 'Cy Moss'))}", f"N3*{dice.randint(1, 99)} Mill Lane",
            f"N4*Salem*OR*{dice.randint(97000, 97999)}*US"]
    lines = dice.randint(1, 4)
    for line in range(1, lines + 1):
        body += [f"PO1*{line}*{dice.randint(1, 9)}*EA*{dice.randint(1, 90)}.50**UP*{dice.randrange(10**11, 10**12)}",
                 f"PID*F****{dice.choice(('Mug', 'Lamp', 'Small chair'))}"]
    return [*body, f"CTT*{lines}"]


def file(body: Order) -> bytes:
    return text([isa(), "GS*PO*ACME*US*20260302*1200*1*X*004010", "ST*850*0001", *body, f"SE*{len(body) + 2}*0001",
                 "GE*1*1", "IEA*1*000000001"])


def judged(body: Order, learned: Learned) -> Verdict:
    standard = load(shelf().rows, "850", "004010")
    assert standard
    guide = parse("850.guide.toml", tomllib.loads(learned.toml))
    by = compile(narrow(shelf().rows, standard, guide), shelf().rows)
    (verdict,) = (read(one, by) for each in envelope.read([file(body)]) for group in each.groups
                  for one in group.transactions)
    return verdict


def without(body: Order, id: str) -> Order:
    return [segment for segment in body if not segment.startswith(f"{id}*")]


def swapped(old: str, new: str) -> Callable[[Order], Order]:
    return lambda body: [segment.replace(old, new, 1) for segment in body]


MUTANTS: list[Callable[[Order], Order]] = [
    lambda body: without(body, "REF"), lambda body: without(body, "N1*ST"), lambda body: without(body, "N3"),
    lambda body: without(body, "CTT"), lambda body: without(body, "PID"), swapped("*EA*", "*CA*"),
    swapped("REF*IA", "REF*ZZ"), swapped("N1*ST", "N1*BT"), lambda body: [*body[:1], "CUR*BY*USD", *body[1:]],
    lambda body: [segment.rpartition("**UP")[0] if segment.startswith("PO1") else segment for segment in body],
]


@pytest.mark.parametrize("left", range(COUNT))
def test_what_is_learned_from_all_but_one_accepts_the_last_and_refuses_ten_mutants_of_it(left: int) -> None:
    orders = [order(seed) for seed in range(COUNT)]
    last = orders.pop(left)
    learned = learn([file(one) for one in orders], Guides(shelf()), "850")
    assert learned.documents == COUNT - 1
    assert judged(last, learned).findings == ()
    refused = [judged(mutant(list(last)), learned).outcome for mutant in MUTANTS]
    assert refused == ["rejected"] * 10


def test_texts_ids_dates_and_numbers_never_become_codes_and_each_row_says_how_sure_it_is() -> None:
    learned = learn([file(order(seed)) for seed in range(COUNT)], Guides(shelf()), "850")
    lists = {one.path for one in learned.proposals if "codes" in one.words}
    assert {"BEG02", "REF01", "N1/N101", "PO1/PO103", "PO1/PO106"} <= lists
    assert not lists & {"BEG03", "BEG05", "REF02", "N1/N102", "PO1/PO102", "PO1/PO107", "PO1/PID/PID05"}
    assert 'BEG02 = { codes = ["DS", "NE"] }   # in 22 of 22; DS in 11 of 22, NE in 11 of 22' in learned.toml


def test_of_few_documents_nothing_is_more_than_a_hint() -> None:
    learned = learn([file(order(seed)) for seed in range(3)], Guides(shelf()), "850")
    assert learned.proposals
    assert tomllib.loads(learned.toml) == {"segments": {}, "elements": {}}


def test_a_code_that_was_seen_once_makes_no_list() -> None:
    odd = [*order(0)]
    odd[0] = odd[0].replace("*DS*", "*SA*")
    learned = learn([file(odd), *(file(order(seed)) for seed in range(1, COUNT))], Guides(shelf()), "850")
    assert "BEG02" not in tomllib.loads(learned.toml)["elements"]
    assert "SA in 1 of 22" in learned.toml


def test_a_code_of_the_partners_own_is_a_hint_to_which_a_person_adds_the_page() -> None:
    orders = [swapped("*DS*", "*QX*")(swapped("REF*IA", "REF*QQX")(order(seed))) for seed in range(COUNT)]
    learned = learn([file(one) for one in orders], Guides(shelf()), "850")
    assert judged(orders[0], learned).outcome == "accepted_with_errors"
    hints = [line.removeprefix("# ").partition("   #")[0] for line in learned.toml.splitlines() if line[:2] == "# "]
    assert '"REF[QQX]" = { use = "must", repeat = 1 }' in hints
    assert 'BEG02 = { codes = ["NE"], codes_add = ["QX"], deviates = true }' in hints


def test_only_accepted_documents_of_the_commonest_version_are_looked_at() -> None:
    good, bad = [file(order(seed)) for seed in range(6)], file(without(order(7), "BEG"))
    newer = file(order(8)).replace(b"*004010~", b"*005010~")
    learned = learn([*good, bad, newer, b"junk"], Guides(shelf()), "850")
    assert (learned.version, learned.documents, learned.rejected, learned.others) == ("004010", 6, 1, 1)
    assert learn([b"junk"], Guides(shelf()), "850").documents == 0
