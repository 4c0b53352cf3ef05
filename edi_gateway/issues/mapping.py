"""Troubles between a document's text and its meaning."""

from edi_gateway.issues import Kind

MAP_WRONG = Kind(
    "mapping.map-wrong", "A mapping file cannot be used",
    "Correct the row of the mapping file that the note names; mappings/README.md tells what a row may say.",
)

PARTNER_WRONG = Kind(
    "mapping.partner-wrong", "A partner's file cannot be used",
    "Correct the row of the file that the note names; mappings/partners/_template shows every row there is. "
    "The gateway takes it by itself, and what was held goes on.",
)

# Reading: a document that a partner sent.

NOUN_INCOMPLETE = Kind(
    "mapping.noun-incomplete", "A document does not say what we need to know",
    "Ask the partner to send the document again with the value that the note names, "
    "or say in the partner's mapping file where they put it.",
)
VALUE_UNREADABLE = Kind(
    "mapping.value-unreadable", "A value cannot be taken for the number, date or time it should be",
    "Ask the partner to send the document again with a value of the right form.",
)
SAID_TWICE = Kind(
    "mapping.said-twice", "A document says something more than once where we keep one",
    "The first is kept. If another one counts, say in the partner's mapping file which it is.",
    severity="warning",
)
NOT_TAKEN = Kind(
    "mapping.not-taken", "A part of a document is in a form that the mapping does not take",
    "Look at the segment in the document. If it matters, ask the partner for the other form, or give it a row.",
    severity="warning",
)
PARTS_DIFFER = Kind(
    "mapping.parts-differ", "The parts of an item do not make up the item",
    "Ask the partner how much is in which package, and to send the document again; "
    "it says one quantity for the item and others below it.",
)

# Writing: a document of ours. Nothing is dropped silently, so what cannot be said is an error.

NO_ROW = Kind(
    "mapping.no-row", "The mapping has no row for something our document says",
    "Give the value a row in the partner's mapping file, or name it under leave_out there if they do not want it.",
)
WORD_UNKNOWN = Kind(
    "mapping.word-unknown", "The mapping has no code for a word of our document",
    "Correct the word, or add its code to the partner's mapping file under codes.",
)
CODE_AMBIGUOUS = Kind(
    "mapping.code-ambiguous", "Several codes stand for a word and none is marked as the one to write",
    "Say in the mapping file which code is written, under codes.<table>.write.",
)
CODE_HAS_WORD = Kind(
    "mapping.code-has-word", "Our document names by its code what has a word",
    "Use the word that the note names instead of the code.",
)
DOES_NOT_FIT = Kind(
    "mapping.does-not-fit", "A value of our document does not fit its element",
    "Shorten or correct the value; the note says what the element takes. What may be done with free text by itself "
    "is a row of the partner's file (partner.toml, text).",
)
HOLDS_SEPARATOR = Kind(
    "mapping.holds-separator", "A value of our document holds a separator or a control character",
    "Take the character out of the value, or agree on other separators with the partner (partner.toml, separators).",
)
TEXT_CHANGED = Kind(
    "mapping.text-changed", "A text of our document was changed to what the partner can take",
    "Nothing needs doing when it still reads well; else write the text at its source as the partner can take it.",
    severity="warning",
)
ELEMENT_MISSING = Kind(
    "mapping.element-missing", "Our document leaves out what its segment must say",
    "Give the value that the note names, or a constant for it in the partner's mapping file.",
)
TOO_MANY = Kind(
    "mapping.too-many", "Our document says something more often than the standard takes",
    "Send fewer of them, or split the document.",
)
STRUCTURE_UNFIT = Kind(
    "mapping.structure-unfit", "Our document is packed in a way that the partner's structure cannot say",
    "Give the packages ids of their own, choose another structure in partner.toml, "
    "or name what the partner does not want to know under leave_out in their mapping file.",
)
NOT_SAID = Kind(
    "mapping.not-said", "A value of our document would not arrive as it is",
    "Look at the value that the note names: another row writes to the same place, or its form is not one we can say.",
)
