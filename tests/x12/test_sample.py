"""The sample of a guide is valid by that guide, for every set and partner, and always the same."""

from typing import Any

import pytest

from edi_gateway.flows.guides import Guides
from edi_gateway.x12 import envelope
from edi_gateway.x12.compile import Table
from edi_gateway.x12.read import Verdict, read
from edi_gateway.x12.sample import sample, written
from tests.x12.generator import defined, shelf
from tests.x12.test_guides import MUST, PAGE, UNUSED, by
from tests.x12.workshop import judge, table

PARTNERS = [name for name in shelf().names("mappings/partners") if "." not in name]


def judged(of: Table) -> Verdict:
    (verdict,) = (
        read(one, of) for each in envelope.read([written(of)]) for group in each.groups for one in group.transactions
    )
    return verdict


@pytest.mark.parametrize(("set_id", "version"), defined())
@pytest.mark.parametrize("partner", ["", *PARTNERS])
def test_the_sample_of_every_set_and_partner_has_no_findings(set_id: str, version: str, partner: str) -> None:
    of = Guides(shelf()).table(set_id, version, partner)
    assert of is not None
    assert judged(of).findings == ()
    assert sample(of) == sample(of)


GUIDES = [
    by({"REF[DP]": MUST, "REF[VR]": MUST, "N1[ST]/N3": MUST, "N1[ST]": MUST, "LIN/SUB": MUST}),
    by({"N1[BT]": {"repeat": 1}}, {"N1[BT]/N104": MUST, "N1[BT]02": {"codes": ["SHOP"]}, "BGN04": MUST}),
    by({"REP": UNUSED, "N1": {"after": "BGN", "use": "must", **PAGE}}, {"BGN01": {"codes_add": ["ZZ"], **PAGE}}),
    by(None, {"BGN02": {"length": [6, 6]}, "REF04": MUST, "REF[IA]02": {"length": [9, 9]}}),
    by(None, None, {"when": "BGN01 is 00", "then": "REF[DP] must be there"}, {"then": "REF[DP]02 is D1, D2"},
       {"in": "LIN", "then": "LIN02 must be there"}, {"then": "N1[ST]02 equals BGN02"}, {"then": "BGN01 is not 00"}),
]


@pytest.mark.parametrize("guide", GUIDES)
def test_a_sample_fulfils_the_rows_and_rules_of_its_guide(guide: dict[str, Any]) -> None:
    of = table(guide)
    rows = sample(of)
    assert judge(*("*".join(row) for row in rows[1:-1]), by=of).findings == ()


def test_a_sample_has_one_of_each_qualifier_that_the_guide_speaks_of() -> None:
    rows = sample(table(GUIDES[0]))
    assert [row[1] for row in rows if row[0] == "REF"] == ["DP", "VR"]


def test_a_guide_that_contradicts_itself_has_no_sample() -> None:
    guide = by(None, None, {"then": "REF must be there"}, {"then": "REF must not be there"})
    with pytest.raises(ValueError, match="fulfils all rules"):
        sample(table(guide))
