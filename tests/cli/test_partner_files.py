"""The files of a partner: begun from the template, and checked with their fixtures."""

import shutil
from pathlib import Path

import pytest

from edi_gateway.flows.guides import Guides
from edi_gateway.issues import command, mapping
from edi_gateway.reports.outline import outline
from edi_gateway.store.shelf import DataShelf
from tests.cli.program import add_acme, run
from tests.flows.stage import envelope, order


def fixture(house: Path, name: str, content: str) -> Path:
    """A file among the fixtures of the partner acme."""
    file = house / "fixtures/x12/partners/acme/850" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, "utf-8")
    return file


@pytest.fixture
def acme(house: Path) -> Path:
    """A house where the partner acme has the template's files."""
    assert run("partner", "new", "acme", "--dir", house).code == 0
    return house


def test_a_new_partner_begins_with_the_template_which_can_be_used_as_it_stands(acme: Path, root: Path) -> None:
    template = root / "mappings/partners/_template"
    written = {file.name: file.read_bytes() for file in (acme / "mappings/partners/acme").iterdir()}
    assert written == {file.name: file.read_bytes() for file in template.iterdir()}
    said = run("partner", "check", "acme", "--dir", acme)
    assert (said.code, said.err) == (0, "")
    assert "no fixtures yet" in said.out
    assert add_acme(acme, "--guide", "acme").code == 0


@pytest.mark.parametrize("name", ["acme", "northbarn"])
def test_a_partner_who_has_files_is_not_begun_anew(acme: Path, name: str) -> None:
    (acme / "mappings/partners/acme/partner.toml").write_text('name = "Mine"\n', "utf-8")
    said = run("partner", "new", name, "--dir", acme)
    assert (said.code, said.err.startswith(command.PARTNER_EXISTS.title)) == (2, True)
    assert (acme / "mappings/partners/acme/partner.toml").read_text("utf-8") == 'name = "Mine"\n'


@pytest.mark.parametrize("name", ["../acme", "ACME", "", "a b", "-x"])
def test_a_name_that_is_no_folder_is_refused(house: Path, name: str) -> None:
    said = run("partner", "new", "--dir", house, "--", name)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert not (house / "mappings").exists()


def test_fixtures_are_read_by_the_partners_files_and_compared_with_what_stands_beside_them(acme: Path) -> None:
    (acme / "mappings/partners/acme/850.guide.toml").write_text('[elements]\nPO103 = { codes = ["CA"] }\n', "utf-8")
    good = envelope(order()).replace("*EA*", "*CA*")
    fixture(acme, "pass/by-the-case.edi", good)
    fixture(acme, "fail/by-the-piece.edi", envelope(order()))
    said = run("partner", "check", "acme", "--dir", acme)
    assert said.code == 1
    assert "right  acme/850/pass/by-the-case.edi" in said.out
    assert "write it to by-the-piece.findings" in said.out
    told = said.out.partition("by-the-piece.findings:\n")[2].partition("right ")[0].splitlines()
    fixture(acme, "fail/by-the-piece.findings", "\n".join(line.removeprefix(" " * 7) for line in told))
    assert run("partner", "check", "acme", "--dir", acme).code == 0
    add_acme(acme, "--guide", "acme")
    assert [row["faults"] for row in run("partner", "check", "acme", "--json", "--dir", acme).rows] == [[], []]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("pass/bad.edi", envelope(order()).replace("20260301~", "20261301~"), "it should be accepted"),
        ("fail/good.findings", "file\n", "there is no good.edi beside it"),
        ("good.edi", envelope(order()), "neither in a folder"),
        ("pass/good.expected.json", "[]", "it says something else"),
        ("pass/good.expected.json", "[", "is no JSON"),
        ("pass/good.findings", "interchange 000000001 rejected\n", "other findings"),
    ],
)
def test_what_is_wrong_with_a_fixture_is_told(acme: Path, name: str, content: str, says: str) -> None:
    fixture(acme, "pass/good.edi", envelope(order()))
    fixture(acme, name, content)
    said = run("partner", "check", "acme", "--dir", acme)
    assert (said.code, says in said.out) == (1, True), said.out


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("partner.toml", "[separators]\nelement = 7\n", mapping.PARTNER_WRONG),
        ("85O.guide.toml", '[segments]\nBEG = { use = "must" }\n', mapping.PARTNER_WRONG),
        ("850.guides.toml", '[segments]\nBEG = { use = "must" }\n', mapping.PARTNER_WRONG),
        ("codes.toml", "[reference.write]\nvendor_number = 7\n", mapping.MAP_WRONG),
        ("855.map.toml", '[fields]\nnumber = "ZZZ99"\n', mapping.MAP_WRONG),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_one_line(acme: Path, name: str, content: str, kind: object) -> None:
    (acme / "mappings/partners/acme" / name).write_text(content, "utf-8")
    said = run("partner", "check", "acme", "--dir", acme)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert said.err.startswith(getattr(kind, "title"))  # noqa: B009 - a kind has one
    assert name in said.err


def test_the_partners_that_come_with_the_gateway_are_checked_without_a_house(tmp_path: Path) -> None:
    said = run("partner", "check", "northbarn", "--json", "--dir", tmp_path)
    assert (said.code, [row["faults"] for row in said.rows]) == (0, [[], [], []])


def test_a_partner_of_the_house_is_laid_over_ours(house: Path, root: Path) -> None:
    shutil.copytree(root / "mappings/partners/northbarn", house / "mappings/partners/northbarn")
    (house / "mappings/partners/northbarn/850.guide.toml").write_text("", "utf-8")
    assert run("partner", "check", "northbarn", "--dir", house).code == 1


def test_guides_are_told_in_words_with_a_sample_that_is_valid(house: Path) -> None:
    said = run("partner", "check", "willowgate", "--markdown", "--dir", house)
    assert (said.code, said.err) == (0, "")
    assert "| N1[ST] | Party | must be there | once | p. 9 |\n" in said.out
    assert "| PO1/SDQ | Quantities by store | not used |  | p. 12 |\n" in said.out
    assert "- N1[ST]/N404 is US where TD512 is ND (p. 9)\n" in said.out
    samples = [sample.partition("```")[0] for sample in said.out.split("```text\n")[1:]]
    rules = Guides(DataShelf())
    assert [outline(sample.encode(), rules, "willowgate").findings for sample in samples] == [[]] * 4
    page = house / "guide.html"
    assert run("partner", "check", "willowgate", "--html", "--output", page, "--dir", house).code == 0
    assert "<td>N1[ST]</td>" in page.read_text("utf-8")
    assert "http" not in page.read_text("utf-8")
    assert run("partner", "check", "willowgate", "--output", page, "--dir", house).code == 2


def test_a_page_of_no_guides_says_so(tmp_path: Path) -> None:
    assert "no guide to any set" in run("partner", "check", "tallow-web", "--html", "--dir", tmp_path).out


def test_a_guide_is_proposed_from_files_and_nothing_is_written(house: Path, root: Path) -> None:
    sample = root / "fixtures/x12/partners/northbarn/850/pass/depot-order-with-release.edi"
    before = sorted(house.rglob("*"))
    said = run("partner", "learn", sample, "--set", "850", "--dir", house)
    assert (said.code, said.err) == (0, "")
    assert "in 1 of 1" in said.out
    told = run("partner", "learn", sample, "--set", "850", "--json", "--dir", house).rows
    assert (told[0]["documents"], any(row["sure"] for row in told[0]["rows"])) == (1, False)
    assert run("partner", "learn", sample, "--set", "856", "--dir", house).code == 1
    assert sorted(house.rglob("*")) == before
