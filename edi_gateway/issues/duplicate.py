"""What comes again: interchanges, groups and documents, and what a person says of them."""

from edi_gateway.issues import Ack, Kind

INTERCHANGE = Kind(
    "duplicate.interchange", "An interchange number came again with other content",
    "Nothing of it was posted; the file is in the archive. Ask the partner whether it is a new interchange under an "
    "old number or a correction, then say so with `edi-gateway issues decide`: ignore, again, or resend. For a partner "
    "who never changes the number set `interchange_days` to 0 in their file.",
    verdict="R", ack=Ack(interchange="025"), actions=("decide",),
)
COPY = Kind(
    "duplicate.copy", "An interchange came again inside another file",
    "Nothing was posted twice, and our acknowledgments of the first were sent once more already, in case they were "
    "lost. Where that was all, end this with `edi-gateway issues decide`, this number and `--as ignore`.",
    severity="warning", actions=("decide",),
)
GROUP = Kind(
    "duplicate.group", "A group number came again",
    "Nothing needs doing where the group was taken. Where the partner's file says that it is a duplicate, nothing of "
    "it was posted: decide it with `edi-gateway issues decide`.",
    verdict="R", ack=Ack(group="19"), actions=("decide",),
)
NOT_ONE = Kind(
    "duplicate.not-one", "The issue is not about something that came again",
    "See with `edi-gateway issues` which issues are open; those that can be decided say so.",
)
ORDER_NOT_NAMED = Kind(
    "duplicate.order-not-named", "A known order is processed again only when its number is given",
    "Read the order with `edi-gateway orders show`. If it is to be placed once more, give its number with `--order`.",
)
