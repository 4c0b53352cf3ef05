"""Whether everything expected is there, and nothing else."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from edi_gateway.demo import expected
from edi_gateway.demo.buyer import SELLER
from edi_gateway.demo.client import FROM_RETAILER
from edi_gateway.demo.house import Rows
from edi_gateway.demo.play import Arrived, Play
from edi_gateway.demo.script import Books
from edi_gateway.issues import exchange


def faults(play: Play, rows: Rows, *, copies: bool = False) -> tuple[str, ...]:
    """What is wrong, a sentence each; empty when all is well.

    `copies` lets a file come more often than it must: what may be promised to the outside is "at least
    once with the same bytes and numbers". Even then no number may stand for two contents.
    """
    return (
        *_files(play, copies), *_numbers(play), *_times(play), *_mailboxes(play), *_commands(play),
        *_books(play, rows, copies),
    )


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


def _commands(play: Play) -> Iterator[str]:
    if play.stuck:
        yield f"a command failed; its last words are in {play.clerk.log}"
    for mishap in play.to_mend:
        yield f"{mishap.retailer}: nobody was told that it {mishap.shows}"
    for act in play.to_type:
        yield f"{act.house}: {act.command} was not typed"


def _books(play: Play, rows: Rows, copies: bool) -> Iterator[str]:
    ours = _without_copies(rows, {*rows.buyers}) if copies else rows
    yield from _differences("the seller's books", play.script.books, ours.counted())
    for retailer in play.script.retailers:
        if retailer.books is not None:
            found = rows.buyers[retailer.user]
            theirs = _without_copies(found, {SELLER}) if copies else found
            yield from _differences(f"the books of {retailer.name}", retailer.books, theirs.counted())


def _without_copies(rows: Rows, channels: Collection[str]) -> Rows:
    """The books without the issues that tell of a second copy between two gateways."""
    return replace(rows, issues=tuple(
        row for row in rows.issues
        if row["kind"] != exchange.SAME_BYTES.code or row["channel"] not in channels
    ))


def _differences(whose: str, wanted: Books, found: Books) -> Iterator[str]:
    yield from _different(f"{whose}: order", wanted.orders, found.orders)
    yield from _different(f"{whose}: documents", wanted.documents, found.documents)
    # The retailers number their acknowledgments apart from their orders, so their numbers jump.
    told = {kind: count for kind, count in found.issues.items() if kind != exchange.NUMBER_MISSING.code}
    yield from _different(f"{whose}: open issues", wanted.issues, told)
    yield from _different(f"{whose}:", wanted.lines, found.lines)


def _different(what: str, wanted: Mapping[str, object], found: Mapping[str, object]) -> Iterator[str]:
    for key in sorted({*wanted, *found}):
        if wanted.get(key) != found.get(key):
            yield f"{what} {key}: {found.get(key, 'none')}, not {wanted.get(key, 'none')}"


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "nothing"
