"""Whether everything expected is there, and nothing else."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping

from edi_gateway.demo import expected
from edi_gateway.demo.client import FROM_RETAILER
from edi_gateway.demo.play import Arrived, Play
from edi_gateway.demo.script import Books


def faults(play: Play, books: Books, *, copies: bool = False) -> tuple[str, ...]:
    """What is wrong, a sentence each; empty when all is well.

    `copies` lets a file come more often than it must: what may be promised to the outside is "at least
    once with the same bytes and numbers". Even then no number may stand for two contents.
    """
    return (*_files(play, copies), *_numbers(play), *_times(play), *_mailboxes(play), *_books(play, books))


def _files(play: Play, copies: bool) -> Iterator[str]:
    for answer in play.missing:
        yield f"{answer.retailer}: {answer.file} came {play.copies[answer.file]} times of {answer.times}"
    for arrived in play.unexpected:
        yield f"{arrived.retailer}: {arrived.name} was not expected; {_nearest(play, arrived)}"
    for arrived in play.arrived:
        if arrived.answer and arrived.name != arrived.answer.name.format_map(arrived.found):
            yield f"{arrived.retailer}: {arrived.name} should be named {arrived.answer.name}"
    for answer in () if copies else play.too_many:
        yield f"{answer.retailer}: {answer.file} came {play.copies[answer.file]} times, not {answer.times}"


def _nearest(play: Play, arrived: Arrived) -> str:
    own = [answer for answer in play.script.answers if answer.retailer == arrived.retailer]
    agreed, told, file = max((*expected.difference(answer.content, arrived.content), answer.file) for answer in own)
    return f"nearest to {file}: {told}" if agreed else "nothing like it was"


def _numbers(play: Play) -> Iterator[str]:
    """ISA13 is unique for a pair of interchange ids; GS06 for its group ids and code (X12 GS06)."""
    contents: defaultdict[tuple[str, ...], set[bytes]] = defaultdict(set)
    for arrived in play.arrived:
        if not arrived.content.startswith(b"ISA") or len(arrived.content) < 106:
            continue
        separator, end = chr(arrived.content[3]), chr(arrived.content[105])
        isa, gs = (line.split(separator) for line in arrived.content.decode("latin-1").split(end)[:2])
        contents["ISA13", *isa[5:9], isa[13]].add(arrived.content)
        contents["GS06", *isa[5:9], *gs[1:4], gs[6]].add(arrived.content)
    for (what, *ids, number), texts in contents.items():
        if len(texts) > 1:
            yield f"{what} {number} of {' '.join(part.strip() for part in ids)} stands for {len(texts)} contents"


def _times(play: Play) -> Iterator[str]:
    first, last = play.opened.replace(second=0, microsecond=0), play.now()
    for arrived in play.arrived:
        if not arrived.found:
            continue
        sent = dt.datetime.strptime(arrived.found["GS04"] + arrived.found["GS05"][:4], "%Y%m%d%H%M")  # noqa: DTZ007
        if not first <= sent.replace(tzinfo=dt.UTC) <= last:
            yield f"{arrived.retailer}: {arrived.name} says it was written at {sent:%Y-%m-%d %H:%M}"
        if arrived.found["GS04"][2:] != arrived.found["ISA09"] or arrived.found["GS05"][:4] != arrived.found["ISA10"]:
            yield f"{arrived.retailer}: {arrived.name} tells two times, in ISA and GS"
        if not f"{first:%Y%m%d}" <= arrived.found.get("BAK09", arrived.found["GS04"]) <= f"{last:%Y%m%d}":
            yield f"{arrived.retailer}: {arrived.name} was answered on {arrived.found['BAK09']}"


def _mailboxes(play: Play) -> Iterator[str]:
    for retailer in play.script.retailers:
        left = () if retailer.may_delete else tuple(sorted(play.dropped(retailer.user)))
        found = play.waiting.get(retailer.user, ())
        if found != left:
            yield f"{retailer.user}: {FROM_RETAILER} holds {_list(found)}, not {_list(left)}"


def _books(play: Play, books: Books) -> Iterator[str]:
    wanted = play.script.books
    yield from _different("order", wanted.orders, books.orders)
    yield from _different("documents", wanted.documents, books.documents)
    yield from _different("open issues", wanted.issues, books.issues)


def _different(what: str, wanted: Mapping[str, object], found: Mapping[str, object]) -> Iterator[str]:
    for key in sorted({*wanted, *found}):
        if wanted.get(key) != found.get(key):
            yield f"the seller's books: {what} {key}: {found.get(key, 'none')}, not {wanted.get(key, 'none')}"


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "nothing"
