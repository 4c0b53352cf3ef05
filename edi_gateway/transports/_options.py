"""The options that mailboxes have in common."""

from fnmatch import fnmatchcase
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from edi_gateway.ports import Habits, Sighting
from edi_gateway.transports import _names


class Collecting(BaseModel):
    """What is collected from a mailbox and what becomes of it afterwards.

    `extensions` and the patterns `names` (`*`, `?` and `[...]`) are compared without case; none given means every
    file, and where both are given both must hold. `after` says what becomes of a file that is ours: `leave` lets it
    lie and remembers it. `move_to` is a folder of its own, inside the folder we collect from unless it is absolute;
    it is made when it is missing. With `claim` a file is renamed to a hidden name of ours before it is admitted.
    `mark` is the word in that name by which this house knows its own; it need not be said, the house has one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Literal["delete", "move", "leave"] = "delete"
    move_to: str = Field("archive", min_length=1)
    extensions: tuple[str, ...] = (".x12", ".edi", ".dat", ".txt")
    names: tuple[str, ...] = ()
    claim: bool = False
    mark: str = Field("house", pattern=r"^[A-Za-z0-9]{1,32}$")
    files_per_round_max: int = Field(1000, ge=1)
    bytes_per_file_max: int = Field(64 * 1024 * 1024, ge=1)
    stable_seconds: float = Field(2.0, ge=0)
    unclosed_rounds_max: int = Field(3, ge=1)

    @property
    def habits(self) -> Habits:
        """How a mailbox with these options is collected from."""
        return Habits(self.after == "leave", self.stable_seconds, self.unclosed_rounds_max, self.files_per_round_max)

    @property
    def claims(self) -> bool:
        """Whether files are renamed to hidden names of ours; what is left where it is never is."""
        return self.claim and self.after != "leave"

    def file_of(self, name: str) -> tuple[str, bool] | None:
        """The own name of a file that is to be collected, and whether we have claimed it; None for any other."""
        if (own := _names.claimed(name, self.mark)) is not None:
            return own, True
        return (name, False) if _names.wanted(name, self.extensions) and self._is_named(name) else None

    def lies_as(self, sighting: Sighting) -> str:
        """The name under which a file lies in the mailbox now."""
        return _names.claim(sighting.name, self.mark) if sighting.claimed else sighting.name

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
