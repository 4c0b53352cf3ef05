"""What a partner sent broken is over when the corrected one comes: the issue about it closes by itself.

Only what is certain closes one. A rejected document is corrected by one that is accepted later, from the same partner,
of the same set and number (its own, not its order's), test or production as it was; a change or a cancellation of it
corrects nothing. A refused interchange is corrected by one of the same number (ISA13) that is taken later, within the
days in which the partner's file says that a number is used up; a group that was rejected as a whole by one of the same
number (GS06) in another interchange. In both cases every order that could be read in the broken one must be named again
by the same set, for a partner may give a number that was refused to something else. Where either held one document
only, of a kind that is known by the number of its order, that document corrects it too. Where no number can be read, or
where a partner never changes it, a person ends the issue.
"""

from collections.abc import Iterable
from datetime import timedelta

from edi_gateway.flows import duplicates
from edi_gateway.flows.house import Commit
from edi_gateway.flows.judging import JudgedGroup, JudgedInterchange, JudgedSet
from edi_gateway.flows.salvaging import number_of
from edi_gateway.issues import document

_WHOLE = (None, "original", "replace", "duplicate")
"""The purposes of a document that says all of it."""


def about(group: JudgedGroup, one: JudgedSet) -> str:
    """What the desk's issue about a rejected set is filed under: its number, or its place where that cannot be read."""
    number = number_of(one.noun) if one.noun else one.number
    if number is None or group.agreement is None:
        place = group.place(one)
        return f"receipt {place.receipt_id}, set {place.interchange}.{place.group}.{place.transaction}"
    return f"{group.agreement.name}, {'test ' if group.test else ''}{one.verdict.set} {number}"


def accepted(commit: Commit, group: JudgedGroup, one: JudgedSet) -> None:
    """A set has come that is accepted: what it corrects is over."""
    desk = commit.unit.desk
    if one.noun is None or group.agreement is None or getattr(one.noun, "purpose", None) not in _WHOLE:
        return
    if desk.any(document.REJECTED) and number_of(one.noun) is not None:
        desk.close_about(about(group, one), commit.now)
    if one.noun.names_order != "number" or one.order is None:
        return
    for kind in (document.INTERCHANGE_REFUSED, document.GROUP_REJECTED):
        for told in desk.naming(kind, group.agreement.name, one.order) if desk.any(kind) else ():
            if _sets_at(commit, told) == ((one.verdict.set, group.test),):
                desk.close(kind, told, commit.now)


def taken(commit: Commit, interchange: JudgedInterchange) -> None:
    """An interchange has come that is taken: those of its number that were refused are over."""
    if interchange.agreement is None or not commit.unit.desk.any(document.INTERCHANGE_REFUSED):
        return
    number = duplicates.number_of(interchange)
    if number.number is None:
        return
    rows = duplicates.rules(commit, interchange.agreement.partner)
    since = commit.now - timedelta(days=rows.interchange_days)
    named = _orders(interchange.groups)
    for receipt_id, ordinal, at, written in commit.unit.repeats.refused_of(number):
        same = not rows.interchange_time or written in (None, number.written)
        if same and at > since and commit.unit.documents.orders_in(receipt_id, ordinal) <= named:
            told = duplicates.about(receipt_id, ordinal)
            commit.unit.desk.close(document.INTERCHANGE_REFUSED, told, commit.now)


def taken_group(commit: Commit, group: JudgedGroup) -> None:
    """A group has come that is taken: those of its number that were rejected are over."""
    if group.agreement is None or not commit.unit.desk.any(document.GROUP_REJECTED):
        return
    rows, number = duplicates.rules(commit, group.agreement.partner), duplicates.number_of_group(group)
    if number.number is None or rows.group_numbers == "ignore":
        return
    since = commit.now - timedelta(days=rows.group_days)
    for place in commit.unit.repeats.refused_groups_of(number, since):
        elsewhere = place[:2] != (group.receipt.id, group.interchange.ordinal)
        if elsewhere and commit.unit.documents.orders_in(*place) <= _orders((group,)):
            commit.unit.desk.close(document.GROUP_REJECTED, duplicates.about(*place), commit.now)


def _orders(groups: Iterable[JudgedGroup]) -> frozenset[tuple[str, str]]:
    """The sets that name an order, each with its number."""
    return frozenset((one.verdict.set, one.order) for group in groups for one in group.sets if one.order is not None)


def _sets_at(commit: Commit, told: str) -> tuple[tuple[str, bool], ...]:
    """The documents of what an issue is filed under."""
    place = duplicates.place_of(told)
    return () if place is None else commit.unit.documents.sets_in(*place)
