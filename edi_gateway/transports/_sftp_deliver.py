"""Delivering files into a folder on an SFTP server: hidden name, size, rename."""

import asyncio
import stat
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from typing import Literal

import asyncssh

from edi_gateway.issues import GatewayError, exchange
from edi_gateway.ports import Parcel, Pushed
from edi_gateway.transports import _folders, _names
from edi_gateway.transports import _sftp_look as remote
from edi_gateway.transports._faults import Faults
from edi_gateway.transports._options import Delivering
from edi_gateway.transports._session import LOST, Client, Session

Outcome = Literal["delivered", "unproven"]

_WRITE_BYTES = 1024 * 1024
_LOOKS_MAX = 3
_PAUSE_SECONDS = 0.3


class Deliverer:
    """The delivering side of a mailbox; every step runs on the session's thread."""

    def __init__(self, channel: str, folders: Mapping[str, str], options: Delivering, session: Session) -> None:
        self._faults = Faults(channel)
        self._folders = folders
        self._direct = options.upload == "direct"
        self._session = session
        self._one_at_a_time: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def push(self, parcel: Parcel) -> Pushed:
        delivery: _Delivery | None = None
        try:
            async with self._one_at_a_time[parcel.name]:
                delivery = _Delivery(parcel, self._place(parcel), self._faults, self._session)
                return Pushed(parcel, await (delivery.make_directly() if self._direct else delivery.make()))
        except GatewayError as fault:
            return Pushed(parcel, "failed", fault, begun=delivery is not None and delivery.begun)

    async def holds(self, parcel: Parcel) -> bool | None:
        """Whether our very bytes stand under the parcel's name, None where no file does."""
        return await self._session.steadily(_Delivery(parcel, self._place(parcel), self._faults, self._session).compare)

    async def look(self) -> bool:
        """Whether there is a folder to deliver to; raises when it is named and cannot be seen."""
        for folder in dict.fromkeys(self._folders.values()):
            await self._look_at(folder)
        return bool(self._folders)

    async def _look_at(self, folder: str) -> None:
        note = f"looking at {folder}"

        async def seen(client: Client) -> None:
            try:
                attrs = await self._session.asked(client.stat(folder.encode()))
            except LOST:
                raise
            except asyncssh.SFTPError as error:
                raise await remote.folder_fault(
                    self._session, client, folder, denied=exchange.WRITE_DENIED, note=note, error=error
                ) from error
            if attrs.permissions is not None and not stat.S_ISDIR(attrs.permissions):
                raise exchange.FOLDER_MISSING.error(f"{folder} is not a folder")

        await self._session.steadily(seen)

    def _place(self, parcel: Parcel) -> str:
        folder = self._folders.get(parcel.set) or self._folders.get(_folders.DEFAULT)
        if folder is None:
            raise self._faults.no_folder(parcel.name, "deliver to")
        self._faults.check_delivered_name(parcel.name)
        return folder


class _Delivery:
    """One parcel on its way into a folder."""

    def __init__(self, parcel: Parcel, folder: str, faults: Faults, session: Session) -> None:
        self._parcel = parcel
        self._folder = folder
        self._session = session
        self._faults = faults
        self._about = faults.about(parcel.name)
        self._hidden = remote.path(folder, _names.part(parcel.name))
        self._name = remote.path(folder, parcel.name)
        self._opened = self._written = False
        self.begun = parcel.begun

    async def make(self) -> Outcome:
        """Writes under the hidden name as often as need be, and asks for the rename once."""
        if await self._session.steadily(self._write):
            return "delivered"
        try:
            return await self._session.attempt(self._rename)
        except LOST:
            return await self._after_a_lost_answer()

    async def make_directly(self) -> Outcome:
        """Writes under the name itself, for a server that allows no rename.

        A file that is the beginning of ours is written on only where it is known that an earlier try was cut off; else
        it may be the partner's own.
        """
        return await self._session.steadily(self._write_directly)

    async def compare(self, client: Client) -> bool | None:
        """Whether the file of our name holds our very bytes, None where there is none."""
        if await self._look(client, self._name) is None:
            return None
        content = self._parcel.content
        try:
            return await remote.read(self._session, client, self._name, len(content)) == content
        except LOST:
            raise
        except asyncssh.SFTPError as error:
            raise remote.file_fault(
                exchange.READ_DENIED, f"reading {self._parcel.name}", error, **self._about
            ) from error

    async def _write_directly(self, client: Client) -> Outcome:
        attrs = await self._look(client, self._name)
        if attrs is None and self._written:
            return "unproven"
        if attrs is not None and await self._is_whole(client):
            return "delivered"
        before, self.begun = self.begun, True
        try:
            await self._write_to(client, self._name, "xb" if attrs is None else "wb")
        except LOST:
            raise
        except asyncssh.SFTPError as error:
            self.begun = before or self._opened
            raise await self._folder_fault(client, f"writing to {self._folder}", error) from error
        attrs = await self._look(client, self._name)
        if attrs is None:
            return "unproven"
        if attrs.size != len(self._parcel.content):
            raise self._faults.size_differs(self._parcel, attrs.size)
        return "delivered"

    async def _is_whole(self, client: Client) -> bool:
        """Whether our very bytes stand under the name, not only the beginning that we have written ourselves.

        Raises `exchange.name-taken` for any other bytes, and for those that we may not read.
        """
        content = self._parcel.content
        try:
            there = await remote.read(self._session, client, self._name, len(content))
        except LOST:
            raise
        except asyncssh.SFTPError as error:
            raise self._faults.name_taken(self._parcel) from error
        if there != content and not (self.begun and content.startswith(there)):
            raise self._faults.name_taken(self._parcel)
        return there == content

    async def _write(self, client: Client) -> bool:
        """Writes the hidden file and checks its size; True when our very file stands there already."""
        if await self._look(client, self._name) is not None:
            await self._check_ours(client)
            return True
        try:
            await self._write_to(client, self._hidden, "wb")
        except LOST:
            raise
        except asyncssh.SFTPError as error:
            raise await self._folder_fault(client, f"writing to {self._folder}", error) from error
        attrs = await self._look(client, self._hidden)
        if attrs is None or attrs.size != len(self._parcel.content):
            await self._remove_hidden(client)
            raise self._faults.size_differs(self._parcel, None if attrs is None else attrs.size)
        return False

    async def _write_to(self, client: Client, path: bytes, mode: Literal["wb", "xb"]) -> None:
        self._opened = self._written = False
        file = await self._session.asked(client.open(path, mode, encoding=None))
        self._opened = True
        try:
            content = self._parcel.content
            for start in range(0, len(content), _WRITE_BYTES):
                await self._session.asked(file.write(content[start : start + _WRITE_BYTES], start))
            self._written = True
        finally:
            await self._session.asked(file.close())

    async def _check_ours(self, client: Client) -> None:
        """Raises `exchange.name-taken` unless the file of our name holds our very bytes."""
        content = self._parcel.content
        try:
            theirs: bytes | None = await remote.read(self._session, client, self._name, len(content))
        except LOST:
            raise
        except asyncssh.SFTPError:
            # A file that we may not read, or that is gone again, cannot be told from ours.
            theirs = None
        await self._remove_hidden(client)
        if theirs != content:
            raise self._faults.name_taken(self._parcel)

    async def _rename(self, client: Client) -> Outcome:
        try:
            await self._session.asked(client.rename(self._hidden, self._name))
        except LOST:
            raise
        except asyncssh.SFTPError as error:
            return await self._after_a_refusal(client, error)
        return "delivered"

    async def _after_a_refusal(self, client: Client, error: asyncssh.SFTPError) -> Outcome:
        """What a refused rename means: some servers refuse in words what they have done in deed."""
        if await self._look(client, self._hidden) is None:
            return "delivered" if await self._look(client, self._name) is not None else "unproven"
        if await self._look(client, self._name) is not None:
            await self._check_ours(client)
            return "delivered"
        await self._remove_hidden(client)
        note = f"renaming {_names.part(self._parcel.name)} to {self._parcel.name}"
        raise remote.file_fault(exchange.RENAME_DENIED, note, error, **self._about) from error

    async def _after_a_lost_answer(self) -> Outcome:
        """Looks on a new connection at what became of the rename.

        When the server cannot be asked any more, the parcel counts as failed and goes again with the same
        bytes: a partner can tell a second copy, but not a missing one.
        """
        lost = f"the answer to renaming {self._parcel.name} was lost"
        for tries in range(_LOOKS_MAX):
            await asyncio.sleep(tries * _PAUSE_SECONDS)
            self._session.begin()
            try:
                found = await self._session.steadily(self._found)
            except GatewayError:
                continue
            if found != "hidden":
                return found
            raise exchange.CUT_OFF.error(f"{lost}, and the file is still hidden", **self._about)
        raise exchange.CUT_OFF.error(f"{lost}, and the server cannot be asked what became of it", **self._about)

    async def _found(self, client: Client) -> Outcome | Literal["hidden"]:
        if await self._look(client, self._hidden) is not None:
            return "hidden"
        attrs = await self._look(client, self._name)
        return "delivered" if attrs is not None and attrs.size == len(self._parcel.content) else "unproven"

    async def _look(self, client: Client, path: bytes) -> asyncssh.SFTPAttrs | None:
        try:
            return await remote.look(self._session, client, path)
        except LOST:
            raise
        except asyncssh.SFTPError as error:
            raise await self._folder_fault(client, f"looking into {self._folder}", error) from error

    async def _folder_fault(self, client: Client, note: str, error: asyncssh.SFTPError) -> GatewayError:
        return await remote.folder_fault(
            self._session, client, self._folder, denied=exchange.WRITE_DENIED, note=note, error=error, **self._about
        )

    async def _remove_hidden(self, client: Client) -> None:
        """Tidies up. What cannot be removed stays hidden and is written over by the next try."""
        with suppress(asyncssh.SFTPError):
            await self._session.asked(client.remove(self._hidden))
