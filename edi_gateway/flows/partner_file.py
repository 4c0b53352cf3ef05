"""How a partner speaks: the rows of `mappings/partners/<name>/partner.toml`, each with its default."""

import string
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from edi_gateway import issues
from edi_gateway.flows.partner_wants import InvoiceRows, ShipmentRows, Told
from edi_gateway.issues.mapping import PARTNER_WRONG
from edi_gateway.mapping import Forms, TextRules
from edi_gateway.x12 import tokens, write

NAME_PARTS = {"icn": "000000001", "set": "000", "SetName": "SetName", "company": "acme"}
_LINE_ENDS = {False: "", True: "\n", "": "", "lf": "\n", "crlf": "\r\n"}


def _a_mark(mark: str) -> str:
    if not write.may_separate(mark):
        raise ValueError("a separator is one character of one byte, and neither letter nor digit nor blank")
    return mark


Mark = Annotated[str, AfterValidator(_a_mark)]
Element = Annotated[str, StringConstraints(pattern=r"^\d+$")]
"""An element's number in the standard."""


Version = Annotated[str, StringConstraints(pattern=r"^\d{6}[A-Z0-9]{0,6}$")]
"""GS08: a release of the standard, and what a trade adds to it."""


def _a_file_name(pattern: str) -> str:
    unknown = {part for _, part, _, _ in string.Formatter().parse(pattern) if part is not None} - set(NAME_PARTS)
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))} is none of {', '.join(NAME_PARTS)}")
    name = pattern.format(**NAME_PARTS)
    if not name.isprintable() or "/" in name or "\\" in name or name.startswith("."):
        raise ValueError("a file name has no slashes and no leading dot")
    if "{icn}" not in pattern:
        raise ValueError("without {icn} two files would have one name")
    return pattern


def _known_kind(code: str) -> str:
    try:
        issues.kind(code)
    except (KeyError, LookupError) as error:
        raise ValueError(f"{code!r} is no kind of finding; docs/issues.md lists them") from error
    return code


class _Rows(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Separators(_Rows):
    """What separates the parts of what we send."""

    element: Mark = "*"
    component: Mark = ">"
    segment: Mark = "~"
    repetition: Mark = "^"
    newline: bool | Literal["", "lf", "crlf"] = False

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Self:
        if len({self.element, self.component, self.segment}) < 3:
            raise ValueError("element, component and segment must be three different characters")
        if not write.can_be_told_apart(self.marks, self.line_end):
            raise ValueError("line breaks only end segments, and none stands behind a segment that ends with one")
        return self

    @property
    def marks(self) -> tokens.Separators:
        """As the codec wants them, of a version in which nothing repeats."""
        return tokens.Separators(self.element, self.component, self.segment)

    @property
    def line_end(self) -> str:
        """What follows each segment's terminator."""
        return _LINE_ENDS[self.newline]


class Envelope(_Rows):
    """What the envelope of what we send looks like."""

    version: Version = "004010"
    set_control_digits: int = Field(4, ge=4, le=9)
    group_control_digits: int = Field(1, ge=1, le=9)
    implementation: Mapping[str, Annotated[str, StringConstraints(pattern=r"^[!-~]{1,35}$")]] = {}

    def in_release(self, release: str) -> str:
        """GS08 of what goes out in a release: as agreed, suffix and all, where that is of this release."""
        return self.version if self.version.startswith(release) else release


class Receiving(_Rows):
    """What we take from the partner beside what the standard's own form is."""

    other_releases: Literal["nearest", "refuse"] = "nearest"
    one_set_per_file: bool = False


class Acknowledgments(_Rows):
    """How we answer what the partner sends: when a TA1 goes, and whether a 997 lists the sets that are accepted.

    A TA1 goes where it was asked for (ISA14 is 1), or where the envelope has an error whether or not it was
    asked for, or always, or never.
    """

    ta1: Literal["never", "on_request", "on_error", "always"] = "on_request"
    accepted_sets: bool = True

    def wants_ta1(self, requested: bool, faulty: bool) -> bool:
        """Whether a TA1 is due for an interchange that asks for one or not, and has an error or not."""
        return {"never": False, "on_request": requested, "on_error": faulty, "always": True}[self.ta1]


class Duplicates(_Rows):
    """What we make of what comes again.

    `same_bytes`: a file of bytes that came before is taken for a partner who misses our acknowledgments (`resend`),
    is run once more (`again`), or is let be (`ignore`).

    `interchange_days`: so many days the number of an interchange (ISA13) counts as used; 0 where the partner never
    changes it. With `interchange_time`, one of another date or time (ISA09, ISA10) is another interchange whatever its
    number. `group_numbers`: a group whose number (GS06) came within `group_days` in another interchange is taken with
    a `remark`, refused as a `duplicate`, or taken without a word (`ignore`).

    `equal_documents`: a document that says again what is on the books is for a person to decide (`ask`), is let be
    (`ignore`), or is taken for a partner who misses our answer (`resend`).
    """

    same_bytes: Literal["resend", "again", "ignore"] = "resend"
    interchange_days: int = Field(30, ge=0, le=3650)
    interchange_time: bool = False
    group_numbers: Literal["remark", "duplicate", "ignore"] = "remark"
    group_days: int = Field(30, ge=1, le=3650)
    equal_documents: Literal["ask", "ignore", "resend"] = "ask"


class ControlNumbers(_Rows):
    """How control numbers are counted, beside ISA13 and GS06, which always run on.

    `sets`: ST02 begins with 1 in each group, or runs on. `missing_interchanges`, `missing_groups`: what we make of an
    ISA13 or GS06 that the partner passes over: an issue (`tell`), a row of `control gaps` (`list`), or nothing.
    """

    sets: Literal["group", "running"] = "group"
    missing_interchanges: Literal["tell", "list", "ignore"] = "tell"
    missing_groups: Literal["tell", "list", "ignore"] = "list"


class Retention(_Rows):
    """How long bytes and personal data are kept once everything about them is settled; for ever where not said."""

    days: int | None = Field(None, ge=1)


class Sending(_Rows):
    """In which order what we send goes out.

    With `strict_order` no interchange goes before one of a lower number (ISA13), acknowledgments among them: what
    cannot go then keeps everything behind it.
    """

    strict_order: bool = False


class Files(_Rows):
    """The names of the files we send."""

    name: Annotated[str, AfterValidator(_a_file_name)] = "{icn}_{set}_{SetName}_{company}.x12"
    number_digits: int = Field(9, ge=1, le=12)


class Numbers(_Rows):
    """How decimal numbers are written; `places` are the decimals that an element always has."""

    places: Mapping[Element, Annotated[int, Field(ge=0, le=9)]] = {}
    trailing_zeros: bool = True
    leading_zero: bool = True


class Times(_Rows):
    """How times are written: as short as they are exact, or always to the minute or second."""

    form: Literal["exact", "HHMM", "HHMMSS"] = "exact"


class Text(_Rows):
    """Which characters the partner takes, and what may be done with free text that does not fit."""

    characters: Literal["basic", "extended", "ascii", "utf-8"] = "extended"
    upper_case: bool = False
    unfit: Literal["refuse", "replace", "cut"] = "refuse"
    replacement: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9 .?-]?$")] = " "
    free: frozenset[Element] = Field(frozenset(), strict=False)
    letters: Mapping[Annotated[str, StringConstraints(min_length=1, max_length=1)], str] = {}


class PartnerFile(_Rows):
    """All of it. `reference`, `versions`, `structure` and `envelope.implementation` are by set, `sets` by noun,
    `verdicts` by kind.

    A structure is the order of a set's levels from the top down, such as `SOPI`; the set's map knows which there are.
    """

    name: str = ""
    separators: Separators = Separators()
    envelope: Envelope = Envelope()
    receiving: Receiving = Receiving()
    acknowledgments: Acknowledgments = Acknowledgments()
    duplicates: Duplicates = Duplicates()
    control_numbers: ControlNumbers = ControlNumbers()
    retention: Retention = Retention()
    reference: Mapping[str, str] = {}
    sets: Mapping[str, str] = {}
    versions: Mapping[str, Version] = {}
    structure: Mapping[str, Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,8}$")]] = {}
    verdicts: Mapping[Annotated[str, AfterValidator(_known_kind)], Literal["R", "E", ""]] = {}
    order_response: Told = Told()
    shipment: ShipmentRows = ShipmentRows()
    invoice: InvoiceRows = InvoiceRows()
    sending: Sending = Sending()
    files: Files = Files()
    numbers: Numbers = Numbers()
    times: Times = Times()
    text: Text = Text()

    @model_validator(mode="after")
    def _repetitions_can_be_told_apart(self) -> Self:
        repeats, mark = self.marks.repetition is not None, self.separators.repetition
        if repeats and not write.can_be_told_apart(replace(self.separators.marks, repetition=mark)):
            raise ValueError("separators.repetition is another character than the others, and no blank or line break")
        return self

    @property
    def marks(self) -> tokens.Separators:
        """The separators as the codec wants them, in the version that the partner gets."""
        return self.marks_in(self.envelope.version)

    def version_of(self, set_id: str) -> str:
        """GS08 of a set they get: its own while they change from one version to another, else that of the envelope."""
        return self.versions.get(set_id, self.envelope.version)

    def marks_in(self, version: str) -> tokens.Separators:
        """The same in another version, such as that of a document they sent; only from 00402 on something repeats."""
        marks = self.separators.marks
        if version[:5] < write.REPEATS_FROM:
            return marks
        free = (mark for mark in (self.separators.repetition, *"^!`|") if mark not in marks.all)
        return replace(marks, repetition=next(free))

    @property
    def wants(self) -> Mapping[str, Told]:
        """What they want told beside, by noun."""
        return {"order_response": self.order_response, "shipment": self.shipment, "invoice": self.invoice}

    @property
    def texts(self) -> TextRules:
        """The rules of text as the mapping wants them."""
        return TextRules(**dict(self.text))

    @property
    def forms(self) -> Forms:
        """The forms of numbers and times as the mapping wants them."""
        return Forms(time=self.times.form, **dict(self.numbers))

    @property
    def line_end(self) -> str:
        """What follows each segment's terminator."""
        return self.separators.line_end

    def file_name(self, number: int, set_id: str, set_name: str, company: str) -> str:
        """The name of a file we send: its interchange's number, and the set it holds."""
        words = "".join(word[:1].upper() + word[1:] for word in set_name.split())
        icn = f"{number:0{self.files.number_digits}}"
        return self.files.name.format(icn=icn, set=set_id, SetName=words, company=company)


def parse(path: str, rows: Mapping[str, Any], texts: Mapping[str, Any] | None = None) -> PartnerFile:
    """The rows as a value; `texts` are those of `[text]` that hold for every partner, and theirs are laid over.

    Raises `GatewayError` (`mapping.partner-wrong`) that names file and row.
    """
    try:
        PartnerFile.model_validate(rows)
        return PartnerFile.model_validate({**rows, "text": _laid(texts or {}, rows.get("text", {}))})
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        row = ".".join(str(part) for part in fault["loc"])
        raise PARTNER_WRONG.error(f"{path}: {row}: {fault['msg'].removeprefix('Value error, ')}") from error


def _laid(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    return {**below, **above, "letters": {**below.get("letters", {}), **above.get("letters", {})}}
