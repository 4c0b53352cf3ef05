"""What each finding leads to, as a page: the table that every partner may overrule, row by row."""

import sys
from collections.abc import Iterator
from dataclasses import astuple, fields

from edi_gateway import issues
from edi_gateway.issues import Ack, Kind

_ACK_NAMES = {"segment": "AK304", "element": "AK403", "set": "AK502", "group": "AK905", "interchange": "TA105"}
_HEADING = """# What a finding leads to

This page is printed from the catalogue in `edi_gateway/issues/` by `make docs`. It lists every kind of finding that the
codec can make in a document, what it leads to, and the codes the partner is told.

| effect | in a set | in a group | around the groups |
|---|---|---|---|
| **R** | rejected: AK5 `R`, nothing of it is posted | rejected: AK9 `R`, nothing of it is posted | \
refused: TA1 `R` where one is agreed, no 997, nothing is posted, the bytes are kept |
| **E** | taken with errors: AK5 `E` | taken with errors: AK9 `E` | taken with errors: TA1 `E` where one is agreed |
| — | a remark: the partner is told nothing of it | a remark | a remark |

**Every row is a setting.** A partner's file overrules it, in either direction; an empty text makes it a remark:

```toml
# mappings/partners/acme/partner.toml
[verdicts]
"x12.code-unknown" = "R"            # no code but those we know
"envelope.byte-order-mark" = "R"    # files must be laid out strictly
"x12.total-differs" = ""            # their CTT01 is always wrong
```

Remarks never change a verdict. How the verdict on a group follows from its sets is no setting: `A` when all were
accepted, `E` when none was rejected but some have errors, `P` when some were rejected, `R` when none was taken.
"""


def page() -> str:
    """`docs/verdicts.md`: what the codec can find, as Markdown tables, a level after the other."""
    return _HEADING + "\n".join(_tables()) + "\n"


def findings() -> tuple[Kind, ...]:
    """The kinds that the codec finds in documents: those that can be weighed."""
    codec = (kind for kind in issues.catalogue() if kind.code.startswith(("x12.", "envelope.")))
    return tuple(kind for kind in codec if _weighed(kind))


def _weighed(kind: Kind) -> bool:
    """Errors without effect and code are ours, raised when we write; they are no findings."""
    return bool(kind.verdict) or kind.severity != "error" or kind.ack != issues.NO_ACK


def _tables() -> Iterator[str]:
    titles = {"x12": "In a transaction set", "envelope": "In a group, an interchange or a file"}
    for family, title in titles.items():
        yield from ("", f"## {title}", "", "| kind | what is wrong | effect | codes |", "|---|---|---|---|")
        rows = [kind for kind in findings() if kind.code.startswith(f"{family}.")]
        for kind in sorted(rows, key=lambda kind: ("RE-".index(kind.verdict or "-"), kind.code)):
            yield f"| `{kind.code}` | {kind.title} | {kind.verdict or '—'} | {_codes(kind.ack)} |"


def _codes(ack: Ack) -> str:
    levels = zip(fields(ack), astuple(ack), strict=True)
    return ", ".join(f"{_ACK_NAMES[level.name]} {code}" for level, code in levels if code) or "—"


if __name__ == "__main__":
    sys.stdout.write(page())
