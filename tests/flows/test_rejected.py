"""A partner's rejection of a document of ours, told in words beside what we had sent."""

from pathlib import Path

import pytest

from tests.flows.stage import Stage, envelope, order

PO1 = "PO1*1*3*EA*4.5**UP*700000000001"
"""The third segment of the 855 that answers the order of the stage."""


def rejection(*faults: str, codes: str = "*5", group_codes: str = "") -> str:
    """The partner's 997 that rejects our 855."""
    body = ["AK1*PR*1", "AK2*855*0001", *faults, f"AK5*R{codes}", f"AK9*R*1*1*0{group_codes}"]
    return "~".join(["ST*997*0001", *body, f"SE*{len(body) + 2}*0001"]) + "~"


def note(stage: Stage, said: str) -> str:
    """What the issue says of an 855 that was rejected so."""
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn()
    stage.drop("ack.edi", envelope(said, icn=2, code="FA"))
    stage.turn()
    assert stage.issues() == ["trade.document-rejected"]
    ((found, number, document),) = stage.ask('SELECT note, "order", document_id FROM issues')
    assert (number, document) == ("PO-1", stage.ask("SELECT id FROM documents WHERE \"set\" = '855'")[0][0])
    return str(found)


@pytest.mark.parametrize(("faults", "told"), [
    (
        ["AK3*PO1*3**8", "AK4*4*212*6*4.5"],
        f"segment 3, {PO1}: elements at fault (code 8); PO104 (Unit price), sent as '4.5': wrong character (code 6)",
    ),
    (
        ["AK3*BAK*2**8", "AK4*4*373*8*20260399"],
        "BAK04 (Order date), sent as '20260301', read as '20260399': wrong date (code 8)",
    ),
    (["AK3*BAK*2**8", "AK4*5*328*1"], "BAK05 (Release), not sent: mandatory element missing (code 1)"),
    (
        ["AK3*REF*3**3"],
        f"segment 3, which they call REF and which is {PO1}: mandatory segment missing (code 3)",
    ),
    (["AK3*REF*3**8", "AK4*2*127*7*X"], "REF02 (Reference), read as 'X': unknown code (code 7)"),
    (["AK3*CTT*99**2"], "segment 99, which they call CTT and which is none of ours: unexpected segment (code 2)"),
    (["AK3*PO1*3**8", "AK4*40**M"], "PO140, not sent: code M"),
    (["AK3*PO1*3"], f"segment 3, {PO1}: no code given"),
], ids=str)
def test_a_rejection_tells_each_code_in_words_on_our_own_segment(stage: Stage, faults: list[str], told: str) -> None:
    found = note(stage, rejection(*faults))
    assert found.startswith("855 0001 for order PO-1: the document: segments at fault (code 5); segment ")
    assert told in found


def test_codes_against_the_document_and_its_group_are_told_in_words(stage: Stage) -> None:
    found = note(stage, rejection(codes="*3*77", group_codes="*5"))
    assert found == (
        "855 0001 for order PO-1: the group: count of sets differs (code 5); "
        "the document: control number differs in the trailer (code 3); the document: code 77"
    )


def test_a_rejection_without_codes_says_so(stage: Stage) -> None:
    assert note(stage, rejection(codes="")) == "855 0001 for order PO-1: the partner's codes: none given"


def test_a_rejection_is_told_in_the_separators_that_it_went_out_in(stage: Stage) -> None:
    folder = stage.directory / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text('[separators]\nelement = "|"\n', encoding="utf-8")
    stage.known(partner_file="acme")
    assert "segment 3, PO1|1|3|EA|4.5||UP|700000000001: " in note(stage, rejection("AK3*PO1*3**8"))


def test_a_very_long_rejection_is_cut_and_says_so(stage: Stage) -> None:
    found = note(stage, rejection(*["AK3*PO1*3**8"] * 25))
    assert found.count("segment 3, ") == 20
    assert found.endswith("; and 5 more segments")


def test_a_rejection_counts_even_when_our_bytes_are_lost(stage: Stage) -> None:
    stage.known()
    stage.drop("order.edi", envelope(order()))
    stage.turn()
    ((digest,),) = stage.ask("SELECT digest FROM parcels WHERE name LIKE '%855%'")
    (lost,) = (path for path in Path(stage.directory).rglob(digest))
    lost.unlink()
    stage.drop("ack.edi", envelope(rejection("AK3*PO1*3**8"), icn=2, code="FA"))
    stage.turn()
    assert ("out", "855", "rejected") in stage.documents()
    ((found,),) = stage.ask("SELECT note FROM issues")
    assert "segment PO1 at 3 code 8; what we sent cannot be shown: " in found
