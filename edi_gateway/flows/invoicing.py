"""An invoice drawn from what was shipped."""

from edi_gateway.flows.house import House
from edi_gateway.flows.outbound import prepare
from edi_gateway.flows.standing import standing
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
        order = standing(commit, partnership_id, number, release)
        agreement, partnership, known = order.agreement, order.partnership, order.known
        invoice_number = f"{unit.numbers.take(NUMBERS):06}"
        facts, drawn = draw(
            known.order, order.lines(commit), invoice_number, partnership.currency, commit.now.date(),
            order.shipped(commit), house.guides.partner(agreement.partner).invoice.wanted,
        )
        document_id = prepare(commit, agreement, partnership, drawn, known.id)
        unit.books.write(facts, document_id, partnership, commit.now)
    log.info("invoiced", partner=partnership.name, order=number, invoice=invoice_number, document=document_id)
    return invoice_number, document_id
