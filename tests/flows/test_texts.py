"""A text that a partner cannot take does not stop an order, where a row says what may be done with it."""

import json

import pytest

from edi_gateway.flows import desk
from tests.flows.stage import CONFIGURATION, Stage, envelope, order

ACCENTED = order(reference="V1").replace("REF*IA*V1~", "REF*IA*V1*Crème brûlée~")


def taught(stage: Stage, rows: str) -> None:
    """The partner's file says so."""
    folder = stage.directory / "mappings/partners/acme"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "partner.toml").write_text(rows, encoding="utf-8")


def test_a_free_text_is_sent_as_the_partner_takes_it_and_the_document_says_so(stage: Stage) -> None:
    taught(stage, '[text]\nunfit = "replace"\nupper_case = true\n')
    stage.known(partner_file="acme")
    stage.drop("order.edi", envelope(ACCENTED))
    stage.turn()
    assert "~REF*IA*V1*CREME BRULEE~" in stage.received("855")[0]
    ((findings,),) = stage.ask("SELECT findings FROM documents WHERE \"set\" = '855'")
    (remark,) = json.loads(findings)
    assert (remark["kind"], remark["severity"], remark["value"]) == ("mapping.text-changed", "warning", "Crème brûlée")
    assert remark["note"] == "references[0].description was 'Crème brûlée' and is sent as 'CREME BRULEE'"
    assert (stage.orders(), stage.issues()) == ([("PO-1", "accepted")], [])


def test_without_a_row_the_answer_is_refused_and_goes_once_the_row_is_there(stage: Stage) -> None:
    taught(stage, "")
    stage.known(partner_file="acme")
    stage.drop("order.edi", envelope(ACCENTED))
    stage.turn()
    assert (stage.received("855"), stage.issues()) == ([], ["document.cannot-say"])
    taught(stage, '[text]\nunfit = "cut"\n')
    stage.configure(CONFIGURATION)
    desk.retry(stage.house, stage.ask("SELECT id FROM issues WHERE state = 'open'")[0][0])
    stage.work()
    assert "~REF*IA*V1*Creme brulee~" in stage.received("855")[0]
    assert (stage.orders(), stage.issues()) == ([("PO-1", "accepted")], [])


@pytest.mark.parametrize(("characters", "copied"), [("extended", "*bb-2026~"), ("basic", "~")])
def test_an_acknowledgment_repeats_a_faulty_value_only_in_the_partners_characters(
    stage: Stage, characters: str, copied: str
) -> None:
    taught(stage, f'[text]\ncharacters = "{characters}"\n')
    stage.known(partner_file="acme")
    stage.drop("order.edi", envelope(order().replace("20260301", "bb-2026")))
    stage.turn()
    assert f"AK4*5*373*8{copied}" in stage.received("997")[0]


def test_a_partner_of_utf_8_gets_the_text_as_it_is(stage: Stage) -> None:
    taught(stage, '[text]\ncharacters = "utf-8"\n')
    stage.known(partner_file="acme")
    stage.drop("order.edi", envelope(ACCENTED))
    stage.turn()
    assert "~REF*IA*V1*Crème brûlée~" in stage.received("855")[0]
