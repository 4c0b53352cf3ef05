"""The demo: orders arrive over a real SFTP server and are answered, in front of the user."""

from pathlib import Path


def run(once: bool, directory: Path | None, seed: int) -> int:
    """Plays the demo and shows it; without `once`, on a terminal, the gateway then goes on until Ctrl-C.

    Returns 0 when everything expected is there and nothing else, else 1; 130 when it was interrupted.
    Raises `GatewayError` (`settings.house-exists`) when the folder is a used one.
    """
    from edi_gateway.demo.performance import run as perform  # noqa: PLC0415 - the server here is of use alone

    return perform(once, directory, seed)
