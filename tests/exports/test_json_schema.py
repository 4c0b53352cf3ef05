"""The rows as JSON Schema: what the XML view of a good document says agrees with it, a faulty one does not."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from edi_gateway.exports.json_schema import files, schema
from edi_gateway.flows.guides import Guides
from edi_gateway.reports.rules import Rules
from edi_gateway.reports.xml_view import HEAD, TAIL, to_xml
from tests.x12 import generator

FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12"
PASS = sorted(
    file for file in FIXTURES.glob("*/pass/*.edi") if file.parts[-3] != "envelope" and "mended" not in file.stem
)
RULES = Rules(Guides(generator.shelf()))


def sets(content: bytes) -> list[tuple[str, str, etree._Element]]:
    """Each set's id, version and element."""
    view = HEAD + b"".join(part for part in to_xml([content], RULES) if isinstance(part, bytes)) + TAIL
    return [
        (one.get("id") or "", (group.get("version") or "")[:6], one)
        for group in etree.fromstring(view).iter("group") for one in group.iter("set")
    ]


def as_json(node: etree._Element, by: dict[str, Any]) -> Any:
    """What an element of the view says, in the form of its schema."""
    if by["type"] == "string":
        return node.text or ""
    found: dict[str, Any] = {}
    for child in node:
        name = str(child.tag) if child.tag != "loop" else f"{(child.get('path') or '').rpartition('/')[2]}_loop"
        inner = by["properties"].get(name, {"type": "string"})
        if inner["type"] == "array":
            found.setdefault(name, []).append(as_json(child, inner["items"]))
        elif len(child) or child.text:
            found[name] = as_json(child, inner)
    return found


def faults(value: Any, by: dict[str, Any], at: str = "") -> list[str]:
    """Where a value does not agree with a schema, as far as the schemas here go."""
    if by["type"] == "array":
        wrong = not by["minItems"] <= len(value) <= by.get("maxItems", len(value))
        return [f"{at} count"] * wrong + [fault for each in value for fault in faults(each, by["items"], at)]
    if by["type"] == "object":
        found = [f"{at}/{name} missing" for name in by["required"] if name not in value]
        for name, inner in value.items():
            known = by["properties"].get(name)
            found += faults(inner, known, f"{at}/{name}") if known else [f"{at}/{name} unknown"]
        return found
    fits = by.get("minLength", 0) <= len(value) <= by.get("maxLength", len(value))
    fits = fits and value in by.get("enum", [value]) and re.search(by.get("pattern", ""), value) is not None
    return [] if fits else [f"{at} {value}"]


@pytest.mark.parametrize("file", PASS, ids=lambda file: "/".join(file.parts[-3:]))
def test_what_is_accepted_agrees_with_the_schema(file: Path) -> None:
    for set_id, version, node in sets(file.read_bytes()):
        release = RULES.guides.standard.release(set_id, version)
        if release and node.get("outcome") == "accepted":
            by = schema(generator.table(set_id, release).definition)
            assert faults(as_json(node, by), by) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("BEG*00*", "BEG*Z9*", "/BEG/BEG01 Z9"), ("BEG*00*SA", "BEG*00*", "/BEG/BEG02 missing"),
        ("*20250911~", "*2025~", "/BEG/BEG05 2025"), ("PO1*1*3*EA", "PO1*1*x*EA", "/PO1_loop/PO1/PO102 x"),
    ],
)
def test_what_is_faulty_does_not(old: str, new: str, says: str) -> None:
    content = (FIXTURES / "850" / "pass" / "many-lines-004010.edi").read_text("utf-8")
    assert old in content
    (good,), (bad,) = (sets(text.encode()) for text in (content, content.replace(old, new, 1)))
    # A rejected set has no loops in the view, so the fault is put into the good one's.
    for node in good[2].iter(says.split("/")[-2]):
        for other in bad[2].iter(str(node.tag)):
            node[:] = list(other)
            break
        break
    by = schema(generator.table("850", "004010").definition)
    assert says in faults(as_json(good[2], by), by)


def test_each_set_is_a_file_that_says_which_dialect_it_is_in() -> None:
    definitions = [generator.table(*which).definition for which in generator.defined()]
    written = files(definitions)
    assert set(written) == {f"{set_id}.{version}.schema.json" for set_id, version in generator.defined()}
    for content in written.values():
        assert json.loads(content)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_a_guide_s_codes_are_those_of_the_schema() -> None:
    definition = RULES.guides.definition("850", "004010", "northbarn")
    assert definition is not None
    assert schema(definition)["properties"]["BEG"]["properties"]["BEG02"]["enum"] == ["NE", "SA"]
