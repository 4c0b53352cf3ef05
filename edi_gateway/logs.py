"""The log: one line a station, for people or as JSON. Never contents, never secrets."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import FilteringBoundLogger, Processor

Format = Literal["auto", "console", "json"]
Level = Literal["debug", "info", "warning", "error"]

log: FilteringBoundLogger = structlog.get_logger("edi_gateway")
"""The one log of the house: `log.info("admitted", channel="acme", name="o.edi", bytes=1918)`."""

_PRIVATE = ("password", "passphrase", "secret", "token", "content")


def configure(log_format: Format = "auto", level: Level = "info", stream: TextIO | None = None) -> None:
    """Sends our lines and those of the libraries to the stream, standard error unless given.

    `auto` is `console` on a terminal and `json` elsewhere. Libraries speak from `warning` on. Times are
    UTC, RFC 3339. Until this is called only warnings are shown, so that a command's output stays its own.
    """
    out = stream or sys.stderr
    handler = logging.StreamHandler(out)
    last = _last(log_format, out)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_SHARED, processors=last))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("edi_gateway").setLevel(level.upper())
    # A round that takes longer than its rhythm is no news: the next one comes when it is done.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def _last(log_format: Format, out: TextIO) -> list[Processor]:
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if log_format == "json" or (log_format == "auto" and not out.isatty()):
        return [strip, _frames, structlog.processors.JSONRenderer(default=str)]
    console = structlog.dev.ConsoleRenderer(
        colors=out.isatty(), pad_event_to=10, sort_keys=False, timestamp_key="at",
    )
    return [strip, _frames, console]


def _frames(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Of an exception its type and where it passed, never its message: that may quote a partner's document."""
    raised = event.pop("exc_info", None)
    found = raised if isinstance(raised, tuple) else sys.exc_info()
    error = raised if isinstance(raised, BaseException) else found[1]
    if raised and error is not None:
        passed = traceback.extract_tb(error.__traceback__)
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in passed]
        event["exception"] = " < ".join([type(error).__name__, *reversed(places)])
    return event


def _discreet(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keeps contents and secrets out of the lines, whoever hands them in by mistake."""
    for key, value in event.items():
        if isinstance(value, bytes) or key.lower().endswith(_PRIVATE):
            event[key] = "(not shown)"
    return event


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    _discreet,
]
structlog.configure(
    processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
    logger_factory=structlog.stdlib.LoggerFactory(),
)
