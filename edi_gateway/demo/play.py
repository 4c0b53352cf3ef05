"""The retailers' side of the demo: they drop orders, collect what comes back, and acknowledge it."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Union

from edi_gateway.demo import expected
from edi_gateway.demo.buyer import Office
from edi_gateway.demo.clerk import Clerk
from edi_gateway.demo.client import Desk
from edi_gateway.demo.script import Act, Answer, Drop, Mishap, Script

Now = Callable[[], dt.datetime]
Event = Union["Dropped", "Arrived", "Typed", "Trouble"]


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that a retailer collected. `answer` is what it was recognised as, `found` what differs from run to run."""

    at: dt.datetime
    retailer: str
    name: str
    content: bytes
    answer: Answer | None
    found: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file that a retailer put into its mailbox; `confirms` is the answer it acknowledges, if any."""

    at: dt.datetime
    retailer: str
    name: str
    shows: str
    confirms: Answer | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """A command that somebody has begun."""

    at: dt.datetime
    act: Act


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong at a retailer's server begins, or is put right."""

    at: dt.datetime
    mishap: Mishap
    over: bool


@dataclass
class Play:
    """What has happened so far at the retailers' side, and at the command lines."""

    script: Script
    desks: Mapping[str, Desk]
    offices: Mapping[str, Office]
    clerk: Clerk
    mend: Callable[[Mishap], None]
    now: Now
    opened: dt.datetime
    events: list[Event] = field(default_factory=list)
    waiting: dict[str, tuple[str, ...]] = field(default_factory=dict)
    issues: Collection[tuple[str | None, str]] = ()
    """What lies open on our desk, by channel and kind; whoever reads the books tells it."""
    _due: list[Drop] = field(default_factory=list)
    to_type: list[Act] = field(default_factory=list)
    to_mend: list[Mishap] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._due = list(self.script.drops)
        self.to_type = list(self.script.acts)
        self.to_mend = list(self.script.mishaps)
        self.events += [Trouble(self.opened, mishap, over=False) for mishap in self.to_mend]

    def beat(self) -> None:
        """One round: mend, type and drop what is due, collect from every mailbox, acknowledge."""
        self._mend()
        self._type()
        for drop in [drop for drop in self._due if self._is_due(drop)]:
            self._due.remove(drop)
            self.desks[drop.retailer].drop(drop.name, drop.content)
            self.events.append(Dropped(self.now(), drop.retailer, drop.name, drop.shows))
        everyone: Mapping[str, Desk | Office] = {**self.desks, **self.offices}
        for user, desk in everyone.items():
            for name, content in desk.collect():
                self._take(user, name, content)
            self.waiting[user] = desk.waiting()

    def dropped(self, user: str) -> tuple[str, ...]:
        """The names of what a retailer has put into its mailbox."""
        return tuple(event.name for event in self.events if isinstance(event, Dropped) and event.retailer == user)

    @property
    def arrived(self) -> tuple[Arrived, ...]:
        """Every file collected."""
        return tuple(event for event in self.events if isinstance(event, Arrived))

    @property
    def copies(self) -> Counter[str]:
        """How often each answer came, by the name of its expected file."""
        return Counter(arrived.answer.file for arrived in self.arrived if arrived.answer)

    @property
    def missing(self) -> tuple[Answer, ...]:
        """The answers that have not come as often as they must."""
        return tuple(answer for answer in self.script.answers if self.copies[answer.file] < answer.times)

    @property
    def too_many(self) -> tuple[Answer, ...]:
        """The answers that have come more often than they must."""
        return tuple(answer for answer in self.script.answers if self.copies[answer.file] > answer.times)

    @property
    def unexpected(self) -> tuple[Arrived, ...]:
        """The files that were not expected."""
        return tuple(arrived for arrived in self.arrived if arrived.answer is None)

    @property
    def last(self) -> dt.datetime:
        """When something happened last."""
        return self.events[-1].at if self.events else self.opened

    @property
    def through(self) -> bool:
        """Everything was dropped, and everything expected came back."""
        return not (self._due or self.to_type or self.to_mend or self.missing)

    @property
    def stuck(self) -> bool:
        """A command failed, and nothing more is typed."""
        return self.clerk.status not in (0, None)

    def _mend(self) -> None:
        """Retailers put right what we have told them of."""
        told = [one for one in self.to_mend if self._is_late(one) and (one.retailer, one.issue) in self.issues]
        for mishap in told:
            self.to_mend.remove(mishap)
            self.mend(mishap)
            self.events.append(Trouble(self.now(), mishap, over=True))

    def _type(self) -> None:
        """One command at a time, in their order."""
        if self.to_type and self.clerk.status == 0 and self._is_due(self.to_type[0]):
            act = self.to_type.pop(0)
            self.clerk.start(act)
            self.events.append(Typed(self.now(), act))

    def _is_due(self, drop: Drop | Act) -> bool:
        return self._is_late(drop) and (drop.after is None or self.copies[drop.after] > 0)

    def _is_late(self, one: Drop | Act | Mishap) -> bool:
        return (self.now() - self.opened).total_seconds() >= one.at_seconds

    def _take(self, user: str, name: str, content: bytes) -> None:
        answer, found = self._recognise(user, content)
        first = answer is not None and self.copies[answer.file] == 0
        self.events.append(Arrived(self.now(), user, name, content, answer, found))
        if answer and first and answer.confirm is not None:
            text = self._confirmation(answer.confirm, content, found)
            file = f"ack_{answer.confirm}.edi"
            self.desks[user].drop(file, text)
            self.events.append(Dropped(self.now(), user, file, f"acknowledges {answer.file}", answer))

    def _recognise(self, user: str, content: bytes) -> tuple[Answer | None, Mapping[str, str]]:
        for answer in self.script.answers:
            found = expected.match(answer.content, content) if answer.retailer == user else None
            if found is not None:
                return answer, found
        return None, {}

    def _confirmation(self, number: int, content: bytes, found: Mapping[str, str]) -> bytes:
        """The retailer's 997: ids reversed, AK102 is our GS06 (X12 997, AK1)."""
        separator = content[3:4].decode()
        isa, gs = (line.split(separator) for line in content.decode().split(chr(content[105]))[:2])
        now = self.now()
        places = {
            "ISA05": isa[7], "ISA06": isa[8], "ISA07": isa[5], "ISA08": isa[6], "ISA09": f"{now:%y%m%d}",
            "ISA10": f"{now:%H%M}", "ISA13": f"{number:09d}", "GS02": gs[3], "GS03": gs[2], "GS04": f"{now:%Y%m%d}",
            "GS05": f"{now:%H%M}", "GS06": str(number), "AK102": found["GS06"],
        }
        return self.script.confirmation.format_map(places).encode("ascii")
