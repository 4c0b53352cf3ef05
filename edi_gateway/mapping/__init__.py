"""What documents mean: trees to nouns and back, by the rows of `mappings/`.

No Python here knows a transaction set. `load` gives the map of a set, `to_canonical` and
`from_canonical` are the two ways through it (`body` is the second for whoever sends the set),
`reference` reads a single place of a tree, and `sets_for` tells in which set a noun goes out.
"""

from edi_gateway.mapping.compile import Map, load, sets_for
from edi_gateway.mapping.fitting import TextRules
from edi_gateway.mapping.forms import Forms
from edi_gateway.mapping.reading import reference, reference_spot, to_canonical
from edi_gateway.mapping.writing import body, from_canonical

__all__ = [
    "Forms", "Map", "TextRules", "body", "from_canonical", "load", "reference", "reference_spot", "sets_for",
    "to_canonical",
]
