"""Troubles at the mailboxes: connections, rights, files."""

from edi_gateway.issues import Kind

UNREACHABLE = Kind(
    "exchange.unreachable", "The partner's server cannot be reached",
    "Check host and port of the channel and that the server is up; it is tried again each round.",
    retry=True, reach="channel",
)
LOGIN_REFUSED = Kind(
    "exchange.login-refused", "The partner's server refuses our login",
    "Check user, password or key of the channel with the partner; it is tried again each round.",
    retry=True, reach="channel",
)
HOST_KEY_CHANGED = Kind(
    "exchange.host-key-changed", "The server shows another host key than the one pinned",
    "Ask the partner whether they changed their host key, by phone and not by mail; "
    "only then put the new key into the channel's host_keys. Nothing is exchanged until then.",
    retry=True, reach="channel",
)
HOST_KEY_UNPINNED = Kind(
    "exchange.host-key-unpinned", "The channel does not say which host key the server must show",
    "Compare the fingerprint in the note with the partner, by phone and not by mail; "
    "then put the line from the note into the channel's host_keys. Nothing is exchanged until then.",
    retry=True, reach="channel",
)
KEY_UNREADABLE = Kind(
    "exchange.key-unreadable", "Our own key for the channel cannot be read",
    "Check that the channel's key_file is there, readable by the gateway's user, and that its passphrase is right.",
    retry=True, reach="channel",
)
HOST_KEY_NEXT = Kind(
    "exchange.host-key-next", "The server shows the host key that was announced for it",
    "The partner has changed over and everything goes on. In gateway.toml put the key of next_host_key in the place of "
    "the old one in host_keys and take next_host_key away.",
    severity="warning", retry=True,
)
NO_COMMON_ALGORITHM = Kind(
    "exchange.no-common-algorithm", "The server speaks only algorithms that are not trusted any more",
    "Ask the partner to update their server; until then name the algorithms from the note in the channel's "
    "legacy_algorithms.",
    retry=True, reach="channel",
)
FOLDER_MISSING = Kind(
    "exchange.folder-missing", "A folder of the channel does not exist on the server",
    "Correct the folder in the channel's settings, or ask the partner to create it.", retry=True, reach="mailbox",
)
LIST_DENIED = Kind(
    "exchange.list-denied", "Our user may not list the folder we collect from",
    "Ask the partner to grant our user list permission on the folder; it is tried again each round.", retry=True,
)
READ_DENIED = Kind(
    "exchange.read-denied", "Our user may not read a file we should collect",
    "Ask the partner to grant our user read permission on the folder's files; it is tried again each round.",
    retry=True,
)
WRITE_DENIED = Kind(
    "exchange.write-denied", "Our user may not write to the folder we deliver to",
    "Ask the partner to grant our user write permission on the folder; what waits is delivered by itself then.",
    retry=True, reach="mailbox",
)
RENAME_DENIED = Kind(
    "exchange.rename-denied", "Our user may not rename files",
    "Ask the partner to grant our user the right to rename or move files; it is tried again each round.",
    retry=True, reach="mailbox",
)
DELETE_DENIED = Kind(
    "exchange.delete-denied", "Our user may not delete the files it has collected",
    "The files are safe in our archive and are not imported twice; those we have claimed stay under our hidden names. "
    "Ask the partner to grant our user delete permission on the folder: it is tried again each round. Where it may "
    "rename, after = \"move\" of the channel puts them into an archive folder under their own names instead. "
    "`edi-gateway channel files NAME --already-processed` lists them.",
    severity="warning", retry=True,
)
CLAIM_REFUSED = Kind(
    "exchange.claim-refused", "Our user may not rename the files it is to claim",
    "Nothing is lost: the files are taken where they lie, and looked at again right before they are removed. Ask the "
    "partner to grant our user the right to rename files, or take claim = true out of the channel: then files are "
    "claimed where that is allowed, and nobody is told where it is not.",
    severity="warning", retry=True,
)
CLAIM_ABANDONED = Kind(
    "exchange.claim-abandoned", "Another gateway has claimed files and has not taken them away for days",
    "Find out whether that gateway still works: it may hold the files already, and only lack the right to delete "
    "them. If it is gone for good, give each file back with `edi-gateway channel unclaim`; then it is collected here. "
    "`edi-gateway channel files` lists them; this closes itself when they are gone.",
    severity="warning", retry=True,
)
FILE_GONE = Kind(
    "exchange.file-gone", "A file vanished between being listed and being fetched",
    "Nothing needs doing when the file comes back; otherwise ask who else collects from the folder.",
    severity="warning", retry=True,
)
CHANGED_MEANWHILE = Kind(
    "exchange.changed-meanwhile", "A file changed while it was being collected",
    "Nothing needs doing: the changed file is collected as a new arrival in the next round.",
    severity="warning", retry=True,
)
TOO_LARGE = Kind(
    "exchange.too-large", "A file is larger than the channel takes",
    "Ask the partner to split the file, or raise bytes_per_file_max of the channel; it is looked at again each round.",
    retry=True,
)
CUT_OFF = Kind(
    "exchange.cut-off", "The connection ended in the middle of a transfer",
    "Nothing needs doing: the transfer is tried again each round.", retry=True,
)
SIZE_DIFFERS = Kind(
    "exchange.size-differs", "A delivered file has another size than what we sent",
    "Ask the partner whether their disk is full or a quota is reached; it is sent again each round.", retry=True,
)
NAME_TAKEN = Kind(
    "exchange.name-taken", "The mailbox already has a file of the name we want to deliver",
    "Ask the partner to collect or remove that file; ours is delivered by itself then.", retry=True,
)
OWN_NAME_TAKEN = Kind(
    "exchange.own-name-taken", "A file cannot have its own name back, for another one has it",
    "Let the file of that name be collected, or ask the partner to take it away; then give the claimed one back once "
    "more with `edi-gateway channel unclaim`. Neither has been touched.",
)
ARCHIVE_FULL = Kind(
    "exchange.archive-full", "The folder we move files to holds too many of one name",
    "Clear that folder, or ask the partner to: the files in it are safe in our archive. Ours is moved by itself then, "
    "and is not imported twice.",
    severity="warning", retry=True,
)
NAME_REFUSED = Kind(
    "exchange.name-refused", "A file has a name that cannot be taken",
    "Ask the partner to name the file without slashes, line breaks and control characters, in UTF-8, and to put it "
    "there again; it is looked at again each round.",
    retry=True,
)
REFUSED = Kind(
    "exchange.refused", "The server refused a step for a reason of its own",
    "Read the server's words in the note and ask the partner; it is tried again each round.", retry=True,
)
EMPTY = Kind(
    "exchange.empty", "A file has no bytes",
    "Nothing needs doing if the partner is still writing it: it is collected when it is. One that stays empty is "
    "noted and put away after a while; ask the partner whether something is missing.",
    severity="warning", retry=True,
)
UNCLOSED = Kind(
    "exchange.unclosed", "A file does not end as an interchange does",
    "Nothing needs doing if the partner is still writing it. It is looked at again each round; after the rounds that "
    "the channel grants (unclosed_rounds_max) it is taken as it is, and what is missing is told to the partner.",
    severity="warning", retry=True,
)
ALREADY_PROCESSED = Kind(
    "exchange.already-processed", "Files lie in a mailbox that were already processed",
    "Their bytes came before, so nothing is posted twice, and a copy is in our archive: they may be deleted. "
    "`edi-gateway channel files NAME --already-processed` lists them; this closes itself when they are gone.",
    severity="warning", retry=True,
)
SAME_BYTES = Kind(
    "exchange.same-bytes", "A partner sent a file again that we have already",
    "Nothing was posted twice. Most often our acknowledgments did not reach the partner, so they were sent once more "
    "already: where that was all, end this with `edi-gateway issues decide`, this number and `--as ignore`. "
    "`--as resend` sends them yet again; `--as again` runs the file as if it were new, and asks about each order in it "
    "that is known.",
    severity="warning", actions=("decide",),
)
CHANNEL_UNKNOWN = Kind(
    "exchange.channel-unknown", "Files wait for a channel that is not in the configuration",
    "Put the channel back into gateway.toml, or give the agreement another one with `edi-gateway partner add`; "
    "the gateway takes either by itself.",
    retry=True, reach="channel",
)
NUMBER_MISSING = Kind(
    "exchange.number-missing", "Control numbers of a partner have not come",
    "Ask the partner for the interchanges of the numbers in the note: each may be an order that is lost. This closes "
    "itself when they come; `edi-gateway control forget NAME` ends the waiting. For a partner who leaves numbers out, "
    "put `missing_interchanges = \"ignore\"` under `[control_numbers]` of their partner.toml.",
    severity="warning",
)
