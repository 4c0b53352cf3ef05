"""The documents that are measured, made up by dice with a seed: the same seed gives the same bytes anywhere."""

import random
from collections.abc import Callable, Iterator

LINES_A_SET = 20
SETS_A_GROUP = 100
ITEMS_A_FEED = 10_000
CARTONS_A_SHIPMENT = 12

Body = list[str]

ROWS = """
[segments]
CUR = { use = "unused" }
N1 = { repeat = 3 }
"PO1/PID" = { use = "must", repeat = 2 }
CTT = { use = "must" }

[elements]
BEG02 = { codes = ["DS", "SA"] }
"PO1/PO101" = { use = "must", length = [1, 6] }
"PO1/PO103" = { codes = ["CA", "EA"] }
"PO1/PO107" = { length = [12, 13] }
"""
"""A partner's guide to the 850 that `orders` keep to; all of it can be said by the grammar."""

RULES = """
"REF[IA]02" = { length = [4, 6] }
"N1[ST]/N103" = { use = "must", codes = ["92"] }
"PO1/PID[F]05" = { use = "must" }

[[rules]]
when = "BEG02 is DS"
then = "CTT must be there"

[[rules]]
in = "PO1"
when = "PO103 is EA"
then = "PO104 must be there"

[[rules]]
in = "PO1"
when = "PO106 is UP"
then = "PO107 must be there"

[[rules]]
in = "PO1"
when = "PID01 is F"
then = "PID05 must be there"
"""
"""What may stand behind it: rows that hang on a qualifier, and rules, most of which are looked at in every line."""


def orders(megabytes: float, seed: int = 1) -> bytes:
    """850s of 20 lines each, all of one shape, about so large."""
    dice = random.Random(seed)
    return b"".join(interchanges("PO", "850", megabytes, lambda number: _order(dice, number, LINES_A_SET)))


def varied_orders(megabytes: float, seed: int = 1) -> bytes:
    """850s whose number of lines, optional segments and optional elements vary by set."""
    dice = random.Random(seed)
    return b"".join(interchanges("PO", "850", megabytes, lambda number: _varied_order(dice, number)))


def spoiled_orders(megabytes: float, seed: int = 1, share: float = 0.05) -> bytes:
    """The same as `orders`, with a fault in so large a share of the lines."""
    dice = random.Random(seed)

    def order(number: int) -> Body:
        return [_spoiled(dice, row) if dice.random() < share else row for row in _order(dice, number, LINES_A_SET)]

    return b"".join(interchanges("PO", "850", megabytes, order))


def small_files(count: int, seed: int = 1) -> list[bytes]:
    """So many interchanges of one order each, which has one to five lines."""
    dice = random.Random(seed)
    return [
        b"".join(interchanges("PO", "850", 0, lambda _, at=at: _order(dice, at, dice.randint(1, 5)), 1))
        for at in range(count)
    ]


def feeds(megabytes: float, seed: int = 1, items: int = ITEMS_A_FEED) -> Iterator[bytes]:
    """846s of so many items each, piece by piece."""
    dice = random.Random(seed)
    return interchanges("IB", "846", megabytes, lambda number: _feed(dice, number, items), 1)


def shipments(megabytes: float, seed: int = 1) -> bytes:
    """856s: an order's cartons, and what is in each."""
    dice = random.Random(seed)
    return b"".join(interchanges("SH", "856", megabytes, lambda number: _shipment(dice, number)))


def interchanges(
    code: str, set_id: str, megabytes: float, body: Callable[[int], Body], sets: int = SETS_A_GROUP
) -> Iterator[bytes]:
    """One interchange of groups of so many sets, until it is about so large; a group at a time."""
    isa = f"ISA*00*{'':10}*00*{'':10}*ZZ*{'BUYER':15}*ZZ*{'SELLER':15}*260301*0930*U*00401*000000001*0*P*>~"
    yield isa.encode()
    size, groups, number = 0, 0, 0
    while not groups or size < megabytes * 1_000_000:
        groups += 1
        rows = [f"GS*{code}*BUYER*SELLER*20260301*0930*{groups}*X*004010"]
        for control in range(1, sets + 1):
            number += 1
            inside = body(number)
            rows += [f"ST*{set_id}*{control:04}", *inside, f"SE*{len(inside) + 2}*{control:04}"]
        rows.append(f"GE*{sets}*{groups}~")
        text = "~".join(rows).encode()
        size += len(text)
        yield text
    yield f"IEA*{groups}*000000001~".encode()


def _order(dice: random.Random, number: int, lines: int) -> Body:
    body = [
        f"BEG*00*SA*PO{number:08}**20260301", "REF*IA*4711", "N1*ST*A STORE*92*0042", "N3*1 LONG ROAD",
        "N4*SPRINGFIELD*IL*62701*US",
    ]
    for line in range(1, lines + 1):
        body.append(f"PO1*{line}*{dice.randint(1, 99)}*EA*{_price(dice)}**UP*{_product(dice)}")
        body.append(f"PID*F****PRODUCT {dice.randint(1, 9999)}")
    return [*body, f"CTT*{lines}"]


def _varied_order(dice: random.Random, number: int) -> Body:
    lines = dice.randint(1, 2 * LINES_A_SET)
    body = [f"BEG*00*{dice.choice(['SA', 'DS', 'NE'])}*PO{number:08}**20260301"]
    body += _some(dice, "CUR*BY*USD", "REF*IA*4711", "REF*DP*12", "PER*BD*A BUYER*TE*6035550140", "ITD*01*3*2**10**30")
    body += _some(dice, "DTM*010*20260310", "DTM*001*20260320", "TD5*O*2*UPSN*U*GROUND")
    for role in _some(dice, "ST", "BT", "BY"):
        body += [f"N1*{role}*A STORE{dice.choice(['', '*92*0042'])}", *_some(dice, "N3*1 LONG ROAD")]
        body += _some(dice, "N4*SPRINGFIELD*IL*62701*US")
    for line in range(1, lines + 1):
        more = dice.choice(["", "", f"*VN*V{dice.randint(1, 999)}", f"*VN*V{dice.randint(1, 999)}*IN*{line}"])
        body.append(f"PO1*{line}*{dice.randint(1, 99)}*EA*{_price(dice)}**UP*{_product(dice)}{more}")
        body += ["CTP*RS*RES*19.99"] if dice.random() < 0.2 else []
        body += [f"PID*F****PRODUCT {dice.randint(1, 9999)}"] if dice.random() < 0.8 else []
    return [*body, f"CTT*{lines}"]


def _feed(dice: random.Random, number: int, items: int) -> Body:
    body = [f"BIA*00*SI*F{number:06}*20260301*0930", "REF*IA*4711"]
    for item in range(1, items + 1):
        body.append(f"LIN*{item}*UP*{_product(dice)}*VN*V{dice.randint(1, 99_999)}")
        body.append(f"QTY*33*{dice.randint(0, 999)}*EA")
    return [*body, f"CTT*{items}"]


def _shipment(dice: random.Random, number: int) -> Body:
    body = [
        f"BSN*00*S{number:08}*20260301*0930*0001", "HL*1**S", f"TD1*CTN25*{CARTONS_A_SHIPMENT}****G*21*LB",
        "TD5*O*2*UPSN*U*GROUND", f"REF*BM*B{number}", "DTM*011*20260301", "N1*ST*A STORE*92*0042", "HL*2*1*O",
        f"PRF*PO{number:08}",
    ]
    levels = 2
    for _ in range(CARTONS_A_SHIPMENT):
        carton = levels = levels + 1
        body += [f"HL*{carton}*2*P", f"MAN*GM*{dice.randrange(10**17):018}"]
        for _ in range(dice.randint(1, 3)):
            levels += 1
            body += [f"HL*{levels}*{carton}*I", f"LIN**UP*{_product(dice)}", f"SN1**{dice.randint(1, 24)}*EA"]
    return [*body, f"CTT*{levels}"]


def _spoiled(dice: random.Random, row: str) -> str:
    """A row with a fault in one of its elements."""
    elements = row.split("*")
    at = dice.randrange(1, len(elements))
    elements[at] = dice.choice(["", "X" * 90, f"{elements[at]}?"])
    return "*".join(elements)


def _price(dice: random.Random) -> str:
    return f"{dice.randint(100, 99_999) / 100:.2f}"


def _product(dice: random.Random) -> int:
    return dice.randrange(10**11, 10**12)


def _some(dice: random.Random, *rows: str) -> Body:
    return [row for row in rows if dice.random() < 0.5]
