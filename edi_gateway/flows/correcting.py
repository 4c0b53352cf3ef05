"""What a partner sent broken is over when the corrected one comes: the issue about it closes by itself.

Only what is certain closes one. A rejected document is corrected by one that is accepted later, from the same partner,
of the same set and number (its own, not its order's), test or production as it was; a change or a cancellation of it
corrects nothing. A refused interchange is corrected by one of the same number (ISA13) that is taken later, within the
days in which the partner's file says that a number is used up; or, where it held one document only, of a kind that is
known by the number of its order, by that document. Where no number can be read, or where a partner never changes it, a
person ends the issue.
"""

import re
from datetime import timedelta

from edi_gateway.flows import duplicates
from edi_gateway.flows.house import Commit
from edi_gateway.flows.judging import JudgedGroup, JudgedInterchange, JudgedSet
from edi_gateway.flows.salvaging import number_of
from edi_gateway.issues import document

_WHOLE = (None, "original", "replace", "duplicate")
"""The purposes of a document that says all of it."""

_INTERCHANGE = re.compile(r"receipt (\d+), interchange (\d+)")


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
    if not desk.any(document.INTERCHANGE_REFUSED) or one.noun.names_order != "number" or one.order is None:
        return
    for told in desk.naming(document.INTERCHANGE_REFUSED, group.agreement.name, one.order):
        place = _INTERCHANGE.fullmatch(told)
        sets = commit.unit.documents.sets_in(int(place[1]), int(place[2])) if place else ()
        if sets == ((one.verdict.set, group.test),):
            desk.close(document.INTERCHANGE_REFUSED, told, commit.now)


def taken(commit: Commit, interchange: JudgedInterchange) -> None:
    """An interchange has come that is taken: those of its number that were refused are over."""
    if interchange.agreement is None or not commit.unit.desk.any(document.INTERCHANGE_REFUSED):
        return
    number = duplicates.number_of(interchange)
    if number.number is None:
        return
    rows = duplicates.rules(commit, interchange.agreement.partner)
    since = commit.now - timedelta(days=rows.interchange_days)
    for receipt_id, ordinal, at, written in commit.unit.repeats.refused_of(number):
        same = not rows.interchange_time or written in (None, number.written)
        if same and at > since:
            told = duplicates.about(receipt_id, ordinal)
            commit.unit.desk.close(document.INTERCHANGE_REFUSED, told, commit.now)
