"""X12 to XML: every interchange, group, set, loop, segment, element and component, so that nothing is lost.

`xml_reading.from_xml` is the mirror. Attributes tell what stands between the values: the separators, the line end,
and of a segment what follows it, where that is something else than the terminator and the line end.
"""

from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from edi_gateway.flows.reading import GroupReading, InterchangeReading
from edi_gateway.issues import Finding
from edi_gateway.issues import envelope as kinds
from edi_gateway.reports import xml_elements
from edi_gateway.reports.rules import Rules
from edi_gateway.reports.tapped import Tapped
from edi_gateway.reports.translation import Remark
from edi_gateway.reports.xml_elements import Sent, pieces, sent
from edi_gateway.reports.xml_loops import Step, steps
from edi_gateway.reports.xml_texts import VALUE_MAX, hidden
from edi_gateway.x12 import envelope
from edi_gateway.x12.envelope import Transaction
from edi_gateway.x12.header import NO_SEPARATOR
from edi_gateway.x12.read import Verdict
from edi_gateway.x12.tokens import BLANKS, LINE_ENDS, decode

HEAD, TAIL = b"<?xml version='1.0' encoding='UTF-8'?>\n<x12>\n", b"</x12>\n"
"""What stands around the interchanges."""

_HEADER_MAX = 4096
_BETWEEN_MAX = 1 << 16
_BETWEEN = f"{BLANKS}\x00\x1a\xef\xbb\xbf"
"""Blanks, fillers and the byte order mark: what may stand between interchanges without being lost."""

_UNREADABLE = (kinds.ELEMENT_SEPARATOR.code, kinds.SEGMENT_TERMINATOR.code)


def to_xml(chunks: Iterable[bytes], rules: Rules) -> Iterator[bytes | Remark]:
    """The interchanges of a file as XML, to stand between `HEAD` and `TAIL`, and remarks on what is wrong in them.

    No more than a set is held. Sets that are rejected stand there without loops. Left out, with a remark, is what
    belongs to no interchange or cannot be taken apart.
    """
    tapped = Tapped(chunks)
    reading = envelope.read(tapped)
    sheet, at = None, 0
    for read in rules.read(reading):
        interchange = read.interchange
        if sheet is not None:
            yield from sheet.finish(interchange.offset)
            at = interchange.offset
        readable = not any(finding.kind in _UNREADABLE for finding in interchange.findings)
        sheet = Sheet(read, tapped, at) if readable else None
        if sheet is not None:
            yield from sheet.begin()
        else:
            yield Remark(f"interchange {interchange.control}: it cannot be taken apart and is left out", "undone")
        for group in read:
            yield from sheet.group(group) if sheet is not None else ()
        at = interchange.offset
        yield from _remarks(f"interchange {interchange.control}", interchange.findings)
    if sheet is not None:
        yield from sheet.finish(tapped.length)
    yield from _remarks("outside of any interchange", reading.findings)


class Sheet:
    """One interchange as it is written. Everything before the byte offset `at` is written already."""

    def __init__(self, read: InterchangeReading, tapped: Tapped, at: int) -> None:
        self._interchange = read.interchange
        self._marks = read.interchange.separators
        self._tapped = tapped
        self._at = at
        self._open: list[str] = []
        self._usual = self._marks.segment
        self._before = ""
        self._wrapped = False
        self._cut = False

    def begin(self) -> Iterator[bytes]:
        """The interchange and its ISA."""
        interchange, marks = self._interchange, self._marks
        before = self._tapped.text(self._at, interchange.offset)
        self._before = before if not before.strip(_BETWEEN) else ""
        raw = self._tapped.text(interchange.offset, interchange.offset + _HEADER_MAX)
        body, length = self._header(raw)
        ends = raw[length + 1:]
        ends = ends[:len(ends) - len(ends.lstrip(LINE_ENDS))]
        line_end = ends if ends in ("\n", "\r\n", "\r") else ""
        self._usual = marks.segment + line_end
        component = None if marks.component == NO_SEPARATOR and not body.endswith(NO_SEPARATOR) else marks.component
        yield self._begun("interchange", {
            "control": interchange.control, "element": marks.element, "component": component,
            "repetition": marks.repetition, "segment": marks.segment, "line-end": line_end or None,
        })
        yield self._written(xml_elements.header(body, marks.element), marks.segment + ends)
        self._at = interchange.offset + length + 1 + len(ends)

    def _header(self, raw: str) -> tuple[str, int]:
        """The text of the ISA, as it was sent or, where its lines were wrapped, as it was read; its length as sent."""
        read = self._marks.element.join(("ISA", *self._interchange.isa))
        if raw.startswith(read + self._marks.segment):
            return read, len(read)
        usage = raw.split(self._marks.element, 15)[-1]
        length = raw.find(self._marks.segment, len(raw) - len(usage))
        self._wrapped = any(mark in raw[:length] for mark in LINE_ENDS)
        return read if self._wrapped else raw[:length], length

    def group(self, read: GroupReading) -> Iterator[bytes | Remark]:
        """A group and its sets; what stands behind the last set is written with what comes next."""
        group = read.group
        yield from self._flat(group.offset)
        yield from self._close("group")
        self._read(self._tapped.text(group.offset, group.offset + _HEADER_MAX), group.gs)
        yield self._begun("group", {"code": group.code, "control": group.control, "version": group.version})
        for transaction, verdict in read:
            yield from self._flat(transaction.offset(1))
            yield from self._set(transaction, verdict)
            name = f"set {verdict.set} {verdict.control} of group {group.control}"
            yield from _remarks(name, verdict.findings)
            if verdict.outcome == "rejected":
                yield Remark(f"{name}: rejected, written without loops")
            if not transaction.whole:
                self._cut = True
                yield Remark(f"{name}: only its first {len(transaction.segments)} segments are written", "undone")
        yield from _remarks(f"group {group.control}", group.findings)

    def finish(self, until: int) -> Iterator[bytes]:
        """What stands behind the last set or group, up to there, and the end of the interchange."""
        yield from self._flat(until)
        yield from self._close("group")
        for finding in self._interchange.findings:
            if finding.severity == "repair":
                node = etree.Element("repair", kind=finding.kind)
                node.text = finding.note
                yield self._indented(etree.tostring(node))
        yield from self._close("interchange")

    def _flat(self, until: int) -> Iterator[bytes]:
        """The segments outside of sets from where writing stands up to there; GE and IEA end what they end."""
        text = self._tapped.text(self._at, until)
        self._at = until
        self._tapped.forget(until)
        found = list(pieces(text, self._marks))
        self._before += text[:found[0][0]] if found else text
        for start, piece in found:
            body, end = self._sent(piece)
            id = body.split(self._marks.element, 1)[0]
            if self._cut or len(body) > VALUE_MAX:
                self._cut = self._cut and id != "SE"
                continue
            if id == "IEA":
                yield from self._close("group")
                end = end if self._wrapped else _between(text[start + len(body):], self._marks.segment)
            yield self._written(xml_elements.segment(body, self._marks), end)
            if id == "GE":
                yield from self._close("group")
            elif id == "IEA":
                return

    def _sent(self, piece: str) -> Sent:
        """A segment outside of sets; in wrapped lines its line ends are none of its text."""
        found = sent(piece, self._marks)
        return Sent(_joined(found.body), self._usual) if self._wrapped else found

    def _set(self, transaction: Transaction, verdict: Verdict) -> Iterator[bytes]:
        attributes: dict[str, str | None] = {"id": verdict.set, "control": verdict.control}
        if verdict.tree is not None:
            attributes["name"] = verdict.tree.definition.name
        yield self._begun("set", {**attributes, "outcome": verdict.outcome})
        rows = transaction.segments
        offsets = [transaction.offset(position) for position in range(1, len(rows) + 2)]
        text = self._tapped.text(offsets[0], offsets[-1])
        for index, step in enumerate(steps(verdict, len(rows))):
            yield from self._step(step)
            piece = text[offsets[index] - offsets[0]:offsets[index + 1] - offsets[0]]
            body, end = self._read(piece, rows[index])
            elements = step.place.segment.elements if step.place else ()
            yield self._written(xml_elements.segment(body, self._marks, elements), end)
        yield from self._close("set")
        self._at = offsets[-1]

    def _step(self, step: Step) -> Iterator[bytes]:
        for _ in range(step.closed):
            yield self._ended()
        for path in step.opened:
            yield self._begun("loop", {"path": path})

    def _read(self, piece: str, row: list[str]) -> Sent:
        """A segment of a set: as it was sent, if that is what was read, else without the line ends in wrapped lines."""
        found = sent(piece, self._marks)
        self._wrapped = self._wrapped or not self._agrees(found.body, row)
        if not self._wrapped:
            return found
        body = _joined(found.body)
        if not self._agrees(body, row):
            body = self._marks.element.join(row).encode("utf-8", "replace").decode("latin-1")
        return Sent(body, self._usual)

    def _agrees(self, body: str, row: list[str]) -> bool:
        values = body.split(self._marks.element)
        if not body.isascii():
            values = [value if value.isascii() else decode(value, self._marks) for value in values]
        return values == row

    def _begun(self, name: str, attributes: Mapping[str, str | None]) -> bytes:
        node = etree.Element(name)
        for key, text in attributes.items():
            if text is not None:
                node.set(key, hidden(text) if key != "name" else text)
        line = self._indented(etree.tostring(node, encoding="UTF-8").removesuffix(b"/>") + b">")
        self._open.append(name)
        return line

    def _written(self, node: etree._Element, end: str) -> bytes:
        if self._before and not self._wrapped:
            node.set("before", hidden(self._before[:_BETWEEN_MAX]))
        self._before = ""
        if end != self._usual:
            node.set("end", hidden(end))
        return self._indented(etree.tostring(node, encoding="UTF-8"))

    def _ended(self) -> bytes:
        return self._indented(f"</{self._open.pop()}>".encode())

    def _close(self, name: str) -> Iterator[bytes]:
        """Ends what is open down to that, if it is."""
        while name in self._open:
            yield self._ended()

    def _indented(self, line: bytes) -> bytes:
        return b"  " * (len(self._open) + 1) + line + b"\n"


def _joined(text: str) -> str:
    return "".join(mark for mark in text if mark not in LINE_ENDS)


def _between(text: str, terminator: str) -> str:
    """What stands between an interchange and the next, as far as it tells nothing."""
    return text[:len(text) - len(text.lstrip(terminator + _BETWEEN))][:_BETWEEN_MAX]


def _remarks(name: str, findings: Iterable[Finding]) -> Iterator[Remark]:
    for finding in findings:
        at = "" if finding.position is None else f"segment {finding.position}: "
        if finding.severity != "warning":
            yield Remark(f"{name}: {at}{finding.note}", "fault" if finding.severity == "error" else "none")
