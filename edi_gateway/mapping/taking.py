"""The code that takes the fields out of a record, and what is then to be written of them."""

from collections.abc import Callable, Iterator

from edi_gateway.mapping import texts
from edi_gateway.mapping.foresight import Entry
from edi_gateway.mapping.plan import Fixed, Line, Sheet
from edi_gateway.mapping.rows import Count
from edi_gateway.mapping.wording import Said, odd


class Taking:
    """Takes records apart; `name` makes names for the function."""

    def __init__(self, name: Callable[..., str]) -> None:
        self.name = name

    def fields(self, sheet: Sheet, record: str, entries: list[Entry]) -> Iterator[str]:
        """Takes the fields out of a record, and lists what is to be written of them.

        Lists of levels, and what says under which an item stands, are left to `planting`.
        """
        rows = {line.key: line for line in sheet.lines}
        model = sheet.record.model
        elsewhere = {*sheet.levels, *(link.key for link in sheet.links), *sheet.record.leave_out}
        fields = self.name("fields")
        # Looking a field up here is several times as fast as asking a model for its attribute.
        yield f"{fields} = {record}.__dict__"
        for order, key in enumerate((*rows, *(key for key in model.model_fields if key not in rows))):
            if key in elsewhere:
                continue
            value, line = self.name(key), rows.get(key)
            yield f"{value} = {fields}[{key!r}]"
            many = line.record.many if isinstance(line, Sheet) else bool(line and line.row.shape.many)
            if line is None:
                yield f"if {value} is not None and {value} != ():"
                yield "    raise Unusual"
                continue
            required = model.model_fields[key].is_required()
            if required:
                yield f"if {value} is None or {value} == ():" if many else f"if {value} is None:"
                yield "    raise Unusual"
            said = "" if required else value if many else f"{value} is not None"
            if many:
                yield from self.ordered(line, value)
            assert isinstance(line, Sheet) or line.spots
            spot = line.spot
            assert spot is not None
            entries.append(Entry(order, line, spot, spot.hops, value, said))
            if isinstance(line, Line):
                entries += [
                    Entry(order, str(fixed.text), fixed.spot, fixed.spot.hops, "", said, line)
                    for fixed in (*line.when, *line.beside)
                ]
        for order, fixed in enumerate(sheet.always, len(model.model_fields) + len(rows)):
            entries.append(self.constant(order, fixed, fields))

    def constant(self, order: int, fixed: Fixed, fields: str) -> Entry:
        if not isinstance(fixed.text, Count):
            return Entry(order, fixed.text, fixed.spot, fixed.spot.hops, "", "")
        element = fixed.spot.element

        def said(count: int) -> str:
            return odd(count) if texts.fault(str(count), element) else str(count)

        name = self.name("count", Said(said))
        # The document's own level is none of those that are listed.
        counted = "len(levels) + 1" if fixed.text.of.isupper() else f"len({fields}[{fixed.text.of!r}])"
        return Entry(order, "", fixed.spot, fixed.spot.hops, f"{name}[{counted}]", "")

    def ordered(self, line: Line | Sheet, value: str) -> Iterator[str]:
        """Puts a list in the order of its codes."""
        by = line.told_by if isinstance(line, Sheet) else line if line.pairs and line.order else None
        if by is None:
            return
        key = by.key if isinstance(line, Sheet) else "kind"
        rank = self.name("rank", Said(by.rank))
        yield f"if len({value}) > 1:"
        yield f"    {value} = sorted({value}, key=lambda one: {rank}[one.{key} or ''])"
