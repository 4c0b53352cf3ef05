"""How the reports ask: the newest few in the order of time, and instants as text."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, select

ROWS_AT_ONCE = 500


Filter = tuple[object, ColumnElement[bool]]
"""What was asked for, and the condition that it puts; nothing is asked where it is None."""


def meeting(question: Select[Any], *filters: Filter) -> Select[Any]:
    """The question with the conditions of every filter that was given."""
    return question.where(*(condition for asked, condition in filters if asked is not None))


def newest(connection: Connection, question: Select[Any], key: Column[int], last: int | None) -> Iterator[Row[Any]]:
    """The rows by their key, oldest first; with `last` only so many of the newest. They come a page at a time."""
    if last is None:
        ordered = question.order_by(key)
    else:
        latest = question.order_by(key.desc()).limit(last).subquery()
        ordered = select(latest).order_by(latest.c[key.name])
    yield from connection.execute(ordered, execution_options={"yield_per": ROWS_AT_ONCE})


def instant(at: dt.datetime | None) -> str | None:
    """RFC 3339 in UTC, such as `2025-03-04T05:06:07Z`."""
    return None if at is None else at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
