"""Troubles at the mailboxes: connections, rights, files."""

from edi_gateway.issues import Kind

UNREACHABLE = Kind(
    "exchange.unreachable", "The partner's server cannot be reached",
    "Check host and port of the channel and that the server is up; it is tried again each round.",
    retry=True,
)
LOGIN_REFUSED = Kind(
    "exchange.login-refused", "The partner's server refuses our login",
    "Check user, password or key of the channel with the partner; it is tried again each round.", retry=True,
)
HOST_KEY_CHANGED = Kind(
    "exchange.host-key-changed", "The server shows another host key than the one pinned",
    "Ask the partner whether they changed their host key, by phone and not by mail; "
    "only then put the new key into the channel's host_keys. Nothing is exchanged until then.",
    retry=True,
)
HOST_KEY_UNPINNED = Kind(
    "exchange.host-key-unpinned", "The channel does not say which host key the server must show",
    "Compare the fingerprint in the note with the partner, by phone and not by mail; "
    "then put the line from the note into the channel's host_keys. Nothing is exchanged until then.",
    retry=True,
)
KEY_UNREADABLE = Kind(
    "exchange.key-unreadable", "Our own key for the channel cannot be read",
    "Check that the channel's key_file is there, readable by the gateway's user, and that its passphrase is right.",
    retry=True,
)
NO_COMMON_ALGORITHM = Kind(
    "exchange.no-common-algorithm", "The server speaks only algorithms that are not trusted any more",
    "Ask the partner to update their server; until then name the algorithms from the note in the channel's "
    "legacy_algorithms.",
    retry=True,
)
FOLDER_MISSING = Kind(
    "exchange.folder-missing", "A folder of the channel does not exist on the server",
    "Correct the folder in the channel's settings, or ask the partner to create it.", retry=True,
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
    retry=True,
)
RENAME_DENIED = Kind(
    "exchange.rename-denied", "Our user may not rename files",
    "Ask the partner to grant our user the right to rename or move files; it is tried again each round.", retry=True,
)
DELETE_DENIED = Kind(
    "exchange.delete-denied", "Our user may not delete the files it has collected",
    "Ask the partner to grant our user delete permission on the folder, or set the channel to move files instead; "
    "the files are safe in our archive and are not imported twice.",
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
    "Ask the partner to split the file, or raise bytes_per_file_max of the channel.",
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
NAME_REFUSED = Kind(
    "exchange.name-refused", "A file has a name that cannot be taken",
    "Ask the partner to name the file without slashes, line breaks and control characters, in UTF-8, and to put it "
    "there again.",
)
REFUSED = Kind(
    "exchange.refused", "The server refused a step for a reason of its own",
    "Read the server's words in the note and ask the partner; it is tried again each round.", retry=True,
)
ALREADY_PROCESSED = Kind(
    "exchange.already-processed", "A file was already processed",
    "Nothing was posted twice and nothing is lost. Ask the partner to stop sending the file again; then archive this.",
    severity="warning",
)
CHANNEL_UNKNOWN = Kind(
    "exchange.channel-unknown", "Files wait for a channel that is not in the configuration",
    "Put the channel back into gateway.toml, or give the agreement another one with `edi-gateway partner add`; "
    "then start the gateway again.",
    retry=True,
)
