"""A mailbox in an SQLite file keeps the laws of mailboxes, and a house can be told to use it."""

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from edi_gateway.ports import Transport
from edi_gateway.transports import sqlite_file
from tests.transports.contract import NOON, MailboxContract, fault_of

TABLES = """
CREATE TABLE files (folder TEXT, name BLOB, content BLOB, modified REAL, PRIMARY KEY (folder, name));
CREATE TABLE folders (name TEXT PRIMARY KEY);
CREATE TABLE denied (name TEXT PRIMARY KEY);
INSERT INTO folders VALUES ('collect'), ('deliver');
"""

CHANNEL = """
[channels.acme]
transport = "sqlite_file"
path = "box.sqlite"
every_seconds = 1
"""


class SqlitePlug:
    """The partner's side of the tables."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(TABLES)

    def open(self, **options: Any) -> Transport:
        return sqlite_file.open("acme", sqlite_file.Options(path=self.path, **options))

    def put(self, name: str, content: bytes, modified: datetime = NOON) -> None:
        self._put("collect", name, content, modified)

    def waiting(self) -> dict[str, bytes]:
        return self._files("collect")

    def archived(self) -> dict[str, bytes]:
        return self._files("archive")

    def delivered(self) -> dict[str, bytes]:
        return self._files("deliver")

    def put_delivered(self, name: str, content: bytes) -> None:
        if not name.startswith("."):
            self._put("deliver", name, content, NOON)

    def deny(self, right: str) -> None:
        self._change("INSERT INTO denied VALUES (?)", right)

    def grant(self, right: str) -> None:
        self._change("DELETE FROM denied WHERE name = ?", right)

    def lose(self, folder: str) -> None:
        self._change("DELETE FROM folders WHERE name = ?", folder)

    def _put(self, folder: str, name: str, content: bytes, modified: datetime) -> None:
        raw = name.encode("utf-8", "surrogateescape")
        self._change("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", folder, raw, content, modified.timestamp())

    def _files(self, folder: str) -> dict[str, bytes]:
        with closing(sqlite3.connect(self.path)) as connection:
            rows = connection.execute("SELECT name, content FROM files WHERE folder = ?", (folder,)).fetchall()
        return {name.decode("utf-8", "surrogateescape"): content for name, content in rows}

    def _change(self, statement: str, *values: object) -> None:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(statement, values)


@pytest.fixture
def plug(tmp_path: Path) -> SqlitePlug:
    return SqlitePlug(tmp_path / "box.sqlite")


class TestSqliteFile(MailboxContract):
    pass


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with sqlite_file.open("acme", sqlite_file.Options(path=tmp_path / "none.sqlite")) as mailbox:
        assert fault_of(mailbox.list) == "exchange.unreachable"


def test_a_gateway_collects_through_it(tmp_path: Path) -> None:
    house = tmp_path / "house"
    _command("init", str(house))
    plug = SqlitePlug(house / "box.sqlite")
    plug.put("hello.edi", b"this is no X12")
    with (house / "gateway.toml").open("a", encoding="utf-8") as configuration:
        configuration.write(CHANNEL)
    told = ""
    with subprocess.Popen([sys.executable, "-m", "edi_gateway", "run", "--dir", str(house)]) as gateway:
        try:
            for _ in range(60):
                told = _command("issues", "--json", "--dir", str(house))
                if "document.unreadable" in told:
                    break
                time.sleep(0.5)
        finally:
            gateway.send_signal(signal.SIGTERM)
        assert gateway.wait(60) == 0
    assert "document.unreadable" in told
    assert plug.waiting() == {}


def _command(*arguments: str) -> str:
    ran = subprocess.run([sys.executable, "-m", "edi_gateway", *arguments], capture_output=True, text=True, check=True)
    return ran.stdout
