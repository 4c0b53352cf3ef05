"""The log: one line a station, and nothing in it that should not be there."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from edi_gateway.logs import Format, configure, log


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("edi_gateway")
    before = (root.handlers[:], root.level, ours.level)
    yield
    root.handlers[:], level, our_level = before
    root.setLevel(level)
    ours.setLevel(our_level)


def test_a_station_is_one_line_of_json() -> None:
    out = io.StringIO()
    configure("json", stream=out)
    log.info("admitted", channel="acme", name="o.edi", bytes=1918)
    row = json.loads(out.getvalue())
    assert row.pop("at").endswith("Z")
    assert row == {"event": "admitted", "level": "info", "channel": "acme", "name": "o.edi", "bytes": 1918}


def test_a_station_is_one_line_for_people() -> None:
    out = io.StringIO()
    configure("console", stream=out)
    log.info("admitted", channel="acme", name="o.edi")
    assert out.getvalue().count("\n") == 1
    assert "admitted   channel=acme name=o.edi" in out.getvalue()


def test_without_a_terminal_auto_is_json() -> None:
    out = io.StringIO()
    configure("auto", stream=out)
    log.info("admitted")
    assert json.loads(out.getvalue())["event"] == "admitted"


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_contents_and_secrets_are_not_shown(log_format: Format) -> None:
    out = io.StringIO()
    configure(log_format, stream=out)
    log.info("connected", password="hunter2", key_passphrase="hunter2", raw=b"hunter2", content="hunter2")
    assert "hunter2" not in out.getvalue()


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_a_traceback_shows_no_values(log_format: Format) -> None:
    out = io.StringIO()
    configure(log_format, stream=out)
    try:
        int("hunter2")
    except ValueError:
        log.exception("internal", about="a bug")
        logging.getLogger("apscheduler").exception("a job failed")
    said = out.getvalue()
    assert said.count("ValueError") == 2
    assert "test_a_traceback_shows_no_values" in said
    assert "hunter2" not in said


def test_libraries_speak_from_warning_on_in_the_same_form() -> None:
    out = io.StringIO()
    configure("json", stream=out)
    logging.getLogger("asyncssh").info("passed over")
    logging.getLogger("asyncssh").warning("heard %s", "once")
    assert [json.loads(line)["event"] for line in out.getvalue().splitlines()] == ["heard once"]


def test_the_level_is_kept() -> None:
    out = io.StringIO()
    configure("json", "warning", stream=out)
    log.info("passed over")
    log.warning("heard")
    assert [json.loads(line)["event"] for line in out.getvalue().splitlines()] == ["heard"]


def test_before_it_is_set_up_nothing_reaches_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    log.info("admitted")
    assert capsys.readouterr().out == ""
