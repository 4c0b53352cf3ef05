"""Troubles of our own making."""

import traceback

from edi_gateway.issues import Kind

BUG = Kind(
    "internal.bug", "The gateway hit a fault of its own",
    "Only this item is held; everything else goes on. Report the note to the gateway's makers; "
    "after an update retry this issue.",
    actions=("retry",),
)
ARCHIVE_LOST = Kind(
    "internal.archive-lost", "The archive does not hold bytes it should, or holds others",
    "Restore the archive folder from your backup; then retry this issue.", actions=("retry",),
)
ARCHIVE_UNWRITABLE = Kind(
    "internal.archive-unwritable", "The archive cannot be written",
    "Make room on the disk, or give the gateway's user write permission on the archive folder; "
    "nothing is removed from a mailbox before it is in the archive.",
    retry=True,
)
DATABASE_UNUSABLE = Kind(
    "internal.database-unusable", "The database cannot be used",
    "Make room on the disk, see that the gateway's user may write the database and its folder, and end the program "
    "that holds it locked; what waits goes on by itself then.",
    retry=True,
)
OF_THE_HOUSE = (ARCHIVE_UNWRITABLE, DATABASE_UNUSABLE)
"""No item's fault: whatever was in hand waits as it was, and is tried again by itself."""

ALREADY_RUNNING = Kind(
    "internal.already-running", "A gateway already runs in this folder",
    "Stop the other one first, or give this one a folder of its own.",
)
DATABASE_NEWER = Kind(
    "internal.database-newer", "The database was made by a newer version of the gateway",
    "Install the newer version again; an older one would not understand what is stored.",
)


def in_words(error: BaseException) -> str:
    """What an error of no kind says, without where it passed."""
    return "".join(traceback.format_exception_only(error)).strip()
