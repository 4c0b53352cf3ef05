"""The options that mailboxes have in common."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from edi_gateway.transports import _names


class Collecting(BaseModel):
    """What is collected from a mailbox and what becomes of it afterwards.

    `extensions` are compared without case; none given means every file. `move_to` is a folder of its
    own, inside the folder we collect from unless it is absolute; it is made when it is missing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Literal["delete", "move"] = "delete"
    move_to: str = Field("archive", min_length=1)
    extensions: tuple[str, ...] = (".x12", ".edi", ".dat", ".txt")
    files_per_round_max: int = Field(1000, ge=1)
    bytes_per_file_max: int = Field(64 * 1024 * 1024, ge=1)

    @model_validator(mode="after")
    def _extensions_begin_with_a_dot(self) -> Self:
        for end in self.extensions:
            if not end.startswith(".") or _names.hidden(f"x{end}"):
                raise ValueError(f"extensions: {end!r} must begin with a dot and not be one of a temporary file")
        return self
