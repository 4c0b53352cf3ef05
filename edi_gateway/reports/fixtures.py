"""The fixtures of a partner, read with their guide and compared with what stands beside them.

`fixtures/x12/README.md` tells what a fixture is.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import ndiff
from pathlib import PurePosixPath
from typing import Any

from edi_gateway import mapping, model
from edi_gateway.flows.guides import Direction, Guides
from edi_gateway.issues import Finding
from edi_gateway.ports import Shelf
from edi_gateway.reports.outline import Outline, golden, outline

FOLDER = "fixtures/x12/partners"
FINDINGS, EXPECTED = ".findings", ".expected.json"


@dataclass(frozen=True)
class Checked:
    """One file, and what is wrong with it: nothing, when it is read as it should be."""

    file: str
    faults: tuple[str, ...] = ()


def check(shelf: Shelf, guides: Guides, partner: str) -> Iterator[Checked]:
    """Every fixture of a partner, and every expectation that belongs to none."""
    files = tuple(_files(shelf, f"{FOLDER}/{partner}"))
    for file in files:
        if file.endswith(".edi"):
            yield Checked(file, tuple(_faults(shelf, guides, partner, file)))
        elif file.endswith((FINDINGS, EXPECTED)) and f"{_stem(file)}.edi" not in files:
            yield Checked(file, (f"there is no {PurePosixPath(_stem(file)).name}.edi beside it",))


def documents(found: Outline, guides: Guides, partner: str) -> Iterator[dict[str, Any]]:
    """What the sets that are not rejected say, as an `.expected.json` has it.

    Raises `ValueError` where one of them says nothing that can be taken.
    """
    for verdict in found.verdicts:
        if verdict.tree is not None:
            plan = guides.map(verdict.set, verdict.tree.definition.version, partner)
            noun, findings = mapping.to_canonical(verdict.tree, plan) if plan else (None, ())
            if noun is None:
                raise ValueError(_notes(findings) or f"there is no mapping of set {verdict.set}")
            yield {"type": model.name(noun), "control": verdict.control, "document": noun.as_json()}


def direction(file: str) -> Direction:
    """The folder of a set may say it, such as `855.out`; only a partner with two guides to a set needs that."""
    folders = PurePosixPath(file).parts
    return "in" if any(part.endswith(".in") for part in folders) else "out" if any(
        part.endswith(".out") for part in folders
    ) else ""


def _files(shelf: Shelf, folder: str) -> Iterator[str]:
    for name in shelf.names(folder):
        path = f"{folder}/{name}"
        if shelf.names(path):
            yield from _files(shelf, path)
        else:
            yield path


def _faults(shelf: Shelf, guides: Guides, partner: str, file: str) -> Iterator[str]:
    content = shelf.read(file)
    assert content is not None
    found = outline(content, guides, partner, direction(file))
    beside = shelf.read(f"{_stem(file)}{FINDINGS}")
    passes, fails = (name in PurePosixPath(file).parts for name in ("pass", "fail"))
    if not passes and not fails:
        yield "it lies neither in a folder `pass` nor in a folder `fail`"
    if passes and not found.accepted:
        yield f"it should be accepted: {_notes(found.findings) or 'it holds nothing that can be'}"
    if beside is not None:
        told = golden(beside.decode("utf-8", "replace"))
        yield from _differences("other findings than expected (-) are found (+)", told, found.lines)
    elif fails:
        lines = "\n".join(found.lines)
        yield f"nothing says what should be found; if this is right, write it to {_name(file)}{FINDINGS}:\n{lines}"
    elif found.accepted and found.findings:
        yield f"it is accepted with remarks that no {_name(file)}{FINDINGS} tells: {_notes(found.findings)}"
    expected = shelf.read(f"{_stem(file)}{EXPECTED}")
    if expected is not None:
        yield from _unlike(expected, found, guides, partner)


def _differences(what: str, wanted: list[str], found: list[str]) -> Iterator[str]:
    if wanted != found:
        lines = (line for line in ndiff(wanted, found) if not line.startswith("?"))
        yield "\n".join((f"{what}:", *lines))


def _unlike(expected: bytes, found: Outline, guides: Guides, partner: str) -> Iterator[str]:
    try:
        wanted = json.loads(expected)
    except ValueError as error:
        yield f"what is expected is no JSON: {error}"
        return
    try:
        said = list(documents(found, guides, partner))
    except ValueError as error:
        yield f"it is not understood: {error}"
        return
    rows = (json.dumps(rows, indent=1, sort_keys=True).splitlines() for rows in (wanted, said))
    yield from _differences("it says something else than expected (-), namely (+)", *rows)


def _notes(findings: Sequence[Finding]) -> str:
    return "; ".join(finding.note for finding in findings[:3])


def _stem(file: str) -> str:
    """The path without what follows the first dot of the name."""
    path = PurePosixPath(file)
    return str(path.with_name(path.name.partition(".")[0]))


def _name(file: str) -> str:
    return PurePosixPath(_stem(file)).name
