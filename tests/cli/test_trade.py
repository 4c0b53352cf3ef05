"""The commands of the trade: stock, shipments, invoices, and orders of our own."""

import json
from pathlib import Path

from edi_gateway.cli import obey
from tests.cli.program import run

ORDER = {
    "purpose": "original", "type": "stand_alone", "number": "B-1", "date": "2026-03-01", "currency": "USD",
    "lines": [{"number": "1", "quantity": "2", "unit": "EA", "price": "3.5",
               "product_ids": [{"kind": "upc", "value": "700000000001"}]}],
}


def test_an_accepted_order_is_shipped_in_parts_and_invoiced_and_its_line_of_life_is_told(trading: Path) -> None:
    (number,) = [row["number"] for row in run("orders", "--json", "--dir", trading).rows if row["state"] == "accepted"]
    asked = ("ship", number, "--carton", "1=2,2=1", "--carrier", "UPSN", "--tracking", "1Z999", "--dir", trading)
    assert "Shipment 000001" in run(*asked).out
    assert run("invoice", number, "--json", "--dir", trading).rows[0]["invoice"] == "000001"
    (told,) = run("orders", "--number", number, "--json", "--dir", trading).rows
    assert told["state"] == "partly_shipped"
    assert [(line["shipped"], line["invoiced"]) for line in told["lines"]] == [("2", "2"), ("1", "1")]
    assert run("ship", number, "--json", "--dir", trading).code == 0
    assert run("ship", number, "--dir", trading).err.startswith("Nothing of the order is left to be shipped")


def test_a_carton_that_cannot_be_read_is_refused_in_one_line(trading: Path) -> None:
    for wrong in ("1", "1=", "1=x", "1=0", "1=1,1=2"):
        said = run("ship", "PO-1", "--carton", wrong, "--dir", trading)
        assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)


def test_stock_is_entered_and_reported(trading: Path, tmp_path: Path) -> None:
    table = tmp_path / "stock.csv"
    table.write_text("product_kind,product_id,quantity\nupc,700000000001,12\nupc,700000000002,0\n", "utf-8")
    assert run("stock", "import", table, "--dir", trading).out == "2 levels entered.\n"
    assert run("stock", "set", "upc", "700000000002", "7", "--json", "--dir", trading).rows[0]["quantity"] == "7"
    (partnership,) = [each["name"] for row in run("partner", "list", "--json", "--dir", trading).rows
                      for each in row["partnerships"]]
    assert run("stock", "send", partnership, "--json", "--dir", trading).code == 0
    sent = run("documents", "--set", "846", "--json", "--dir", trading).rows
    assert [row["state"] for row in sent] == ["prepared"]


def test_whom_nobody_knows_is_told_nothing(trading: Path) -> None:
    said = run("stock", "send", "nobody", "--dir", trading)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "trade.partnership-not-found" not in said.err
    assert "No such partnership is known" in said.err


def test_an_order_of_our_own_is_sent_and_a_faulty_one_refused(trading: Path, tmp_path: Path) -> None:
    added = (
        "partner", "add", "mill", "--ours", "ZZ:SELLER", "--theirs", "ZZ:MILL", "--channel", "acme",
        "--partnership", "mill", "--role", "buyer", "--dir", trading,
    )
    assert run(*added).code == 0
    file = tmp_path / "order.json"
    file.write_text(json.dumps(ORDER), "utf-8")
    assert run("orders", "send", file, "--partnership", "mill", "--json", "--dir", trading).rows[0]["order"] == "B-1"
    file.write_text(json.dumps({**ORDER, "date": "soon"}), "utf-8")
    refused = run("orders", "send", file, "--partnership", "mill", "--dir", trading)
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "A file does not hold the document it should" in refused.err  # command.document-faulty
    assert obey(["orders", "send", str(tmp_path / "none.json"), "--partnership", "mill", "--dir", str(trading)]) == 2
