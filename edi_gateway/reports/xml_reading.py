"""XML back to X12: the mirror of `xml_view.to_xml`, byte by byte.

What counts are the segments, and of an interchange its separators and its line end. The other attributes only repeat
what segments say.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, cast

from lxml import etree

from edi_gateway.issues import command
from edi_gateway.reports.xml_rows import Row, WrongError, separators

_PIECE_BYTES = 1 << 16
_INSIDE = {"interchange": "x12", "group": "interchange", "set": "group", "repair": "interchange"}
_CONTAINERS = frozenset({"interchange", "group", "set", "loop"})


def is_xml(beginning: bytes) -> bool:
    """Whether a file that begins so may be XML: it is told by its first character."""
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith(b"<") or beginning.startswith((b"\xff\xfe", b"\xfe\xff"))


def from_xml(chunks: Iterable[bytes], spool: IO[bytes]) -> Iterator[bytes]:
    """The bytes of each interchange, a piece at a time, once it is known to be whole; until then they are on the spool.

    Raises `GatewayError` (`command.xml-faulty`) for what is not such a view. A document type is refused, so that there
    are no entities but those of XML itself, and nothing is fetched.
    """
    target = _Target()
    parser: etree.XMLParser = etree.XMLParser(
        target=cast(Any, target), resolve_entities=cast(Any, "internal"), load_dtd=False, no_network=True,
        huge_tree=False,
    )
    try:
        for chunk in chunks:
            for at in range(0, len(chunk), _PIECE_BYTES):
                parser.feed(chunk[at:at + _PIECE_BYTES])
                yield from _finished(target, spool)
        parser.close()
    except (etree.XMLSyntaxError, WrongError) as error:
        yield from _finished(target, spool)
        raise command.XML_FAULTY.error(f"{target.place}{error}") from error


def _finished(target: "_Target", spool: IO[bytes]) -> Iterator[bytes]:
    for finished in target.finished:
        spool.write(finished)
        spool.seek(0)
        yield from spool
        spool.seek(0)
        spool.truncate()
    target.finished.clear()
    spool.write(target.begun)
    target.begun.clear()


class _Target:
    """What the parser tells of a view, as the bytes of its interchanges: `finished` ones, and one that is `begun`."""

    def __init__(self) -> None:
        self.finished: list[bytes] = []
        self.begun = bytearray()
        self._open: list[str] = []
        self._interchanges = self._segments = 0
        self._row: Row | None = None

    @property
    def place(self) -> str:
        """Where in the view reading stands, for a sentence."""
        if not self._interchanges:
            return ""
        name = f" ({self._row.id})" if self._row else ""
        return f"interchange {self._interchanges}, segment {self._segments}{name}: "

    def doctype(self, *_: object) -> None:
        """Is told before anything of it is read."""
        raise WrongError("a document type is not read: it might hold entities")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if self._row is not None:
            self._row.start(tag, attributes)
        elif tag in _CONTAINERS or not self._open or tag == "repair":
            self._begin(tag, attributes)
        elif "interchange" not in self._open or self._open[-1] == "repair":
            raise WrongError(f"{tag} stands outside of any interchange")
        else:
            self._segments += 1
            self._row = Row(self._marks, self._usual, tag, attributes)

    def data(self, text: str) -> None:
        """A piece of text."""
        if self._row is not None:
            self._row.data(text)
        elif text.strip() and self._open[-1:] != ["repair"]:
            raise WrongError(f"the text {text.strip()[:40]!r} stands outside of any element of a segment")

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._row is None:
            self._open.pop()
            if tag == "interchange":
                self.finished.append(bytes(self.begun))
                self.begun.clear()
        elif self._row.end():
            self.begun += self._row.content
            self._row = None

    def close(self) -> None:
        """The view ends."""

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        around = self._open[-1] if self._open else ""
        allowed = around in ("set", "loop") if tag == "loop" else around == _INSIDE.get(tag, "")
        if not allowed or (not self._open and tag != "x12"):
            raise WrongError(f"{tag} stands in {around}" if around else f"the view begins with {tag}, not with x12")
        if tag == "interchange":
            self._interchanges += 1
            self._segments = 0
            self._marks, line_end = separators(attributes)
            self._usual = self._marks.segment + line_end
        self._open.append(tag)
