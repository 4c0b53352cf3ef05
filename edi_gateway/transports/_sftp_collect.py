"""Collecting files from a folder on an SFTP server: list, fetch, claim, settle."""

import asyncio
import posixpath
import stat
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncssh

from edi_gateway.issues import GatewayError, Kind, exchange
from edi_gateway.ports import Claimed, Fetched, Settled, Sighting, Surveyed
from edi_gateway.transports import _names
from edi_gateway.transports import _sftp_look as remote
from edi_gateway.transports._faults import Faults
from edi_gateway.transports._options import Collecting
from edi_gateway.transports._session import LOST, Client, Session


class Collector:
    """The collecting side of a mailbox; every step runs on the session's thread."""

    def __init__(self, channel: str, folder: str | None, options: Collecting, session: Session) -> None:
        self._faults = Faults(channel)
        self._channel = channel
        self._folder = folder or ""
        self._unused = folder is None
        self._options = options
        self._session = session
        self._archive = posixpath.join(self._folder, options.move_to)
        self._taken: set[bytes] = set()
        self._claims: set[bytes] | None = None
        """The hidden names of ours that may be in use; None where the whole folder was not listed."""

    async def survey(self) -> tuple[Surveyed, ...]:
        return () if self._unused else await self._session.steadily(self._list)

    async def fetch(self, sighting: Sighting) -> Fetched:
        try:
            self._check_used(sighting)
            self._faults.check_fetchable(sighting, self._options.bytes_per_file_max)
            return Fetched(sighting, await self._session.steadily(lambda client: self._read(client, sighting)))
        except GatewayError as fault:
            return Fetched(sighting, fault=fault)

    async def claim(self, sighting: Sighting) -> Claimed:
        if sighting.claimed:
            return Claimed(sighting, "claimed")
        try:
            self._check_used(sighting)
            self._faults.check_name(sighting.name)
            if not self._options.may_claim(sighting.name):
                return Claimed(sighting, "open")
            return await self._session.steadily(lambda client: self._take(client, sighting))
        except GatewayError as fault:
            return Claimed(sighting, "lost", fault)

    async def settle(self, sighting: Sighting) -> Settled:
        try:
            self._check_used(sighting)
            self._faults.check_name(sighting.name)
            if self._options.after == "leave":
                return Settled(sighting)
            await self._session.steadily(lambda client: self._put_away(client, sighting))
        except GatewayError as fault:
            return Settled(sighting, fault)
        return Settled(sighting)

    async def unclaim(self, file: Surveyed) -> None:
        self._check_used(file.sighting)
        own = self._faults.own_name(file)
        await self._session.steadily(lambda client: self._give_back(client, file.sighting, own))

    def _check_used(self, sighting: Sighting) -> None:
        if self._unused:
            raise self._faults.no_folder(sighting.name, "collect from")

    async def _list(self, client: Client) -> tuple[Surveyed, ...]:
        found, entries = [], 0
        try:
            async for entry in remote.entries(self._session, client, self._folder.encode()):
                entries += 1
                if _is_file(entry):
                    found.append(await self._surveyed(client, entry))
        except LOST:
            raise
        except asyncssh.SFTPError as error:
            raise await remote.folder_fault(
                self._session, client, self._folder, denied=exchange.LIST_DENIED,
                note=f"listing {self._folder}", error=error, channel=self._channel,
            ) from error
        claims = {self._path(file.sighting) for file in found if file.sighting.claimed}
        self._claims = claims if entries < _names.LISTED_MAX else None
        return tuple(sorted(found, key=lambda file: file.sighting.name))

    async def _surveyed(self, client: Client, entry: asyncssh.SFTPName) -> Surveyed:
        raw = entry.filename if isinstance(entry.filename, bytes) else entry.filename.encode()
        file = self._options.told_by(raw.decode("utf-8", "surrogateescape"))
        name = _names.listed(file.name.encode("utf-8", "surrogateescape"))
        attrs = entry.attrs
        if attrs.size is None and _names.flaw(name) is None:
            attrs = await self._sized(client, self._path(_sighted(name, attrs, file.claimed)))
        return self._options.surveyed(_sighted(name, attrs, file.claimed), file.passed_over)

    def _path(self, sighting: Sighting) -> bytes:
        return remote.path(self._folder, self._options.lies_as(sighting))

    async def _sized(self, client: Client, path: bytes) -> asyncssh.SFTPAttrs:
        """The attributes of a file that was listed without a size; one that cannot be looked at has none."""
        try:
            return await self._session.asked(client.stat(path))
        except LOST:
            raise
        except asyncssh.SFTPError:
            return asyncssh.SFTPAttrs()

    async def _read(self, client: Client, sighting: Sighting) -> bytes:
        path = self._path(sighting)
        try:
            content = await remote.read(self._session, client, path, sighting.size_bytes)
        except LOST:
            raise
        except asyncssh.SFTPError as error:
            if isinstance(error, remote.GONE) and await self._look(client, path, sighting) is None:
                raise exchange.FILE_GONE.error(sighting.name, **self._faults.about(sighting.name)) from error
            raise self._denied(exchange.READ_DENIED, "reading", sighting, error) from error
        self._faults.check_whole(sighting, content)
        return content

    async def _take(self, client: Client, sighting: Sighting) -> Claimed:
        """Renames the file to our hidden name, where nothing of that name lies, and looks at it there.

        When an answer was lost and this is the second try, the file may have its hidden name already.
        """
        claimed = replace(sighting, claimed=True)
        path, hidden = self._path(sighting), self._path(claimed)
        seen = None if self._is_free(hidden) else await self._look(client, hidden, sighting)
        if seen is not None:
            if await self._look(client, path, sighting) is not None:
                return Claimed(sighting, "open")
        else:
            seen, refused = await self._hide(client, sighting, path, hidden)
            if refused is not None and await self._look(client, path, sighting) is not None:
                return Claimed(sighting, "open", self._denied(exchange.RENAME_DENIED, "renaming", sighting, refused))
        # A server may have looked before it had renamed.
        seen = seen or await self._look(client, hidden, sighting)
        if seen is None:
            raise exchange.FILE_GONE.error(sighting.name, **self._faults.about(sighting.name))
        return self._faults.claimed(sighting, _sighted(sighting.name, seen, claimed=True))

    def _is_free(self, hidden: bytes) -> bool:
        """Whether nothing lay under a hidden name when it was listed, and nothing was asked to be laid there since."""
        return self._claims is not None and hidden not in self._claims

    async def _hide(
        self, client: Client, sighting: Sighting, path: bytes, hidden: bytes
    ) -> tuple[asyncssh.SFTPAttrs | None, asyncssh.SFTPError | None]:
        """Asks for the rename and, without waiting for the answer, for a look. What was seen, and what was refused."""
        if self._claims is not None:
            self._claims.add(hidden)
        # A task begins when this one waits, so the look is asked for right behind the rename.
        look = asyncio.create_task(self._look(client, hidden, sighting))
        try:
            refused = await self._refused(self._aside(client, path, hidden))
        except BaseException:
            look.cancel()
            raise
        return await look, refused

    async def _aside(self, client: Client, path: bytes, hidden: bytes) -> None:
        """Renames to a hidden name that nobody but us gives: in one step, which would overwrite, where that is needed.

        OpenSSH's other way links and then unlinks, and where it may not unlink the file is left with both names.
        """
        if self._session.is_openssh:
            with suppress(asyncssh.SFTPOpUnsupported):
                await client.posix_rename(path, hidden)
                return
        await client.rename(path, hidden)

    async def _refused(self, request: Coroutine[Any, Any, None]) -> asyncssh.SFTPError | None:
        """What a server says to a request that it does not grant."""
        try:
            await self._session.asked(request)
        except LOST:
            raise
        except asyncssh.SFTPError as error:
            return error
        return None

    async def _give_back(self, client: Client, sighting: Sighting, own: str) -> None:
        """Renames a claim of another house to its own name. In a second try it may have that name already."""
        path, target = self._path(sighting), remote.path(self._folder, own)
        if await self._look(client, path, sighting) is None:
            if await self._look(client, target, sighting) is None:
                raise exchange.FILE_GONE.error(sighting.name, **self._faults.about(sighting.name))
            return
        if await self._look(client, target, sighting) is not None:
            raise self._faults.own_name_taken(own)
        if (refused := await self._refused(client.rename(path, target))) is not None:
            raise self._denied(exchange.RENAME_DENIED, "renaming", sighting, refused) from refused

    async def _put_away(self, client: Client, sighting: Sighting) -> None:
        path = self._path(sighting)
        seen = await self._look(client, path, sighting)
        if seen is None:
            return
        self._faults.check_same(sighting, _sighted(sighting.name, seen))
        if self._options.after == "move":
            await self._move(client, sighting, path)
        else:
            await self._remove(client, sighting, path)

    async def _remove(self, client: Client, sighting: Sighting, path: bytes) -> None:
        try:
            await self._session.asked(client.remove(path))
        except LOST:
            raise
        except asyncssh.SFTPError as error:
            if await self._look(client, path, sighting) is not None:
                note = f"deleting {self._options.told(sighting)}"
                raise remote.file_fault(
                    exchange.DELETE_DENIED, note, error, **self._faults.about(sighting.name)
                ) from error

    async def _move(self, client: Client, sighting: Sighting, path: bytes) -> None:
        """Renames the file into the archive, to the first name that is free: nothing is ever overwritten."""
        for name in _names.archive_names(sighting.name, sighting.modified):
            target = remote.path(self._archive, name)
            if target in self._taken or await self._look(client, target, sighting) is not None:
                continue
            self._taken.add(target)
            try:
                if await self._moved(client, sighting, path, target):
                    return
            finally:
                self._taken.discard(target)
        raise self._faults.archive_full(sighting, self._archive)

    async def _moved(self, client: Client, sighting: Sighting, path: bytes, target: bytes) -> bool:
        """Whether the file went to the target; no means that another file took that name first."""
        try:
            await self._rename(client, path, target)
        except LOST:
            raise
        except asyncssh.SFTPError as error:
            if await self._look(client, path, sighting) is None:
                return True
            if await self._look(client, target, sighting) is not None:
                return False
            note = f"moving {self._options.told(sighting)} to {self._archive}"
            raise await remote.folder_fault(
                self._session, client, self._archive, denied=exchange.RENAME_DENIED, note=note, error=error,
                **self._faults.about(sighting.name),
            ) from error
        return True

    async def _rename(self, client: Client, path: bytes, target: bytes) -> None:
        """Renames; where that fails and the archive folder is missing, once more after making the folder."""
        try:
            await self._session.asked(client.rename(path, target))
        except remote.RIGHTS:
            if await remote.look(self._session, client, self._archive.encode()) is not None:
                raise
            # Another file's move may make the folder at the same moment: the rename tells.
            with suppress(asyncssh.SFTPFailure, asyncssh.SFTPPermissionDenied, *remote.GONE):
                await self._session.asked(client.mkdir(self._archive.encode()))
            await self._session.asked(client.rename(path, target))

    async def _look(self, client: Client, path: bytes, sighting: Sighting) -> asyncssh.SFTPAttrs | None:
        try:
            return await remote.look(self._session, client, path)
        except LOST:
            raise
        except asyncssh.SFTPError as error:
            raise self._denied(exchange.READ_DENIED, "looking at", sighting, error) from error

    def _denied(self, denied: Kind, doing: str, sighting: Sighting, error: asyncssh.SFTPError) -> GatewayError:
        return remote.file_fault(denied, f"{doing} {sighting.name}", error, **self._faults.about(sighting.name))


def _is_file(entry: asyncssh.SFTPName) -> bool:
    """Whether an entry is a plain file; where the server sends no mode, its long form tells."""
    if entry.attrs.permissions is not None and stat.S_IFMT(entry.attrs.permissions):
        return stat.S_ISREG(entry.attrs.permissions)
    return entry.longname[:1] not in {b"d", b"l", "d", "l"}


def _sighted(name: str, attrs: asyncssh.SFTPAttrs, claimed: bool = False) -> Sighting:
    modified = None if attrs.mtime is None else datetime.fromtimestamp(attrs.mtime, UTC)
    return Sighting(name, attrs.size or 0, modified, claimed)
