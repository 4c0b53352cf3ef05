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
    "command.channel-rests", "The channel is paused or switched off",
    "Nothing was collected or delivered. Let it work again with `edi-gateway channel resume`, or, where gateway.toml "
    "says so, with `enabled = true`.",
)
ISSUE_UNKNOWN = Kind(
    "command.issue-unknown", "No such issue is on the desk",
    "See which issues there are with `edi-gateway issues --all`.",
)
ISSUE_NOT_OPEN = Kind(
    "command.issue-not-open", "An issue is not open any more",
    "Nothing was archived. See which issues are open with `edi-gateway issues`.",
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
    "Nothing was queued twice. If it waits long, look for the reason with `edi-gateway issues`.",
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
