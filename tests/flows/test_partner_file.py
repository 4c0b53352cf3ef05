"""How a partner speaks."""

import pytest

from edi_gateway.flows.guides import Guides
from edi_gateway.flows.partner_file import parse
from edi_gateway.issues import GatewayError
from edi_gateway.store.shelf import DataShelf


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ({"separator": {}}, "separator: "),
        ({"separators": {"element": "**"}}, "separators.element: "),
        ({"separators": {"element": "A"}}, "separators.element: "),
        ({"envelope": {"group_control_digits": "9"}}, "envelope.group_control_digits: "),
        ({"envelope": {"set_control_digits": 10}}, "envelope.set_control_digits: "),
        ({"envelope": {"version": "4010"}}, "envelope.version: "),
        ({"verdicts": {"x12.code-unknow": "R"}}, "verdicts.x12.code-unknow"),
        ({"verdicts": {"x12.code-unknown": "A"}}, "verdicts.x12.code-unknown"),
        ({"files": {"name": "{sets}.x12"}}, "files.name: sets is none of icn, set, SetName, company"),
        ({"files": {"name": "{icn"}}, "files.name: "),
        ({"files": {"name": "../{icn}.x12"}}, "files.name: "),
        ({"files": {"name": "out.x12"}}, "files.name: without {icn} two files would have one name"),
    ],
    ids=str,
)
def test_a_row_that_cannot_be_right_is_refused_with_its_name(rows: dict[str, object], row: str) -> None:
    with pytest.raises(GatewayError) as raised:
        parse("mappings/partners/acme/partner.toml", rows)
    assert raised.value.kind.code == "mapping.partner-wrong"
    assert raised.value.note.startswith(f"mappings/partners/acme/partner.toml: {row}")


def test_every_partner_that_comes_with_the_gateway_can_be_used(shelf: DataShelf) -> None:
    guides = Guides(shelf)
    for partner in ("", *shelf.names("mappings/partners")):
        guides.check(partner)
