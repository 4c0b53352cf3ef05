"""What happens in the demo, as values: `files/script.toml` and the files beside it."""

import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from edi_gateway.ports import Identity


@dataclass(frozen=True, slots=True)
class Trade:
    """A partnership to be made: its reference at the retailer, if any, and its price list."""

    name: str
    price_list: str
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """An agreement to be made: the retailer's ids, and the folder of `mappings/partners` that says how they speak."""

    name: str
    theirs: Identity
    group: str
    partner: str
    trades: tuple[Trade, ...]


@dataclass(frozen=True, slots=True)
class Drop:
    """A file that a retailer puts into its mailbox, so many seconds after the opening.

    `file` is where its bytes stand, `name` how it is dropped; `after` names an answer that must have been
    collected before.
    """

    retailer: str
    at_seconds: float
    file: str
    content: bytes
    name: str
    shows: str
    after: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A file that must come back so many times; not at all where a person has to act first.

    `confirm` is the number under which the retailer acknowledges it.
    """

    retailer: str
    file: str
    name: str
    content: bytes
    times: int
    confirm: int | None


@dataclass(frozen=True, slots=True)
class Mishap:
    """What is wrong with a retailer's server from the opening until somebody tells them.

    `what` is `write` (we may not write) or `host_key` (it shows another host key than was agreed). It is put
    right after so many seconds, and not before our desk has the issue of that kind.
    """

    retailer: str
    what: str
    at_seconds: float
    issue: str
    shows: str
    ends: str


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody types at the command line of a house, so many seconds after the opening.

    `house` is the seller's or the retailer's, `after` names an answer that must have been collected before.
    """

    house: str
    at_seconds: float
    command: str
    shows: str
    after: str | None

    @property
    def words(self) -> tuple[str, ...]:
        """The command's arguments; `{house}` stands for the folder of the house."""
        return tuple(shlex.split(self.command))


@dataclass(frozen=True, slots=True)
class Books:
    """What must stand in a house's books at the end: orders by state, documents and open issues by count.

    `lines` says of each line of which something was shipped or invoiced how far it is.
    """

    orders: Mapping[str, str]
    documents: Mapping[str, int]
    issues: Mapping[str, int]
    lines: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Retailer:
    """One retailer with its mailbox. One that has `books` is a gateway itself, and then `drops` is empty.

    `papers` are files that lie ready in the houses for the acts: by house and name.
    """

    user: str
    name: str
    may_delete: bool
    terms: tuple[Terms, ...]
    drops: tuple[Drop, ...]
    answers: tuple[Answer, ...]
    mishaps: tuple[Mishap, ...] = ()
    acts: tuple[Act, ...] = ()
    papers: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    books: Books | None = None


@dataclass(frozen=True, slots=True)
class Seller:
    """The house that answers."""

    name: str
    id: Identity
    group: str
    gs1_prefix: str
    price_lists: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Script:
    """The whole play.

    `confirmation` is the text by which a retailer acknowledges an answer; `next` says what a person may do
    afterwards, as arguments of the command line.
    """

    seller: Seller
    retailers: tuple[Retailer, ...]
    books: Books
    confirmation: str
    next: Mapping[str, str]

    @property
    def drops(self) -> tuple[Drop, ...]:
        """Every drop, by time."""
        return tuple(sorted((d for r in self.retailers for d in r.drops), key=lambda drop: drop.at_seconds))

    @property
    def mishaps(self) -> tuple[Mishap, ...]:
        """Everything that is wrong at the opening."""
        return tuple(mishap for retailer in self.retailers for mishap in retailer.mishaps)

    @property
    def acts(self) -> tuple[Act, ...]:
        """Everything typed, in the order in which it is."""
        return tuple(act for retailer in self.retailers for act in retailer.acts)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Every answer that must come back."""
        return tuple(answer for retailer in self.retailers for answer in retailer.answers)


@cache
def load(folder: Path | None = None) -> Script:
    """The script of the demo, or of a folder laid out like `edi_gateway/demo/files`."""
    root: Traversable = folder or files(__package__) / "files"
    rows = tomllib.loads((root / "script.toml").read_text("utf-8"))
    return Script(
        seller=_seller(rows["seller"], root),
        retailers=tuple(_retailer(row, root / row["user"]) for row in rows["retailer"]),
        books=Books(**rows["books"]),
        confirmation=(root / "confirmation.x12").read_text("ascii"),
        next={what: " ".join(how.split()) for what, how in rows["next"].items()},
    )


def _seller(row: Mapping[str, Any], root: Traversable) -> Seller:
    lists = {name: (root / "prices" / f"{name}.csv").read_bytes() for name in row["price_lists"]}
    return Seller(row["name"], Identity.parse(row["id"]), row["group"], row["gs1_prefix"], lists)


def _retailer(row: Mapping[str, Any], folder: Traversable) -> Retailer:
    user = row["user"]
    return Retailer(
        user=user,
        name=row["name"],
        may_delete=row.get("may_delete", True),
        terms=tuple(_terms(one) for one in row["agreement"]),
        drops=tuple(_drop(user, one, folder / "drops") for one in row.get("drop", ())),
        answers=tuple(_answer(user, one, folder / "expected") for one in row["answer"]),
        mishaps=tuple(Mishap(user, **one) for one in row.get("mishap", ())),
        acts=tuple(_act(one) for one in row.get("act", ())),
        papers={
            (house, name): (folder / "papers" / name).read_bytes()
            for house, names in row.get("papers", {}).items() for name in names
        },
        books=Books(**row["books"]) if "books" in row else None,
    )


def _terms(row: Mapping[str, Any]) -> Terms:
    trades = tuple(Trade(**one) for one in row["partnership"])
    return Terms(row["name"], Identity.parse(row["theirs"]), row["group"], row.get("partner", ""), trades)


def _drop(user: str, row: Mapping[str, Any], folder: Traversable) -> Drop:
    content = (folder / row["file"]).read_bytes()
    return Drop(user, row["at"], row["file"], content, row.get("under", row["file"]), row["shows"], row.get("after"))


def _act(row: Mapping[str, Any]) -> Act:
    return Act(row["house"], row["at"], " ".join(row["command"].split()), row["shows"], row.get("after"))


def _answer(user: str, row: Mapping[str, Any], folder: Traversable) -> Answer:
    content = (folder / row["file"]).read_bytes()
    return Answer(user, row["file"], row["name"], content, row.get("times", 1), row.get("confirm"))
