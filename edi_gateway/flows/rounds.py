"""What a round does about trouble: it is caught per item, becomes an issue, and the next item goes on."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from edi_gateway.flows.house import House
from edi_gateway.issues import GatewayError, internal
from edi_gateway.ledger.facts import Trouble
from edi_gateway.logs import log


@dataclass
class Reach:
    """How far a round went: one that left something out heals nothing, for what is wrong may lie there.

    `standing` are the codes of what was not looked at again, and is as it was.
    """

    all_of_it: bool = True
    standing: tuple[str, ...] = ()


@contextmanager
def whole(house: House, channel: str | None, step: str, faults: list[GatewayError]) -> Iterator[Reach]:
    """A round as a whole: what ends it is one more fault, and all of them are told."""
    ended, reach = False, Reach()
    try:
        yield reach
        ended = reach.all_of_it
    except GatewayError as error:
        faults.append(error)
    except Exception as error:  # noqa: BLE001 - a bug in one mailbox must not stop the others
        faults.append(bug(error, channel))
    report(house, channel, step, faults, ended, reach.standing)


@contextmanager
def item(channel: str, faults: list[GatewayError]) -> Iterator[None]:
    """One item of a round: what breaks it is a fault, and the next item goes on."""
    try:
        yield
    except GatewayError as error:
        if error.kind in internal.OF_THE_HOUSE:
            raise
        faults.append(error)
    except Exception as error:  # noqa: BLE001 - a bug in one item must hold that item only
        faults.append(bug(error, channel))


def bug(error: Exception, channel: str | None) -> GatewayError:
    """What nobody foresaw, with its traceback in the log."""
    log.exception("bug", channel=channel)
    return internal.BUG.error(internal.in_words(error))


def report(
    house: House, channel: str | None, step: str, faults: list[GatewayError], whole: bool,
    standing: tuple[str, ...] = (),
) -> None:
    """One issue per channel, step and kind; a round that went all the way closes what did not show again.

    What is `standing` stays open all the same.
    """
    about = f"{channel or 'the books'}: {step}"
    seen = _by_kind(faults)
    if not seen and not (whole and _stands(house, about)):
        return
    with house.commit() as commit:
        for alike in seen.values():
            trouble = Trouble(
                alike[-1].kind, about, _note(alike), _shared(alike, "partner"), channel, _shared(alike, "order")
            )
            log.warning(trouble.kind.code, channel=channel, note=trouble.note)
            commit.unit.desk.open(trouble, commit.now)
        if whole:
            commit.unit.desk.close_about(about, commit.now, (*seen, *standing))


def _by_kind(faults: Sequence[GatewayError]) -> Mapping[str, Sequence[GatewayError]]:
    seen: dict[str, list[GatewayError]] = {}
    for fault in faults:
        seen.setdefault(fault.kind.code, []).append(fault)
    return seen


def _note(alike: Sequence[GatewayError]) -> str:
    """What the last of them says, and how many others there are."""
    more = f" (and {len(alike) - 1} more)" if len(alike) > 1 else ""
    return f"{alike[-1].note}{more}"


def _shared(alike: Sequence[GatewayError], name: str) -> str | None:
    """What all of them say of where they belong, None where they differ or one does not say it."""
    said = {fault.context.get(name) for fault in alike}
    return said.pop() if len(said) == 1 else None


def _stands(house: House, about: str) -> bool:
    """Whether anything is open; most rounds find nothing, and need not wait for the database then."""
    with house.store.reading() as unit:
        return unit.desk.standing(about)
