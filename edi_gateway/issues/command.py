"""Troubles with what a person asks of a command."""

from edi_gateway.issues import Kind

FILE_UNREADABLE = Kind(
    "command.file-unreadable", "A file cannot be read",
    "Check its name, and that you may read it; `-` stands for standard input.",
)
DOCUMENT_UNKNOWN = Kind(
    "command.document-unknown", "No such document is on the books",
    "See which documents there are with `edi-gateway documents`.",
)
RECEIPT_UNKNOWN = Kind(
    "command.receipt-unknown", "No such file was ever received",
    "See which files came with `edi-gateway documents --json`: each names the receipt it came in.",
)
PARTNER_UNKNOWN = Kind(
    "command.partner-unknown", "No such partner is known",
    "Name a folder of mappings/partners, or an agreement that `edi-gateway partner list` shows.",
)
LINE_FAULTY = Kind(
    "command.line-faulty", "A line is not a document that can be written as X12",
    "Nothing of its interchange was written. Give lines as `edi-gateway translate` prints them, one document each.",
)
XML_FAULTY = Kind(
    "command.xml-faulty", "A file is not XML that can be written as X12",
    "Nothing of its interchange was written. Give XML as `edi-gateway translate --to xml` prints it.",
)
TABLE_FAULTY = Kind(
    "command.table-faulty", "A file is not the table it should be",
    "Nothing of the file was taken. Save it as CSV in UTF-8, with the columns that the note names in its first row.",
)
CHANNEL_UNKNOWN = Kind(
    "command.channel-unknown", "No such channel is in the configuration",
    "See which channels there are with `edi-gateway channel list`; a new one is a table in gateway.toml.",
)
CHANNEL_RESTS = Kind(
    "command.channel-rests", "The channel is paused, switched off or in its blackout",
    "Nothing was collected or delivered. Let it work again with `edi-gateway channel resume`, or, where gateway.toml "
    "says so, with `enabled = true`; a blackout ends by itself.",
)
CLAIM_UNKNOWN = Kind(
    "command.claim-unknown", "No other gateway has claimed a file of that name",
    "Nothing was renamed. See what lies in the mailbox with `edi-gateway channel files`, and give the name as it is "
    "shown there.",
)
ISSUE_UNKNOWN = Kind(
    "command.issue-unknown", "No such issue is on the desk",
    "See which issues there are with `edi-gateway issues --all`.",
)
ISSUE_NOT_OPEN = Kind(
    "command.issue-not-open", "An issue is not open any more",
    "Nothing was changed. See which issues are open with `edi-gateway issues`.",
)
SETS_NOT_COUNTED = Kind(
    "command.sets-not-counted", "The sets to a partner are not counted from group to group",
    "Nothing was changed: ST02 begins with 0001 in each group. Where the partner wants it to run on, put "
    "`sets = \"running\"` under `[control_numbers]` of their partner.toml first.",
)
NUMBER_USED = Kind(
    "command.number-used", "A control number would go back to numbers that were used",
    "Nothing was changed. A partner may take a number that comes again for a file that comes again: give one that is "
    "not lower, or `--force` when the partner knows that the numbers begin anew.",
)
NOT_OURS = Kind(
    "command.not-ours", "Only a document of ours can be sent again",
    "Nothing was queued. See which documents are ours with `edi-gateway documents --direction out`.",
)
WAITS_ALREADY = Kind(
    "command.waits-already", "The document waits to be delivered as it is",
    "Nothing was queued twice. If it waits long, look for the reason with `edi-gateway parcel list`.",
)
NEVER_GOES = Kind(
    "command.never-goes", "The document was ended before it went",
    "Nothing was queued. It was voided, or a newer one took its place; make a new document where one is needed.",
)
PARCEL_UNKNOWN = Kind(
    "command.parcel-unknown", "No such parcel is in the outbox",
    "See which parcels there are with `edi-gateway parcel list --all`.",
)
PARCEL_STATE = Kind(
    "command.parcel-state", "The parcel does not stand where that could be done",
    "Nothing was changed. `edi-gateway parcel show` tells where it stands: one that waits can be parked, voided or "
    "tried at once, a parked one let go or voided; one that has gone goes once more with `edi-gateway resend`.",
)
PARCEL_DIFFERS = Kind(
    "command.parcel-differs", "Other bytes were delivered than those of the parcel",
    "Nothing was changed, and the parcel waits. Write its very bytes with `edi-gateway documents get` and deliver "
    "those.",
)
PARCEL_NOT_THERE = Kind(
    "command.parcel-not-there", "The file was not found in the mailbox",
    "Nothing was changed. The partner may have collected it already; where you know that it was delivered, say its "
    "SHA-256 with `--digest`.",
)
FILE_UNWRITABLE = Kind(
    "command.file-unwritable", "A file cannot be written",
    "Name a file that does not exist yet, in a folder that does and that you may write to.",
)
PARTNER_EXISTS = Kind(
    "command.partner-exists", "A partner of that name has files already",
    "Nothing was written. Edit the files in mappings/partners, or choose another name.",
)
DOCUMENT_FAULTY = Kind(
    "command.document-faulty", "A file does not hold the document it should",
    "Nothing was sent. Correct what the note names; docs/model.md tells every field.",
)
