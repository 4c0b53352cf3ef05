"""A quote is asked for and given, as the public commands show it."""

import datetime as dt
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from edi_gateway import ledger
from edi_gateway.issues import GatewayError
from edi_gateway.ledger.partnerships import Partnership
from edi_gateway.model.quote_request import QuoteRequest

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures" / "x12"
ASKED, QUOTED = FIXTURES / "840/pass/two-deliveries.edi", FIXTURES / "843/pass/prices-until.edi"
REFUSED = FIXTURES / "840/fail/delivery-without-a-date.edi"
PROGRAM = (sys.executable, "-m", "edi_gateway")
PATIENCE_SECONDS = 60
CHANNEL = """
[channels.birchbarrow]
transport = "folder"
collect = "from-birchbarrow"
deliver = "to-birchbarrow"
every_seconds = 0.2
"""
PRICES = "product_kind,product_id,price,currency\nupc,{},{},USD\n"
ANSWER = """\
BQR*00*BB-Q-77*DAY*036*DAY
CUR*SE*USD
PO1*1*500*EA*14.25**UP*400000000176
SCH*200*EA***002*20260401
SCH*300*EA***002*20260501
PO1*2*40*EA*9.50**UP*400000000183
CTT*2
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gateway that was asked for a quote before it had every price, then again, faultily, and called it off."""
    folder = tmp_path_factory.mktemp("house")
    said("init", str(folder))
    with (folder / "gateway.toml").open("a") as file:
        file.write(CHANNEL)
    for mailbox in ("from-birchbarrow", "to-birchbarrow"):
        (folder / mailbox).mkdir()
    said(
        "partner", "add", "birchbarrow", "--ours", "ZZ:FERNHILL", "--theirs", "ZZ:BIRCHBARROW", "--channel",
        "birchbarrow", "--partnership", "stores", "--price-list", "retail", "--currency", "USD", "--dir", str(folder),
    )
    agree(folder, "400000000176", "14.25")
    with running(folder):
        drop(folder, "asked.edi", ASKED.read_text())
        until(lambda: [row["kind"] for row in rows("issues", folder)] == ["quote.price-missing"])
        until(lambda: sets(folder) == ["997"])
        agree(folder, "400000000183", "9.50")
        said("issues", "retry", str(rows("issues", folder)[0]["id"]), "--dir", str(folder))
        until(lambda: sets(folder) == ["843", "997"])
        drop(folder, "again.edi", ASKED.read_text().replace("000000101", "000000102").replace("*101", "*102"))
        until(lambda: sets(folder) == ["843", "997", "997"])
        drop(folder, "faulty.edi", REFUSED.read_text().replace("000000101", "000000103").replace("*101", "*103"))
        until(lambda: sets(folder) == ["843", "997", "997", "997"])
        called_off = ASKED.read_text().replace("BQT*00", "BQT*01")
        drop(folder, "called-off.edi", called_off.replace("000000101", "000000104").replace("*101", "*104"))
        until(lambda: sets(folder) == ["843", "997", "997", "997", "997"])
    return folder


@pytest.mark.parametrize("file", [ASKED, QUOTED], ids=["asked", "quoted"])
def test_what_is_said_is_read_without_a_remark_and_written_back_as_it_was(file: Path) -> None:
    assert said("validate", str(file)) == f"{file}: accepted, 1 interchange, 1 set\n"
    line = said("translate", str(file))
    assert json.loads(line)["document"]["lines"][0]["deliveries"][1]["date"] == "2026-05-01"
    back = said("translate", "--to", "x12", "-", given=line)
    assert body(back) == [row for row in body(file.read_text()) if not row.startswith("TD5")]


def test_a_delivery_without_a_date_is_found_where_it_stands() -> None:
    printed = said("validate", str(REFUSED), code=1)
    assert "segment 6 SCH-06" in printed


def test_a_quote_is_given_from_the_price_list_once_it_has_all_the_prices(house: Path) -> None:
    [quote] = [text for name, text in delivered(house).items() if "_843_Quote_" in name]
    pattern = re.escape(ANSWER).replace("DAY", r"\d{8}")
    assert re.fullmatch(pattern, "".join(f"{segment}\n" for segment in body(quote))), quote
    assert said("validate", "-", given=quote)


def test_what_arrived_is_acknowledged_answered_and_answered_once(house: Path) -> None:
    came = {row["file"]: row["state"] for row in rows("documents", house) if row["direction"] == "in"}
    assert came == {"asked.edi": "answered", "again.edi": "read", "faulty.edi": "rejected", "called-off.edi": "held"}
    assert {row["kind"] for row in rows("issues", house)} == {"document.rejected", "quote.purpose-unknown"}


def test_both_documents_are_told_to_other_programs() -> None:
    titles = [json.loads(said("schema", noun))["title"] for noun in ("quote_request", "quote")]
    assert titles == ["QuoteRequest", "Quote"]


def test_a_seller_does_not_ask_a_buyer_for_a_quote() -> None:
    request = QuoteRequest(purpose="original", number="BB-Q-77", date=dt.date(2026, 3, 2))
    we_buy = Partnership(1, 1, "Birchbarrow Stores", None, "buyer", None, "USD", "auto")
    with pytest.raises(GatewayError) as raised:
        ledger.post(request, we_buy, {})
    assert raised.value.kind.code == "trade.not-taken"


@contextmanager
def running(house: Path) -> Iterator[None]:
    """The gateway at work; at the end it is asked to stop, and has nothing to complain of."""
    with (house / "run.log").open("wb") as log:
        gateway = subprocess.Popen([*PROGRAM, "run", "--dir", str(house)], stdout=log, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            gateway.send_signal(signal.SIGTERM)
            code = gateway.wait(PATIENCE_SECONDS)
    assert code == 0, (house / "run.log").read_text()


def agree(house: Path, product: str, price: str) -> None:
    """Puts a price on the list."""
    (house / "prices.csv").write_text(PRICES.format(product, price))
    said("prices", "import", str(house / "prices.csv"), "--list", "retail", "--dir", str(house))


def drop(house: Path, name: str, text: str) -> None:
    """The partner puts a file out for us, whole at once."""
    part = house / "from-birchbarrow" / f"{name}.part"
    part.write_text(text)
    part.rename(part.with_suffix(""))


def delivered(house: Path) -> Mapping[str, str]:
    """What the partner has received, by name."""
    files = sorted((house / "to-birchbarrow").glob("[!.]*"))
    return {file.name: file.read_text(encoding="ascii") for file in files}


def sets(house: Path) -> list[str]:
    """The sets of what the partner has received."""
    return sorted(name.split("_")[1] for name in delivered(house))


def body(text: str) -> list[str]:
    """The segments between ST and SE."""
    segments = [segment.strip() for segment in text.split("~")]
    return segments[3:next(at for at, segment in enumerate(segments) if segment.startswith("SE*"))]


def until(come_about: Callable[[], bool]) -> None:
    """Waits for it."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not come_about():
        assert time.monotonic() < end
        time.sleep(0.1)


def rows(command: str, house: Path) -> list[Any]:
    """What a listing command lists."""
    return [json.loads(line) for line in said(command, "--json", "--dir", str(house)).splitlines()]


def said(*arguments: str, code: int = 0, given: str = "") -> str:
    """What the program prints when it is asked to do that."""
    ran = subprocess.run(
        [*PROGRAM, *arguments], input=given, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )
    assert ran.returncode == code, f"{arguments}: {ran.returncode}\n{ran.stdout}{ran.stderr}"
    return ran.stdout
