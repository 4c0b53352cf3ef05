"""The table of verdicts: printed, complete, and every row of it a setting."""

from pathlib import Path

import pytest

from edi_gateway.flows.partner_file import parse
from edi_gateway.issues import Kind
from edi_gateway.reports import verdict_table
from edi_gateway.x12.settling import settle


def test_the_page_is_what_the_catalogue_prints(root: Path) -> None:
    assert (root / "docs" / "verdicts.md").read_text(encoding="utf-8") == verdict_table.page(), "run `make docs`"


@pytest.mark.parametrize("kind", verdict_table.findings(), ids=lambda kind: kind.code)
def test_every_row_is_a_setting_in_either_direction(kind: Kind) -> None:
    for effect in ("R", "E", ""):
        partner = parse("partner.toml", {"verdicts": {kind.code: effect}})
        (finding,) = settle([kind.finding("a note")], partner.verdicts)
        assert finding.verdict == effect
        assert (finding.severity == "error") == bool(effect) or finding.severity == kind.severity == "repair"


@pytest.mark.parametrize("kind", verdict_table.findings(), ids=lambda kind: kind.code)
def test_remarks_never_change_a_verdict(kind: Kind) -> None:
    assert (kind.severity == "error") == bool(kind.verdict), "an effect makes an error, and an error has an effect"
