"""The options that mailboxes have in common."""

from fnmatch import fnmatchcase
from typing import Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from edi_gateway.ports import Habits, PassedOver, Refused, Sighting, Surveyed
from edi_gateway.transports import _names


class File(NamedTuple):
    """What a name in a mailbox says of its file: its own name, whether we have claimed it, why it is left alone."""

    name: str
    claimed: bool = False
    passed_over: PassedOver | None = None


class Collecting(BaseModel):
    """What is collected from a mailbox and what becomes of it afterwards.

    `extensions` and the patterns `names` (`*`, `?` and `[...]`) are compared without case; none given means every
    file, and where both are given both must hold. `after` says what becomes of a file that is ours: `leave` lets it
    lie and remembers it. `move_to` is a folder of its own, inside the folder we collect from unless it is absolute;
    it is made when it is missing. A file is claimed, that is renamed to a hidden name of ours, before it is admitted:
    where the partner allows it, unless `claim` says otherwise. `true` has a person told where it is refused, `false`
    never renames. `mark` is the word in that name by which a channel of this house knows its own; it need not be said,
    each has one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Literal["delete", "move", "leave"] = "delete"
    move_to: str = Field("archive", min_length=1)
    extensions: tuple[str, ...] = (".x12", ".edi", ".dat", ".txt")
    names: tuple[str, ...] = ()
    claim: bool | None = None
    mark: str = Field("house", pattern=r"^[A-Za-z0-9]{1,32}$")
    files_per_round_max: int = Field(1000, ge=1)
    bytes_per_file_max: int = Field(64 * 1024 * 1024, ge=1)
    stable_seconds: float = Field(2.0, ge=0)
    unclosed_rounds_max: int = Field(3, ge=1)

    @property
    def habits(self) -> Habits:
        """How a mailbox with these options is collected from."""
        return Habits(
            self.after == "leave", self.stable_seconds, self.unclosed_rounds_max, self.files_per_round_max,
            claims_told=self.claims and self.claim is True,
        )

    @property
    def claims(self) -> bool:
        """Whether files are renamed to hidden names of ours; what is left where it is never is."""
        return self.claim is not False and self.after != "leave"

    def may_claim(self, name: str) -> bool:
        """Whether a file of that name is to be claimed; one whose hidden name would be too long is not."""
        return self.claims and _names.may_be_claimed(name, self.mark)

    def file_of(self, name: str) -> File | None:
        """What is told by the name of a file that is to be collected; None for any other."""
        file = self.told_by(name)
        return None if file.passed_over else file

    def told_by(self, name: str) -> File:
        """What is told by the name of any file."""
        if (claim := _names.claimed(name)) is not None:
            own, mark = claim
            return File(own, claimed=True) if mark == self.mark else File(name, passed_over="claimed")
        if _names.hidden(name):
            return File(name, passed_over="hidden")
        if not _names.ends_as(name, self.extensions):
            return File(name, passed_over="extension")
        return File(name, passed_over=None if self._is_named(name) else "name")

    def surveyed(self, sighting: Sighting, passed_over: PassedOver | None) -> Surveyed:
        """A file as it was listed, with what becomes of it."""
        refused = None if passed_over else self._refused(sighting)
        claim = _names.claimed(sighting.name) if passed_over == "claimed" else None
        return Surveyed(sighting, self.lies_as(sighting), passed_over, refused, claim[0] if claim else None)

    def lies_as(self, sighting: Sighting) -> str:
        """The name under which a file lies in the mailbox now."""
        return _names.claim(sighting.name, self.mark) if sighting.claimed else sighting.name

    def told(self, sighting: Sighting) -> str:
        """A file's name in a note, with the hidden one that it has there while it is claimed."""
        lies_as = self.lies_as(sighting)
        return sighting.name if lies_as == sighting.name else f"{sighting.name}, which lies there as {lies_as}"

    def _refused(self, sighting: Sighting) -> Refused | None:
        if _names.flaw(sighting.name) is not None:
            return "badly named"
        return "too large" if sighting.size_bytes > self.bytes_per_file_max else None

    def _is_named(self, name: str) -> bool:
        return not self.names or any(fnmatchcase(name.lower(), pattern.lower()) for pattern in self.names)

    @model_validator(mode="after")
    def _extensions_begin_with_a_dot(self) -> Self:
        for end in self.extensions:
            if not end.startswith(".") or _names.hidden(f"x{end}"):
                raise ValueError(f"extensions: {end!r} must begin with a dot and not be one of a temporary file")
        return self


class Delivering(BaseModel):
    """How files are delivered.

    `hidden` writes under a hidden name, checks the size there and renames. `direct` is for servers that allow no
    rename: it writes under the name itself and checks the size afterwards, so the partner may see half a file.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    upload: Literal["hidden", "direct"] = "hidden"
