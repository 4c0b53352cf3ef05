"""An order of Harrowmill's is shipped and invoiced by the commands alone, and each document is as their guide wants it.

What no option tells comes from the order, from the books, and from the rows of their `partner.toml`.
"""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edi_gateway.flows.guides import Guides
from edi_gateway.reports.outline import outline
from edi_gateway.store.shelf import DataShelf
from tests.cli import program
from tests.cli.program import Said, run, turn

ROOT = Path(__file__).resolve().parents[2]
ORDER = ROOT / "fixtures/x12/partners/harrowmill/850/pass/bulk-to-a-depot.edi"
NUMBER = "7730-44108"
FREIGHT = ("--carrier", "NWXP", "--service", "Northway Freight", "--weight", "31.5", "--bill-of-lading", "BL7730044")
CARTONS = ("--carton", "1=24", "--carton", "2=8")
TODAY = "today"


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house that has accepted their order."""
    house = program.house(tmp_path_factory.mktemp("harrowmill") / "house")
    settings = house / "gateway.toml"
    ours = '[gateway]\ngs1_prefix = "0400000"\n'
    settings.write_text(settings.read_text("utf-8").replace("[gateway]\n", ours, 1), "utf-8")
    added = run(
        "partner", "add", "harrowmill", "--ours", "ZZ:FERNHILL", "--theirs", "12:HARROWMILL", "--guide", "harrowmill",
        "--channel", "acme", "--partnership", "harrowmill", "--reference", "30217", "--dir", house,
    )
    assert (added.code, added.err) == (0, "")
    turn(house, ("order.edi", ORDER.read_text("ascii")))
    assert [row["state"] for row in run("orders", "--json", "--dir", house).rows] == ["accepted"]
    return house


@pytest.fixture
def house(accepted: Path, tmp_path: Path) -> Path:
    return shutil.copytree(accepted, tmp_path / "house")


def ship(house: Path, *options: str) -> Said:
    return run("ship", NUMBER, *options, "--dir", house)


def sent(house: Path, set_id: str) -> list[str]:
    """The segments of the last document of a set that they got, from behind ST to before SE; our days are `today`."""
    turn(house)
    file = max((house / "mailbox/in").glob(f"HM{set_id}_*"))
    found = outline(file.read_bytes(), Guides(DataShelf()), "harrowmill", "out")
    assert (found.accepted, found.findings) == (True, [])
    rows = [row.replace(f"{datetime.now(UTC):%Y%m%d}", TODAY) for row in file.read_text("ascii").split("~\n")]
    return [re.sub(rf"(?<=\|{TODAY}\|)\d{{4}}(?=\|)", "now", row) for row in rows[3:-4]]


def test_a_ship_notice_is_made_of_the_order_the_cartons_and_the_freight(house: Path) -> None:
    said = ship(house, *CARTONS, *FREIGHT)
    assert (said.code, said.err) == (0, "")
    assert sent(house, "856") == [
        f"BSN|00|000001|{TODAY}|now|0001",
        "HL|1||S", "TD1|CTN|2||||G|31.5|LB", "TD5||2|NWXP||Northway Freight", "REF|IA|30217", "REF|BM|BL7730044",
        f"DTM|011|{TODAY}", "N1|ST|Harrowmill Depot 12|92|0012", "N3|400 Lock Road", "N4|Mill Green|PA|00400|US",
        "HL|2|1|O", f"PRF|{NUMBER}|||20260302", "REF|DP|044",
        "HL|3|2|P", "MAN|GM|00004000000000000015", f"DTM|011|{TODAY}",
        "HL|4|3|I", "LIN|1|UP|400000100012|OT|HM-551", "SN1||24|CA",
        "HL|5|2|P", "MAN|GM|00004000000000000022", f"DTM|011|{TODAY}",
        "HL|6|5|I", "LIN|2|UP|400000100029|OT|HM-552", "SN1||8|EA", "CTT|6",
    ]


def test_an_invoice_tells_terms_department_depot_and_day_of_shipping_and_who_is_paid(house: Path) -> None:
    ship(house, *CARTONS, *FREIGHT)
    said = run("invoice", NUMBER, "--dir", house)
    assert (said.code, said.err) == (0, "")
    assert sent(house, "810") == [
        f"BIG|{TODAY}|000001|20260302|{NUMBER}|||DI", "REF|IA|30217", "REF|DP|044",
        "N1|RI|Fernhill Goods", "N1|ST|Harrowmill Depot 12|92|0012", "N3|400 Lock Road", "N4|Mill Green|PA|00400|US",
        "ITD|08|3|2||30||60", f"DTM|011|{TODAY}",
        "IT1|1|24|CA|51.00|PE|UP|400000100012|OT|HM-551", "IT1|2|8|EA|7.25||UP|400000100029|OT|HM-552",
        "TDS|128200", "CTT|2",
    ]


def test_what_their_guide_asks_for_and_nobody_told_is_named_and_nothing_leaves(house: Path) -> None:
    said = ship(house, *CARTONS, *FREIGHT[:-2])
    assert (said.code, said.out) == (2, "")
    assert "REF01 = BM is missing" in said.err
    assert run("documents", "--set", "856", "--json", "--dir", house).rows == []


def test_each_invoice_tells_the_day_of_the_last_shipment(house: Path) -> None:
    ship(house, "--carton", "1=24", *FREIGHT)
    assert run("invoice", NUMBER, "--dir", house).code == 0
    ship(house, *FREIGHT)
    assert run("invoice", NUMBER, "--dir", house).code == 0
    assert [row for row in sent(house, "810") if row[:3] in {"DTM", "IT1"}] == [
        f"DTM|011|{TODAY}", "IT1|2|12|EA|7.25||UP|400000100029|OT|HM-552",
    ]
