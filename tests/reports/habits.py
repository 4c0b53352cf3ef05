"""Orders in the habit of three partners, made up by dice: always alike, never the same."""

import random
from collections.abc import Callable
from typing import Any

Rows = list[list[str]]

CITIES = [
    "Port Averill*OR*00097", "Elm Ford*WA*00088", "Stone Bay*CA*00112", "Quarry Hill*VT*00031", "Low Marsh*ME*00044",
    "Salt Flat*UT*00077", "Bell Creek*MT*00059", "Long Acre*KS*00066", "Fair Reach*TX*00101", "Ash Grove*GA*00121",
]
NAMES = ["Maya Lindqvist", "Tom Abara", "Ines Calloway", "Per Oduya", "Ruth Vantongeren"]
GOODS = ["Woven throw, grey", "Table lamp", "Bowl, set of four", "Small stool"]


def willowgate(number: int) -> Rows:
    """One product for one customer."""
    dice = random.Random(number)
    words, service = [("Standard home delivery", "CG"), ("Second day", "SC"), ("Next day", "ND")][number % 3]
    product = ("UP", dice.randrange(10**11, 10**12)) if number % 4 else ("EN", dice.randrange(10**12, 10**13))
    wrapped = ["SAC*C*F050***650**********Gift wrap"] if number % 5 in (1, 2) else []
    return _rows([
        f"BEG*00*NE*WG4{dice.randrange(10**7):07}**202603{dice.randint(1, 28):02}", "REF*IA*604410",
        f"REF*CO*W118-{dice.randrange(10**5):05}", *wrapped, f"TD5*****{words}*******{service}",
        f"N1*ST*{dice.choice(NAMES)}", f"N3*{dice.randint(1, 99)} Ferry Lane{'*Apartment 4B' * (number % 3 == 0)}",
        f"N4*{dice.choice(CITIES)}*US", "N1*BT*Willowgate Home", "N3*1 Gatehouse Court", "N4*Columbus*OH*00043*US",
        f"PO1*1*{dice.randint(1, 3)}*EA*{dice.randint(900, 9000) / 100:.2f}**{product[0]}*{product[1]}"
        + f"*VN*FH-{dice.choice('ABCD')}" * (number % 3 > 0),
        f"PID*F****{dice.choice(GOODS)}", "CTT*1",
    ])


def harrowmill(number: int) -> Rows:
    """By the case to a depot, or split by store."""
    dice = random.Random(number)
    rush, depot = number % 4 == 0, number % 3 > 0
    body = [
        f"BEG*00*{'RO' if rush else 'SA'}*7730-{dice.randrange(10**5):05}**202603{dice.randint(1, 28):02}",
        "REF*IA*30217", f"REF*DP*{dice.randrange(1000):03}", f"REF*MR*{dice.randrange(10**4):04}",
        "ITD*08*3*2**30**60" if number % 2 else "ITD*05*3*****30", f"DTM*010*202604{dice.randint(1, 28):02}",
        *([] if rush else [f"DTM*037*202604{dice.randint(1, 28):02}"]), f"DTM*001*202605{dice.randint(1, 28):02}",
        "N1*BY*Harrowmill Supply*92*0001",
    ]
    if depot:
        city = dice.choice(CITIES)
        body += [f"N1*ST*Harrowmill Depot {dice.randint(10, 19)}*92*00{dice.randint(10, 19)}", "N3*400 Lock Road",
                 f"N4*{city}*US"]
    total, lines = 0, 1 + number % 4
    for line in range(1, lines + 1):
        unit, quantity = ("CA" if (number + line) % 3 else "EA"), dice.randint(2, 40)
        total += quantity
        product = f"UP*{dice.randrange(10**11, 10**12)}*OT*HM-{dice.randrange(1000):03}"
        body += [f"PO1*{line}*{quantity}*{unit}*{dice.randint(100, 9900) / 100:.2f}**{product}",
                 f"PO4*{dice.choice((6, 12, 24)) if unit == 'CA' else 1}{'*8*OZ' * (number % 2)}"]
        body += [] if depot else [f"SDQ*{unit}*92*0101*{quantity - 1}*0102*1"]
    return _rows([*body, f"CTT*{lines}*{total}"])


def saltmarsh(number: int) -> Rows:
    """With a segment and codes of their own, in capitals."""
    dice = random.Random(number)
    kind = ("XC", "SA", "RL")[number % 3]
    day = f"202603{dice.randint(1, 28):02}"
    held = f"3*{day}*C-2026" if kind == "RL" else f"*{day}"
    body = [
        f"BEG*00*{kind}*SM{dice.randrange(10**6):06}*{held}",
        f"ZSP*P-{dice.randint(100, 199)}*202604{dice.randint(1, 28):02}",
        "REF*VR*881204", *{"XC": ["REF*ZSM*S26"], "SA": [], "RL": ["REF*CT*C-2026"]}[kind], "ITD*01*3*****30", "FOB*CC",
        f"N1*ST*SALTMARSH DOCK {dice.randint(1, 9)}*92*D{dice.randint(1, 9):03}",
    ]
    lines = 1 + number % 3
    for line in range(1, lines + 1):
        own = f"X9*SMC/{dice.choice(('TENTS', 'SOCKS'))}/RIDGE/OLIVE-DRAB/{dice.randrange(10**7):07}"
        both = f"UP*{dice.randrange(10**11, 10**12)}*{own}" if (number + line) % 2 else own
        body.append(f"PO1*{line}*{dice.randint(1, 40)}*{('EA', 'PR')[line % 2]}*{dice.randint(9, 99)}.50**{both}")
    return _rows([*body, f"CTT*{lines}"])


HABITS: dict[str, Callable[[int], Rows]] = {"willowgate": willowgate, "harrowmill": harrowmill, "saltmarsh": saltmarsh}


def deviations(rows: dict[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """What a guide takes beyond the standard, and nothing that it takes away."""
    kept = {"deviates", "page", "after", "name", "elements", "codes_add", "length"}
    return {
        table: {
            path: {word: words[word] for word in words.keys() & (kept | ({"repeat"} if "after" in words else set()))}
            for path, words in rows.get(table, {}).items() if words and words.get("deviates")
        }
        for table in ("segments", "elements")
    }


def told_by_samples(rows: dict[str, Any]) -> dict[str, Any]:
    """A guide without what samples cannot tell: rules between elements, and the ends of lengths that vary."""
    elements = {
        path: {
            word: value for word, value in words.items()
            if word != "length" or "deviates" in words or len(set(value)) == 1
        } for path, words in rows["elements"].items()
    }
    return {
        "segments": rows["segments"],
        "elements": {path: words for path, words in elements.items() if words.keys() - {"page"}},
    }


def _rows(body: list[str]) -> Rows:
    found = [row.split("*") for row in body]
    return [["ST", "850", "0001"], *found, ["SE", str(len(found) + 2), "0001"]]
