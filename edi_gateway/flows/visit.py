"""One round at one mailbox, as the steps of collecting hand it on."""

from dataclasses import dataclass

from edi_gateway.flows.house import House
from edi_gateway.issues import GatewayError
from edi_gateway.ports import Transport


@dataclass(frozen=True)
class Visit:
    """Where we are, and what went wrong there so far."""

    house: House
    channel: str
    mailbox: Transport
    faults: list[GatewayError]

    def note(self, fault: GatewayError | None) -> None:
        """Adds to what went wrong."""
        if fault is not None:
            self.faults.append(fault)
