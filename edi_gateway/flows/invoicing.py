"""An invoice drawn from what was shipped."""

from edi_gateway.flows.house import House
from edi_gateway.flows.outbound import prepare
from edi_gateway.issues import trade
from edi_gateway.ledger.fulfilment import line_keys, lines_of_life
from edi_gateway.ledger.invoicing import draw
from edi_gateway.logs import log

NUMBERS = "invoice"


def invoice(house: House, partnership_id: int, number: str, release: str) -> tuple[str, int]:
    """Invoices what was shipped of an order and not yet charged for. Returns the invoice's number and document id.

    The number is the next of all, without gaps: it is taken in the commit that queues the invoice. Raises
    `GatewayError`: `trade.order-not-found`, what `invoicing.draw` raises, and what `outbound.prepare` raises.
    """
    with house.commit() as commit:
        unit = commit.unit
        partnership = unit.agreements.get_partnership(partnership_id)
        agreement = unit.agreements.get(partnership.agreement_id)
        known = unit.books.known_order(partnership_id, (number, release))
        if known is None:
            raise trade.ORDER_NOT_FOUND.error(f"{partnership.name} has no order {number} {release}".rstrip())
        past = unit.books.past(agreement, partnership, line_keys((number, release)), commit.now)
        invoice_number = f"{unit.numbers.take(NUMBERS):06}"
        facts, drawn = draw(
            known.order, lines_of_life(known.order, past), invoice_number, partnership.currency, commit.now.date()
        )
        document_id = prepare(commit, agreement, partnership, drawn, known.id)
        unit.books.write(facts, document_id, partnership, commit.now)
    log.info("invoiced", partner=partnership.name, order=number, invoice=invoice_number, document=document_id)
    return invoice_number, document_id
