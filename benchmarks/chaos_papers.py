"""The papers of the partners of `chaos`: written plainly, and read plainly, apart from the gateway's own codec."""

from dataclasses import dataclass
from random import Random

DAYS = ("260301", "260302")
"""Interchanges carry one of these dates at random, so that a later number may be of an earlier day."""


@dataclass(frozen=True)
class Paper:
    """What a file of ours says of itself: whose number it bears, its set, and what it answers."""

    sender: str
    receiver: str
    control: str
    group: str
    set: str
    answered_group: str = ""
    order: str = ""


def order(partner: str, number: int, dice: Random) -> tuple[bytes, str, str]:
    """An 850 of one line; with its group number and its order number."""
    name = f"{partner.upper()}-{number:05}"
    body = [
        f"ST*850*{number:04}", f"BEG*00*SA*{name}**20260301",
        f"PO1*1*{dice.randint(1, 9)}*EA*4.5**UP*700000000001", "CTT*1", f"SE*5*{number:04}",
    ]
    return _envelope("PO", partner, number, body, dice), str(number), name


def acknowledgment(partner: str, number: int, content: bytes, dice: Random) -> tuple[bytes, str, str]:
    """The 997 for an 855 of ours."""
    paper, control = refers_to(content), _segments(content)["ST"][2]
    body = [
        "ST*997*0001", f"AK1*PR*{paper.group}", f"AK2*855*{control}", "AK5*A", "AK9*A*1*1*1", "SE*6*0001",
    ]
    return _envelope("FA", partner, number, body, dice), str(number), ""


def refers_to(content: bytes) -> Paper:
    """What one of our files is about: an 855 its order, a 997 the group it answers."""
    said = _segments(content)
    isa, gs, st = said["ISA"], said["GS"], said["ST"]
    return Paper(
        isa[6].strip(), isa[8].strip(), isa[13], gs[6].lstrip("0"), st[1],
        answered_group=said["AK1"][2].lstrip("0") if "AK1" in said else "",
        order=said["BAK"][3] if "BAK" in said else "",
    )


def _segments(content: bytes) -> dict[str, list[str]]:
    rows = [row.strip().split("*") for row in content.decode("latin-1").split("~")]
    return {row[0]: row for row in reversed(rows)}


def _envelope(code: str, partner: str, number: int, body: list[str], dice: Random) -> bytes:
    day, minute, who = dice.choice(DAYS), f"{dice.randint(9, 17):02}{dice.randint(0, 59):02}", partner.upper()
    rows = [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{who:15}*ZZ*{'SELLER':15}*{day}*{minute}*U*00401*{number:09}*0*P*>",
        f"GS*{code}*{who}*SELLER*20{day}*{minute}*{number}*X*004010", *body, f"GE*1*{number}",
        f"IEA*1*{number:09}", "",
    ]
    return "~".join(rows).encode()
