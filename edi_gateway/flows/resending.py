"""What we said to something that came again, and what of it really goes once more."""

from collections import Counter
from collections.abc import Collection

from edi_gateway.flows import duplicates
from edi_gateway.ports import Unit

ALL = "What we said before goes once more."
_WAITS = ("queued", "parked")
_GONE = ("delivered", "sent")


def said_to_receipt(unit: Unit, receipt_id: int) -> tuple[int, ...]:
    """The parcels with our acknowledgments of a receipt."""
    return unit.outbox.acknowledgments_of(receipt_id)


def said_to_document(unit: Unit, document_id: int, earlier_id: int | None) -> tuple[int, ...]:
    """The parcels with what we said to the document that another one repeats, and to its order."""
    receipt = unit.repeats.receipt_of(earlier_id) if earlier_id else None
    acknowledged = said_to_receipt(unit, receipt) if receipt is not None else ()
    return tuple(dict.fromkeys((*acknowledged, *unit.repeats.parcels_of_order(document_id, duplicates.ANSWER))))


def outlook(unit: Unit, parcel_ids: Collection[int]) -> str:
    """What becomes of parcels that are to go once more, in words; `ALL` where each of them does."""
    states = unit.outbox.states(parcel_ids)
    told = Counter(
        "goes" if state in _GONE else "waits" if state in _WAITS else "erased" if state == "erased" else "never"
        for state in states
    )
    goes = told.pop("goes", 0)
    if not states:
        return "Nothing goes once more: we have said nothing to it."
    rest = ". ".join(_WORDS[what][count > 1].format(count) for what, count in sorted(told.items()))
    if not goes:
        return f"Nothing goes once more: {rest}."
    files = "1 file" if goes == 1 else f"{goes} files"
    return f"What we said before goes once more: {files}. {rest}." if rest else ALL


_WORDS = {
    "erased": ("{} file is kept no longer", "{} files are kept no longer"),
    "never": ("{} file never goes: it is void or superseded", "{} files never go: they are void or superseded"),
    "waits": (
        "{} file waits to go already (`edi-gateway parcel list`)",
        "{} files wait to go already (`edi-gateway parcel list`)",
    ),
}
"""One, and several of them."""
