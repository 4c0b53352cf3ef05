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
TABLE_FAULTY = Kind(
    "command.table-faulty", "A file is not the table it should be",
    "Nothing of the file was taken. Save it as CSV in UTF-8, with the columns that the note names in its first row.",
)
