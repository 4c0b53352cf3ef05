"""By which release a group is read, and what only the release's own rows could have judged."""

from collections.abc import Mapping
from typing import Any

import pytest

from edi_gateway.flows.guides import Guides
from edi_gateway.flows.reading import GroupReading
from edi_gateway.issues import catalogue
from edi_gateway.x12 import envelope
from edi_gateway.x12.read import Verdict
from edi_gateway.x12.verdicts import acknowledge
from tests.x12.generator import shelf
from tests.x12.workshop import codes, isa, text

GOOD = ("BEG*00*SA*1**20240229", "PO1*1*5*EA*2", "CTT*1")


class Partners:
    """The shelf with one partner more."""

    def __init__(self, files: Mapping[str, Mapping[str, Any]]) -> None:
        self._files = {f"mappings/partners/them/{name}": rows for name, rows in {"partner.toml": {}, **files}.items()}

    def rows(self, path: str) -> Mapping[str, Any] | None:
        return self._files[path] if path in self._files else shelf().rows(path)

    def names(self, folder: str) -> tuple[str, ...]:
        own = (path.rpartition("/") for path in self._files)
        return (*shelf().names(folder), *(name for where, _, name in own if where == folder))

    def __getattr__(self, name: str) -> Any:
        return getattr(shelf(), name)


def read(
    version: str, *body: str, set_id: str = "850", code: str = "PO",
    files: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[GroupReading, list[Verdict]]:
    """One group of one set, read by the rules of a partner with those files."""
    segments = [
        isa(), f"GS*{code}*ACME*US*20240229*1200*1*X*{version}", f"ST*{set_id}*0001", *body,
        f"SE*{len(body) + 2}*0001", "GE*1*1", "IEA*1*000000001",
    ]
    interchange = next(iter(envelope.read([text(segments)])))
    group = next(interchange.groups)
    reading = GroupReading(Guides(Partners(files or {})), group, "them")
    return reading, [verdict for _, verdict in reading]


@pytest.mark.parametrize(("version", "release"), [
    ("004010", "004010"), ("004010VICS", "004010"), ("005010", "005010"), ("005010X220A1", "005010"),
])
def test_a_release_there_are_rows_of_is_read_without_a_word_and_so_is_one_with_a_suffix(
    version: str, release: str
) -> None:
    reading, (verdict,) = read(version, *GOOD)
    assert (reading.release, reading.verdict.code, reading.group.findings, verdict.findings) == (release, "A", [], ())
    assert verdict.tree
    assert verdict.tree.definition.version == release


@pytest.mark.parametrize(("version", "release"), [
    ("004030", "004010"), ("004050VICS", "004010"), ("005030", "005010"), ("006020", "005010"), ("008010", "005010"),
])
def test_another_release_is_read_by_the_nearest_lower_one_with_one_warning(version: str, release: str) -> None:
    reading, (verdict,) = read(version, *GOOD)
    (remark,) = reading.group.findings
    assert (remark.kind, remark.severity, remark.verdict, codes(remark)) == (
        "envelope.release-not-exact", "warning", "", (None,) * 5
    )
    assert release in remark.note
    assert (reading.release, reading.verdict.code, verdict.outcome, verdict.findings) == (release, "A", "accepted", ())


@pytest.mark.parametrize("version", ["003040", "002001", "", "4010", "VICS", "000000", "0040", "../x12", "999999"])
def test_a_version_that_is_none_or_below_all_we_have_refuses_the_group(version: str) -> None:
    reading, (verdict,) = read(version, *GOOD)
    (refusal,) = reading.group.findings
    assert (refusal.kind, codes(refusal)[3], reading.verdict.code) == ("envelope.group-version-unknown", "2", "R")
    assert (reading.release, verdict.outcome) == ("004010", "rejected")
    body = acknowledge(reading.group, [verdict], reading.verdict)
    assert [segment[0] for segment in body] == ["AK1", "AK9"]


def test_a_partner_file_may_refuse_other_releases() -> None:
    files = {"partner.toml": {"receiving": {"other_releases": "refuse"}}}
    reading, _ = read("004030", *GOOD, files=files)
    (refusal,) = reading.group.findings
    assert refusal.kind == "envelope.group-version-unknown"
    assert (reading.verdict.codes, reading.release) == (("2",), "004010")
    reading, (verdict,) = read("004010VICS", *GOOD, files=files)
    assert (reading.group.findings, verdict.outcome) == ([], "accepted")


OF_RELEASE = [
    ("QQQ*1", "segment-unknown"), ("OTI*TA*BM*1", "segment-not-in-set"), ("N3*X", "segment-unexpected"),
    ("BEG*00*SA*2**20240229", "segment-too-many"), ("REF*IA", "condition-missing"), ("REF", "element-missing"),
    ("REF*IA*1******8", "elements-too-many"), ("FOB*CC*Q", "code-unknown"),
    ("REF*ZZZZ*1", "mandatory-too-long"), ("REF*IA*" + "1" * 60, "too-long"), ("REF*IA*A>B", "component-in-simple"),
]


@pytest.mark.parametrize(("segment", "kind"), OF_RELEASE)
def test_what_only_the_release_itself_could_judge_is_a_warning_whatever_is_agreed(segment: str, kind: str) -> None:
    body = [GOOD[0], segment, *GOOD[1:]]
    _, (own,) = read("004010", *body)
    assert f"x12.{kind}" in {each.kind for each in own.findings}
    assert own.outcome != "accepted"
    files = {"partner.toml": {"verdicts": {f"x12.{kind}": "R"}}}
    reading, (verdict,) = read("004030", *body, files=files)
    assert f"x12.{kind}" in {each.kind for each in verdict.findings}
    assert {(each.severity, each.verdict, codes(each)) for each in verdict.findings} == {("warning", "", (None,) * 5)}
    assert (verdict.outcome, reading.verdict.code) == ("accepted", "A")
    assert verdict.tree


def test_a_missing_segment_is_a_warning_and_the_tree_goes_on_without_it() -> None:
    _, (verdict,) = read("004030", *GOOD[1:])
    assert [(each.kind, each.severity) for each in verdict.findings] == [("x12.segment-missing", "warning")]
    assert verdict.tree
    assert [segment[0] for segment in verdict.tree.segments] == ["ST", "PO1", "CTT", "SE"]


@pytest.mark.parametrize(("line", "kind", "outcome"), [
    ("DTM*002*20240231", "date-invalid", "rejected"), ("PO1*2*x*EA", "not-a-number", "rejected"),
    ("REF*IA*\x01", "character", "rejected"),
])
def test_what_holds_in_any_release_is_judged_as_ever(line: str, kind: str, outcome: str) -> None:
    body = [GOOD[0], line, *GOOD[1:]] if not line.startswith("PO1") else [*GOOD[:2], line, "CTT*2"]
    _, (verdict,) = read("004030", *body)
    assert ([each.kind for each in verdict.findings], verdict.outcome) == ([f"x12.{kind}"], outcome)


def test_totals_and_trees_are_judged_as_ever() -> None:
    _, (verdict,) = read("004030", *GOOD[:2], "CTT*3")
    assert [each.kind for each in verdict.findings] == ["x12.total-differs"]
    assert verdict.outcome == "accepted_with_errors"
    levels = ("BSN*00*SH1*20240229*1200", "HL*1**S", "HL*2*9*O")
    _, (verdict,) = read("004030", *levels, set_id="856", code="SH")
    assert ([each.kind for each in verdict.findings], verdict.outcome) == (["x12.parent-unknown"], "rejected")


def test_what_the_partners_own_guide_demands_is_judged_as_ever() -> None:
    rows = {"segments": {"REF[IA]": {"use": "must"}}, "elements": {"BEG02": {"codes": ["DS"]}}}
    files = {"850.guide.toml": rows}
    _, (verdict,) = read("004030", *GOOD, files=files)
    assert {(each.kind, each.verdict) for each in verdict.findings} == {
        ("x12.agreed-segment-missing", "R"), ("x12.code-not-agreed", "R"),
    }


def test_the_kinds_that_depend_on_the_release_say_so_themselves() -> None:
    marked = {kind.code.removeprefix("x12.") for kind in catalogue() if kind.of_release}
    assert marked >= {kind for _, kind in OF_RELEASE} | {"segment-missing", "loop-too-many", "segment-misplaced"}
    assert not marked & {"segment-count", "control-differs", "total-differs", "date-invalid", "code-not-agreed",
                         "not-a-number", "character", "parent-unknown", "agreed-segment-missing", "set-not-in-group"}
    assert all(kind.code.startswith("x12.") for kind in catalogue() if kind.of_release)


def test_a_set_or_group_that_nobody_knows_is_named_by_its_own_code() -> None:
    reading, (verdict,) = read("004010", *GOOD, set_id="852")
    assert [(each.kind, codes(each)[2]) for each in verdict.findings] == [("x12.set-unknown", "1")]
    assert (reading.verdict.code, reading.group.findings) == ("R", [])
    for version in ("004010", "005010", "006020"):
        reading, _ = read(version, *GOOD, code="QQ")
        (refusal,) = reading.group.findings
        assert (refusal.kind, codes(refusal)[3]) == ("envelope.group-unknown", "1")
        assert reading.release == min(version, "005010")


def test_the_999_is_a_set_we_do_not_define_in_a_group_that_we_do() -> None:
    reading, (verdict,) = read("005010X231A1", "AK1*PO*1", "AK9*A*1*1*1", set_id="999", code="FA")
    assert [(each.kind, codes(each)[2]) for each in verdict.findings] == [("x12.set-unknown", "1")]
    assert (reading.release, reading.verdict.code) == ("005010", "R")
