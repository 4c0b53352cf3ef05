"""How a partner speaks: the rows of `mappings/partners/<name>/partner.toml`, each with its default."""

import string
from collections.abc import Mapping
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
from edi_gateway.issues.mapping import PARTNER_WRONG
from edi_gateway.mapping import TextRules
from edi_gateway.x12 import tokens

NAME_PARTS = {"icn": "000000001", "set": "000", "SetName": "SetName", "company": "acme"}
Mark = Annotated[str, StringConstraints(pattern=r"^[^A-Za-z0-9 ]$")]


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
    newline: bool = False

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Self:
        if len({self.element, self.component, self.segment}) < 3:
            raise ValueError("element, component and segment must be three different characters")
        return self


class Envelope(_Rows):
    """What the envelope of what we send looks like."""

    version: Annotated[str, StringConstraints(pattern=r"^\d{6}[A-Z0-9]{0,6}$")] = "004010"
    set_control_digits: int = Field(4, ge=4, le=9)
    group_control_digits: int = Field(1, ge=1, le=9)


class Files(_Rows):
    """The names of the files we send."""

    name: Annotated[str, AfterValidator(_a_file_name)] = "{icn}_{set}_{SetName}_{company}.x12"


class Text(_Rows):
    """Which characters the partner takes, and what may be done with free text that does not fit."""

    characters: Literal["basic", "extended", "ascii", "utf-8"] = "extended"
    upper_case: bool = False
    unfit: Literal["refuse", "replace", "cut"] = "refuse"
    replacement: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9 .?-]?$")] = " "
    free: frozenset[Annotated[str, StringConstraints(pattern=r"^\d+$")]] = Field(frozenset(), strict=False)
    letters: Mapping[Annotated[str, StringConstraints(min_length=1, max_length=1)], str] = {}


class PartnerFile(_Rows):
    """All of it. `reference` and `structure` are by set, `sets` by noun, `verdicts` by kind.

    A structure is the order of a set's levels from the top down, such as `SOPI`; the set's map knows which there are.
    """

    name: str = ""
    separators: Separators = Separators()
    envelope: Envelope = Envelope()
    reference: Mapping[str, str] = {}
    sets: Mapping[str, str] = {}
    structure: Mapping[str, Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,8}$")]] = {}
    verdicts: Mapping[Annotated[str, AfterValidator(_known_kind)], Literal["R", "E", ""]] = {}
    files: Files = Files()
    text: Text = Text()

    @property
    def marks(self) -> tokens.Separators:
        """The separators as the codec wants them."""
        return tokens.Separators(self.separators.element, self.separators.component, self.separators.segment)

    @property
    def texts(self) -> TextRules:
        """The rules of text as the mapping wants them."""
        return TextRules(**dict(self.text))

    @property
    def line_end(self) -> str:
        """What follows each segment's terminator."""
        return "\n" if self.separators.newline else ""


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
