"""A file as an outline: names, loops, findings at their place; in the terminal and as a page."""

import io
import json
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from edi_gateway.cli import _drawn
from edi_gateway.cli._rules import rules
from edi_gateway.reports import page, page_style
from edi_gateway.reports.drawing import draw
from edi_gateway.reports.spoken import readable
from edi_gateway.x12 import envelope as envelopes
from edi_gateway.x12.spec import Element
from tests.cli.program import add_acme, run
from tests.flows.stage import envelope, order

FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12"
GOOD = envelope(order("PO-1"))
BROKEN = envelope(order("PO-1"), order("PO-2", control="0002").replace("*EA*", "*EA*x"))
HEADER = "ISA*00*          *00*          *ZZ*ACME           *ZZ*SELLER         *250901*0815*U*00401*000000001*0*P*>~\n"
_FOUND = re.compile(r" +(?:error|warning|repair|→) ")
VOID = {"meta", "br", "hr"}


def shipment(*levels: str) -> str:
    """An 856 whose levels stand as told, such as `1**S`, each with a reference that repeats its id."""
    body = "".join(f"HL*{level}~\nREF*CN*at{level.split('*')[0]}~\n" for level in levels)
    count = 2 * len(levels) + 4
    return (
        f"{HEADER}GS*SH*ACME*SELLER*20250901*0815*1*X*004010~\nST*856*0001~\nBSN*00*S-1*20250901*0815~\n"
        f"{body}CTT*{len(levels)}~\nSE*{count}*0001~\nGE*1*1~\nIEA*1*000000001~\n"
    )


def drawn(content: str, *more: object) -> list[str]:
    """The lines of a file's outline."""
    return run("show", "-", *more, given=content.encode()).out.splitlines()


def depth(lines: list[str], words: str) -> int:
    """How far in the one line stands that holds these words."""
    (line,) = (line for line in lines if words in line)
    return len(line) - len(line[6:].lstrip())


def findings(row: dict[str, Any]) -> list[dict[str, Any]]:
    own: list[dict[str, Any]] = list(row["findings"])
    under = [one for key in ("interchanges", "groups", "transactions") for one in row.get(key, ())]
    return own + [finding for one in under for finding in findings(one)]


class Balanced(HTMLParser):
    """A page as its links, its anchors and its text; every element must be closed by its own end."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.met: Counter[str] = Counter()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.attributes: set[str] = set()
        self.said: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.met[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.anchors += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_segments_elements_and_codes_have_their_names_and_dates_are_written_out() -> None:
    text = "\n".join(drawn(GOOD))
    assert re.search(r"\n +2 +BEG +Beginning of purchase order  Purpose: 00 \(original\) · ", text)
    assert "Order date: 2026-03-01" in text
    assert "Unit: EA (each)" in text
    assert "from ACME (ZZ, as agreed) · to SELLER (ZZ, as agreed)" in text
    assert "production" in text


def test_each_value_has_a_line_of_its_own_when_asked() -> None:
    lines = [" ".join(line.split()) for line in drawn(GOOD, "--long")]
    assert "BEG01 Purpose 00 (original)" in lines
    assert lines.index("BEG01 Purpose 00 (original)") == lines.index("2 BEG Beginning of purchase order") + 1


@pytest.mark.parametrize("folder", ["850", "856", "855", "envelope"])
def test_every_finding_stands_under_its_segment_with_severity_and_remedy(folder: str) -> None:
    files = sorted((FIXTURES / folder / "fail").glob("*.edi"))
    rows = run("validate", "--json", *files).rows
    parts = run("show", *files).out.split("\n\n")
    assert len(rows) == len(parts) == len(files) > 0
    for row, part in zip(rows, parts, strict=True):
        lines = part.splitlines()
        told = findings(row)
        assert len(re.findall(r"(?m)^ +(?:error|warning|repair)  ", part)) == len(told)
        for finding in told:
            at = next(n for n, line in enumerate(lines) if f"{finding['severity']:<8} {finding['note']}" in line)
            assert lines[at + 1].strip() == f"→ {finding['remedy']}"
            if finding["position"] is not None and finding["segment"]:
                above = next(line for line in reversed(lines[:at]) if not _FOUND.match(line))
                assert above.split("is missing")[0].split()[:2].count(finding["segment"]) == 1, finding


def test_a_missing_segment_is_drawn_where_it_should_have_stood() -> None:
    content = GOOD.replace("BEG*", "ZAP*", 1)
    lines = drawn(re.sub(r"ZAP[^~]*~\n?", "", content))
    at = next(n for n, line in enumerate(lines) if "is missing" in line)
    assert lines[at].split()[0] == "BEG"
    assert lines[at - 1].split()[:2] == ["1", "ST"]


def test_levels_stand_below_their_parents_in_whatever_order_they_were_sent() -> None:
    lines = drawn(shipment("1**S", "2*1*O", "3*1*O", "4*2*I", "5*3*I"))
    order_of = [line.split("Reference: ")[1] for line in lines if "Reference: at" in line]
    assert order_of == ["at1", "at2", "at4", "at3", "at5"]
    assert [depth(lines, f": at{n}") - depth(lines, ": at1") for n in (1, 2, 4, 3, 5)] == [0, 2, 4, 2, 4]
    assert depth(lines, "CTT ") < depth(lines, ": at1")


def test_where_the_tree_is_broken_its_levels_stand_as_they_were_sent() -> None:
    lines = drawn(shipment("1**S", "2*7*O", "3*2*I"))
    assert [depth(lines, f": at{n}") - depth(lines, ": at1") for n in (1, 2, 3)] == [0, 0, 0]
    assert any("HL 2 has the parent 7" in line for line in lines)


def test_a_deep_tree_is_drawn_as_deep_as_a_page_is_wide() -> None:
    levels = ["1**S", *(f"{n}*{n - 1}*I" for n in range(2, 400))]
    lines = drawn(shipment(*levels))
    assert sum("Reference: at" in line for line in lines) == 399
    assert max(len(line) for line in lines) < 200


def test_a_set_nobody_knows_is_drawn_with_the_names_of_the_segments_we_know() -> None:
    lines = drawn(GOOD.replace("ST*850", "ST*199").replace("CTT*", "QQQ*"))
    text = "\n".join(lines)
    assert "199 unknown set" in text
    assert re.search(r"PO1 +Order line +Line id: 1", text)
    assert re.search(r"QQQ +unknown segment +QQQ01: ", text)


def test_bytes_between_interchanges_are_told_between_them() -> None:
    lines = drawn(GOOD + "garbage" + GOOD.replace("000000001", "000000002"))
    places = [n for n, line in enumerate(lines) if "Interchange 0" in line or "belong to no interchange" in line]
    assert ["belong" in lines[n] for n in places] == [False, True, False]


def test_an_acknowledgment_of_an_interchange_is_read_out() -> None:
    lines = drawn(HEADER + "TA1*000000007*250901*0815*R*023~\nIEA*0*000000001~\n")
    (line,) = (line for line in lines if " TA1 " in line)
    assert "Outcome: R (rejected) · Note: 023 (The interchange ends without IEA)" in line
    assert "Date: 2025-09-01 · Time: 08:15" in line


def test_components_and_repetitions_are_told_apart() -> None:
    file = next((FIXTURES / "850" / "fail").glob("code-unknown-in-a-composite.edi"))
    assert [line.split()[:3] for line in drawn(file.read_text(), "--long") if "REF04-" in line][:2] == [
        ["REF04-1", "Reference", "kind"], ["REF04-2", "Reference", "7"],
    ]
    repeated = envelope(order("PO-1")).replace("*U*00401*", "*^*00501*").replace("004010", "005010")
    lines = drawn(repeated.replace("*EA*", "*EA^CA*"), "--long")
    assert [line.split()[:3] for line in lines if "PO103(" in line][:2] == [
        ["PO103(1)", "Unit", "EA"], ["PO103(2)", "Unit", "CA"],
    ]


@pytest.mark.parametrize(
    ("type", "sent", "said"),
    [
        ("DT", "20250930", "2025-09-30"), ("DT", "250930", "2025-09-30"), ("DT", "20250931", "20250931"),
        ("TM", "0815", "08:15"), ("TM", "081530", "08:15:30"), ("TM", "08153099", "08:15:30.99"), ("TM", "99", "99"),
        ("N2", "1425", "14.25"), ("N2", "-5", "-0.05"), ("N2", "1.5", "1.5"), ("N0", "12", "12"), ("R", "3.5", "3.5"),
    ],
)
def test_values_are_written_as_people_write_them(type: str, sent: str, said: str) -> None:
    assert readable(Element(1, "1", "a value", "O", type, 1, 10), sent) == said


@pytest.mark.parametrize("content", [GOOD, BROKEN, "", "hello", HEADER])
def test_the_exit_code_is_that_of_validate(content: str) -> None:
    code = run("validate", "-", given=content.encode()).code
    assert run("show", "-", given=content.encode()).code == code
    assert run("show", "-", "--html", given=content.encode()).code == code


def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "o.edi").write_text(GOOD, "utf-8")
    for more in ((), ("--html",)):
        said = run("show", tmp_path / "none.edi", tmp_path / "o.edi", *more)
        assert (said.code, said.err.count("\n"), "Maren" in said.out or "BEG" in said.out) == (2, 1, True)


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=60).map(lambda junk: BROKEN.encode()[:190] + junk)))
def test_any_bytes_are_drawn_and_nothing_in_them_is_obeyed(content: bytes) -> None:
    text, html = run("show", "-", given=content), run("show", "-", "--html", given=content)
    assert (text.err, html.err, text.code) == ("", "", html.code)
    assert all(character.isprintable() or character == "\n" for character in text.out + html.out)
    assert Balanced(html.out).open == []


def test_a_terminal_gets_lines_as_wide_as_it_is_and_loses_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = Console(width=60, file=io.StringIO(), highlight=False)
    printer = _drawn.Drawn(long=False)
    monkeypatch.setattr(printer, "_out", narrow)
    reading, plain = envelopes.read([BROKEN.encode()]), rules(Path())
    tally = printer.print("-", draw(reading, plain.read(reading), plain.guides))
    assert isinstance(narrow.file, io.StringIO)
    text = narrow.file.getvalue()
    assert max(len(line) for line in text.splitlines()) <= 60
    assert text.split() == run("show", "-", given=BROKEN.encode()).out.split()
    assert tally.severities["error"] == 2


def test_a_partner_that_is_named_gives_the_rules(house: Path) -> None:
    folder = house / "mappings/partners/acme"
    folder.mkdir(parents=True)
    (folder / "partner.toml").write_text('name = "Acme"\n', "utf-8")
    (folder / "850.guide.toml").write_text('[segments]\n"REF[IA]" = { use = "must" }\n', "utf-8")
    content = GOOD.encode()
    assert run("show", "-", "--dir", house, given=content).code == 0
    said = run("show", "-", "--dir", house, "--partner", "acme", given=content)
    assert (said.code, "REF  Reference  is missing" in said.out) == (1, True)
    add_acme(house, "--guide", "acme")
    assert run("show", "-", "--dir", house, given=content).code == 1
    assert run("show", "-", "--dir", house, "--partner", "nobody", given=content).code == 2


def test_a_page_is_whole_by_itself_and_its_links_lead_to_the_findings() -> None:
    files = sorted((FIXTURES / "850" / "fail").glob("*.edi"))
    found = sum(len(findings(row)) for row in run("validate", "--json", *files).rows)
    met = Balanced(run("show", "--html", *files).out)
    assert not {"script", "link", "img", "iframe", "object"} & set(met.met)
    assert not {name for name in met.attributes if name.startswith("on")} | ({"src", "style"} & met.attributes)
    assert met.links == [f"#{anchor}" for anchor in met.anchors]
    assert len(met.links) == found
    assert "@import" not in page_style.STYLE
    assert "url(" not in page_style.STYLE


def test_nothing_from_outside_becomes_part_of_a_page() -> None:
    evil = "<script>alert(1)</script>"
    content = GOOD.replace("ACME  ", "<b>&\x22\x27").replace("*PO-1*", f"*{evil}*") + evil
    met = Balanced(run("show", "-", "--html", given=content.encode()).out)
    assert not {"script", "b>&"} & set(met.met)
    assert evil in "".join(met.said)


def test_a_page_leaves_out_what_is_clean_beyond_its_bounds_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "SEGMENTS_MAX", 20)
    sets = [order(f"PO-{n}", control=f"{n:04}") for n in range(1, 60)]
    sets[50] = sets[50].replace("*EA*", "*EA*x", 1)
    text = "".join(Balanced(run("show", "-", "--html", given=envelope(*sets).encode()).out).said)
    assert "0001" in text
    assert "number 0051" in text
    assert "number 0050" not in text
    assert len(re.findall(r"[\d,]+ segments without findings left out", text)) >= 2


def test_a_page_of_many_faults_is_bounded_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "FINDINGS_MAX", 10)
    sets = [order(f"PO-{n}", control=f"{n:04}").replace("*EA*", "*EA*x") for n in range(1, 60)]
    met = Balanced(run("show", "-", "--html", given=envelope(*sets).encode()).out)
    assert len(met.anchors) == 10
    assert "108 more findings are not listed here." in "".join(met.said)


def test_a_page_goes_into_a_new_file_and_never_over_another(tmp_path: Path) -> None:
    where = tmp_path / "page.html"
    said = run("show", "-", "--html", "--output", where, given=GOOD.encode())
    assert (said.code, said.out, where.read_text("utf-8")[:15]) == (0, "", "<!DOCTYPE html>")
    assert run("show", "-", "--html", "--output", where, given=BROKEN.encode()).code == 2
    assert run("show", "-", "--output", where, given=GOOD.encode()).code == 2
    assert run("show", "-", "--html", "--long", given=GOOD.encode()).code == 2


def test_a_large_file_is_drawn_as_it_is_read() -> None:
    """What comes first is out before the end is in."""
    one = envelope(*(order(f"PO-{n}", control=f"{n:04}") for n in range(1, 200))).encode()
    command = [sys.executable, "-m", "edi_gateway", "show", "-"]
    where = Path(__file__).parents[2]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=where) as program:
        assert program.stdin
        assert program.stdout
        program.stdin.write(one * 3)
        program.stdin.flush()
        begun = program.stdout.read(1000)
        program.stdin.write(one)
        program.stdin.close()
        text = (begun + program.stdout.read()).decode()
    assert (program.returncode, text.count("Interchange 0")) == (0, 4)


def test_json_has_an_object_for_each_line_with_its_findings() -> None:
    file = FIXTURES / "850/fail/segment-missing-beg.edi"
    said = run("show", "--json", str(file))
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert [line["level"] for line in lines[:3]] == ["interchange", "group", "set"]
    missing = next(line for line in lines if line["level"] == "missing")
    assert (missing["id"], missing["findings"][0]["kind"], said.code) == ("BEG", "x12.segment-missing", 1)
