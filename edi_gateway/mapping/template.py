"""One segment while the code that writes it is made: what stands in its elements, and the code of its text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from edi_gateway.mapping.plan import Line
from edi_gateway.x12.spec import Place

_NEVER_WITHIN = '"\\#{}\n'
"""What an expression within a text with braces may not hold: it gets a variable of its own."""


@dataclass(slots=True)
class Template:
    """A segment: its variable, `mark` between its elements, and the texts that it always has.

    `said` are the expressions of the elements, by position; `asked` those that are to be variables.
    """

    row: str
    place: Place
    mark: str
    sure: dict[int, str] = field(default_factory=dict)
    open: dict[int, Line | None] = field(default_factory=dict)
    pairs: Line | None = None
    whole: set[int] = field(default_factory=set)
    """Elements that say something wherever the segment stands."""
    said: dict[int, str] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)

    def text(self, position: int) -> str:
        """The expression by which the function asks for the text of an element."""
        if position in self.sure:
            return repr(self.sure[position])
        if position in self.said:
            self.asked.add(position)
            return f"{self.row}_{position}"
        padded = f"{self.row} + {self.mark * position!r}"
        return f"({padded}).split({self.mark!r}, {position + 1})[{position}]" if self.pairs else "''"

    @property
    def certain(self) -> set[int]:
        """The elements that surely say something."""
        return self.whole | set(self.sure)

    @property
    def last(self) -> int:
        """The position of the last element, those of pairs left out."""
        return self.pairs.pairs[0] - 1 if self.pairs else max(self.said, default=0)

    def variables(self) -> Iterator[str]:
        """The code that makes the texts of elements which are asked for."""
        odd = {at for at, text in self.said.items() if at not in self.sure and {*text} & {*_NEVER_WITHIN}}
        self.asked |= odd
        for at in sorted(self.asked):
            yield f"{self.row}_{at} = {self.said[at]}"

    def whole_text(self) -> str:
        """The expression of the segment's text, with all the elements that it may have."""
        pieces = [_literal(self.place.segment.id)]
        for at in range(1, self.last + 1):
            pieces.append(_literal(self.mark))
            if at in self.sure:
                pieces.append(_literal(self.sure[at]))
            elif at in self.said:
                pieces.append(f"{{{self.row}_{at}}}" if at in self.asked else f"{{{self.said[at]}}}")
        return quoted("".join(pieces))


def quoted(pieces: str) -> str:
    """A text with braces as an expression; expressions in it must be free of quotation marks and backslashes."""
    return f'f"{pieces}"' if "{" in pieces else f'"{pieces}"'


def joined(mark: str, expressions: Sequence[str]) -> str:
    """The expression of some texts, each behind a separator."""
    return quoted("".join(f"{_literal(mark)}{{{one}}}" for one in expressions))


def _literal(text: str) -> str:
    escaped = text.encode("unicode_escape").decode("ascii").replace('"', '\\"')
    return escaped.replace("{", "{{").replace("}", "}}")
