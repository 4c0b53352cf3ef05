"""Lists the orders and their answers; `orders show` tells all of one, `orders answer` decides it."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from edi_gateway import wiring
from edi_gateway.cli._commands import new, pass_on
from edi_gateway.cli._files import content
from edi_gateway.cli._house import archived, books, view
from edi_gateway.cli._options import AsJson, Directory, Last, OfPartner, Release, Which, known_word, limit
from edi_gateway.cli._output import print_json, printable
from edi_gateway.cli._records import print_records
from edi_gateway.cli._tables import console, ending, print_table
from edi_gateway.cli._which import the_order, the_partnership
from edi_gateway.flows import orders as flow
from edi_gateway.flows.house import House
from edi_gateway.issues import command
from edi_gateway.ledger.answering import ACCEPTED, REJECTED
from edi_gateway.model.order import Order
from edi_gateway.reports import order_records, partners
from edi_gateway.reports import orders as report

RESPONSE, DECISIONS = "order_response", "line_decision"
"""The noun that tells a decision, and the table of its codes (mappings/codes.toml)."""

LINE_TITLES = ("line", "product", "ordered", "price", "answered", *report.DONE)

Number = Annotated[str, typer.Argument(metavar="PO", help="The buyer's number of the order.")]

app = new(invoke_without_command=True)


@app.callback(epilog="Example: edi-gateway orders --state held --lines")
def orders(
    context: typer.Context,
    number: Annotated[str | None, typer.Option("--number", metavar="PO", help="Only those of this number.")] = None,
    partner: OfPartner = None,
    state: Annotated[str | None, typer.Option("--state", help="Only those in this state, such as held.")] = None,
    lines: Annotated[bool, typer.Option("--lines", help="Shows their lines as well.")] = False,
    last: Last = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Lists the orders, oldest first, with what was ordered and answered; `orders answer` decides one."""
    if pass_on(context, directory, as_json):
        return
    known_word("--state", state, report.STATES)
    with books(directory) as connection:
        known_word("--partner", partner, partners.names(connection))
        rows = report.orders(connection, partner=partner, number=number, state=state, last=limit(last, as_json))
        if not as_json:
            _print_tables(list(rows), lines or number is not None, limit(last, False))
            return
        for row in rows:
            print_json(row)


@app.command(epilog="Example: edi-gateway orders show 4711")
def show(
    number: Number, partnership: Which = None, release: Release = None, directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Shows an order with every EDI record of it: numbers, file, state, its acknowledgment, and where the file is."""
    with wiring.open_house(directory) as house:
        partnership_id, _, exact = the_order(house, number, partnership, release)
        with view(house) as connection:
            row = report.order(connection, partnership_id, number, exact)
            records = list(order_records.records(connection, row["id"]))
    for record in records:
        record["archived"] = archived(directory, record.pop("digest"))
    if as_json:
        print_json({**row, "records": records})
    else:
        _print_tables([row], True, 0)
        print_records(records)


@app.command(epilog="Example: edi-gateway orders answer 4711 --accept --line 2=IR")
def answer(
    number: Number,
    accept: Annotated[bool, typer.Option("--accept", help="Accepts the order.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="Rejects the order.")] = False,
    line: Annotated[
        list[str] | None,
        typer.Option("--line", metavar="N=CODE", help="Decides line N: a word such as backordered, or its ACK01 code."),
    ] = None,
    partnership: Which = None,
    release: Release = None,
    again: Annotated[bool, typer.Option("--again", help="Answers once more what has had its answer.")] = False,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Decides an order, line by line if need be, and sends the partner the answer.

    Lines that are not named follow --accept or --reject. The gateway that runs in the folder delivers it.
    """
    if accept == reject:
        raise typer.BadParameter("give one of the two", param_hint=["--accept", "--reject"])
    decisions = _decisions(line or [])
    with wiring.open_house(directory) as house:
        partnership_id, name, exact = the_order(house, number, partnership, release)
        words = {key: _word(house, partnership_id, code) for key, code in decisions.items()}
        default = ACCEPTED if accept else REJECTED
        document = flow.answer(
            house, partnership_id, number, exact, decisions=words, default=default, again=again
        )
    if as_json:
        print_json({"order": number, "release": exact or None, "partnership": name, "document": document})
    else:
        print(printable(f"Order {number} of {name} is answered; document {document} waits to be delivered."))


@app.command(epilog="Example: edi-gateway orders send order.json --partnership hollow-tree")
def send(
    file: Annotated[str, typer.Argument(metavar="FILE.json", help="The order as docs/model.md tells; - reads it.")],
    partnership: Annotated[str, typer.Option("--partnership", metavar="NAME", help="The seller.")],
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Orders from a seller, as a buyer. The gateway that runs in the folder delivers the order."""
    try:
        order = Order.model_validate_json(content(file))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise command.DOCUMENT_FAULTY.error(f"{file}: {place}: {first['msg']}") from error
    with wiring.open_house(directory) as house:
        document = flow.send(house, the_partnership(house, partnership).id, order)
    if as_json:
        print_json({"order": order.number, "partnership": partnership, "document": document})
    else:
        print(printable(f"Order {order.number} to {partnership}: document {document} waits to be delivered."))


def _decisions(lines: list[str]) -> dict[str, str]:
    decisions: dict[str, str] = {}
    for text in lines:
        key, equals, code = text.partition("=")
        if not (key and equals and code) or key in decisions:
            raise typer.BadParameter(f"{text!r} is not LINE=CODE, once for each line", param_hint="--line")
        decisions[key] = code
    return decisions


def _word(house: House, partnership_id: int, code: str) -> str:
    """Our word for a partner's code. What is neither is refused: written as it stands it would reach the partner."""
    with house.store.unit() as unit:
        partner = unit.agreements.get(unit.agreements.get_partnership(partnership_id).agreement_id).partner
    set_id = house.guides.set_of(RESPONSE, partner)
    plan = house.guides.map(set_id, house.guides.partner(partner).version_of(set_id), partner)
    table = plan.tables.get(DECISIONS) if plan else None
    if table is None:
        return code
    word = table.words.get(code.upper(), code)
    if word not in {*table.codes, *table.ambiguous}:
        known = ", ".join(sorted({*table.codes, *table.ambiguous}))
        raise typer.BadParameter(f"{code!r} is no answer to a line; the words are {known}", param_hint="--line")
    return word


def _print_tables(rows: list[dict[str, Any]], lines: bool, shown: int | None) -> None:
    titles = ("id", "partner", "number", "release", "state", "lines")
    table = [(*(row[title] for title in titles[:5]), _summary(row["lines"])) for row in rows]
    print_table(titles, table, ending(len(rows), "order", shown))
    for row in rows if lines else ():
        console().print(f"\n{printable(row['number'])} of {printable(row['partner'])}", style="bold", markup=False)
        print_table(LINE_TITLES, [_line(line) for line in row["lines"]])


def _summary(lines: list[dict[str, Any]]) -> str:
    said = Counter(answer["decision"] for line in lines for answer in line["answers"])
    waiting = sum(not line["answers"] for line in lines)
    words = [f"{count} {word.replace('_', ' ')}" for word, count in said.items()]
    return ", ".join(words + ([f"{waiting} not answered"] if waiting else [])) or "none"


def _line(line: dict[str, Any]) -> tuple[str, ...]:
    ids = " ".join(f"{product['kind']} {product['value']}" for product in line["product_ids"])
    answers = ", ".join(
        " ".join(part for part in (answer.get("quantity"), answer["decision"].replace("_", " ")) if part)
        for answer in line["answers"]
    )
    quantity = " ".join(part for part in (line["quantity"], line["unit"]) if part)
    asked = (line["number"], ids or line["title"] or "", quantity, line["price"] or "", answers or "not answered")
    return *asked, *(line[word] for word in report.DONE)
