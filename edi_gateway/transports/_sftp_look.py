"""Looking at files on an SFTP server, and telling why it refused a step.

Servers disagree on status codes: one says "no such file" where another says "permission denied" and a
third only "failure". So what a code means is found by looking at the file and its folder; a bare failure
is taken for a missing right when the look shows no other reason. The server's words go into the note.
"""

import posixpath
import stat
from collections.abc import AsyncIterator

import asyncssh

from edi_gateway.issues import GatewayError, Kind, exchange
from edi_gateway.transports import _names, _ssh
from edi_gateway.transports._session import LOST, Client, Session

GONE = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath)
RIGHTS = (*GONE, asyncssh.SFTPPermissionDenied, asyncssh.SFTPFailure, asyncssh.SFTPWriteProtect)

_READ_BYTES = 16 * 1024 * 1024
_REQUESTS_MAX = 32


def path(folder: str, name: str) -> bytes:
    """The path of a file in a folder, as it is sent."""
    return posixpath.join(folder, name).encode()


def said(what: str, error: asyncssh.SFTPError) -> str:
    """What was asked for and what the server said to it, as a note."""
    return f"{what}: the server says {_ssh.words(error)!r} (status {error.code})"


async def look(session: Session, client: Client, file: bytes) -> asyncssh.SFTPAttrs | None:
    """The attributes of a file, links not followed; None when there is none.

    Where the server does not let us look at it, the listing of its folder tells.
    """
    try:
        return await session.asked(client.lstat(file))
    except GONE:
        return None
    except LOST:
        raise
    except asyncssh.SFTPError:
        folder, name = posixpath.split(file)
        async for entry in entries(session, client, folder):
            if entry.filename == name:
                return entry.attrs
        return None


async def entries(session: Session, client: Client, folder: bytes) -> AsyncIterator[asyncssh.SFTPName]:
    """What a folder holds, no more than `_names.LISTED_MAX` entries."""
    listing = client.scandir(folder)
    for _ in range(_names.LISTED_MAX):
        try:
            yield await session.asked(anext(listing))
        except StopAsyncIteration:
            return


async def read(session: Session, client: Client, file: bytes, size: int) -> bytes:
    """The bytes of a file believed to be of that size; one byte more when it is larger."""
    small = size < client.limits.max_read_len
    opened = await session.asked(
        client.open(file, "rb", encoding=None, block_size=0 if small else -1, max_requests=_REQUESTS_MAX)
    )
    blocks: list[bytes] = []
    done = 0
    try:
        while done <= size:
            block: bytes = await session.asked(opened.read(min(_READ_BYTES, size + 1 - done), done))
            blocks.append(block)
            done += len(block)
            if not block or done == size:
                break
    finally:
        await session.asked(opened.close())
    return b"".join(blocks)


async def folder_fault(
    session: Session, client: Client, folder: str, *, denied: Kind, note: str, error: asyncssh.SFTPError,
    **context: str,
) -> GatewayError:
    """Why a folder cannot be used: it is missing, or else a right is."""
    try:
        attrs = await session.asked(client.stat(folder.encode()))
    except GONE:
        return exchange.FOLDER_MISSING.error(f"{folder}: {said(note, error)}", **context)
    except LOST:
        raise
    except asyncssh.SFTPError:
        attrs = asyncssh.SFTPAttrs()
    if attrs.permissions is not None and not stat.S_ISDIR(attrs.permissions):
        return exchange.FOLDER_MISSING.error(f"{folder} is not a folder", **context)
    kind = denied if isinstance(error, RIGHTS) else exchange.REFUSED
    return kind.error(said(note, error), **context)


def file_fault(denied: Kind, note: str, error: asyncssh.SFTPError, **context: str) -> GatewayError:
    """Why a step with a file that is there was refused: a right is missing, or else the server's own reason."""
    kind = denied if isinstance(error, RIGHTS) else exchange.REFUSED
    return kind.error(said(note, error), **context)
