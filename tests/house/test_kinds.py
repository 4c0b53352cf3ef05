"""The catalogue of issues: each kind says what to do, is documented, and is met in a test."""

import re
from collections import Counter
from pathlib import Path

from edi_gateway import discover, issues
from edi_gateway.issues import Kind
from edi_gateway.reports import kinds

NOT_YET_MET: frozenset[str] = frozenset()
"""Kinds that no test names yet. This list only ever shrinks."""


def test_codes_are_unique_and_begin_with_their_family() -> None:
    found = [
        (family, value.code)
        for family in discover.names(issues.__name__)
        for value in vars(discover.member(issues.__name__, family)).values() if isinstance(value, Kind)
    ]
    own = [code for family, code in found if code.partition(".")[0] == family]
    assert [code for code, count in Counter(own).items() if count > 1] == []
    assert {code for _, code in found} == set(own)


def test_a_code_finds_its_kind() -> None:
    assert [kind for kind in issues.catalogue() if issues.kind(kind.code) is not kind] == []


def test_codes_are_plain_words() -> None:
    plain = re.compile(r"[a-z0-9]+\.[a-z0-9]+(-[a-z0-9]+)*")
    assert [kind.code for kind in issues.catalogue() if not plain.fullmatch(kind.code)] == []


def test_resolutions_are_whole_sentences() -> None:
    sentence = re.compile(r"[A-Z`].*[^\s]\.", re.DOTALL)
    assert [kind.code for kind in issues.catalogue() if not sentence.fullmatch(kind.resolution)] == []


def test_titles_are_one_line_without_a_full_stop() -> None:
    assert [kind.code for kind in issues.catalogue() if not re.fullmatch(r"[A-Z0-9].*[^.\s]", kind.title)] == []


def test_the_page_is_what_the_catalogue_prints(root: Path) -> None:
    assert (root / "docs" / "issues.md").read_text(encoding="utf-8") == kinds.page(), "run `make docs`"


def test_every_kind_is_met_in_a_test(root: Path) -> None:
    met = "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in _tests(root))
    missing = {kind.code for kind in issues.catalogue() if not _names(kind, met)}
    assert missing - NOT_YET_MET == set()
    assert NOT_YET_MET - missing == set(), "these are met now: take them off the list"


def _tests(root: Path) -> list[Path]:
    here = Path(__file__).resolve()
    places = [*(root / "tests").rglob("*.py"), *(root / "fixtures").rglob("*.findings")]
    return [place for place in places if place.resolve() != here]


def _names(kind: Kind, text: str) -> bool:
    """Whether the text says the kind's code, or the constant of its family that holds it."""
    family, _, name = kind.code.partition(".")
    constant = name.replace("-", "_").upper()
    module = discover.member(issues.__name__, family)
    constants = [label for label, value in vars(module).items() if value is kind] or [constant]
    return kind.code in text or any(re.search(rf"\b{label}\b", text) for label in constants)
