"""The canonical nouns: what partners tell each other, with no X12 word in it.

One file per noun, named as the noun; `noun("order_response")` is the class `OrderResponse`.
"""

import re

from edi_gateway import discover
from edi_gateway.model._parts import Noun


def noun(name: str) -> type[Noun]:
    """The class of a noun by its name, such as `order_response`. Raises `discover.ShelfError`."""
    module = discover.member(__name__, name)
    found: type[Noun] = getattr(module, "".join(part.capitalize() for part in name.split("_")))
    return found


def name(noun: Noun) -> str:
    """The name of a noun's kind, such as `order_response`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(noun).__name__).lower()


__all__ = ["Noun", "name", "noun"]
