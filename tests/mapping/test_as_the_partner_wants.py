"""What a row of a partner's files does to the bytes of a document of ours: one golden output for each row."""

import datetime as dt
import tomllib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway import mapping
from edi_gateway.flows.partner_file import PartnerFile, parse
from edi_gateway.issues import Finding
from edi_gateway.mapping import Forms, texts
from edi_gateway.mapping.forms import AS_THEY_ARE
from edi_gateway.model import Noun
from edi_gateway.model._parts import DatedEvent, Party, ProductId, Reference
from edi_gateway.model.order import Order, OrderLine
from edi_gateway.x12 import spec, write
from edi_gateway.x12.spec import Element
from edi_gateway.x12.tokens import Separators
from edi_gateway.x12.write import held
from tests.mapping.test_overlays import Laid
from tests.mapping.trees import SHELF, definition

PRODUCTS = (
    ProductId(kind="vendor_item", value="M-1"), ProductId(kind="buyer_color", value="RED"),
    ProductId(kind="sku", value="S-1"), ProductId(kind="upc", value="000000000017"),
)
ORDER = Order(
    purpose="original", type="new_order", number="PO-77", date=dt.date(2026, 3, 2),
    dates=(DatedEvent(kind="ship_by", date=dt.date(2026, 3, 10), time=dt.time(14, 30)),),
    lines=(OrderLine(number="1", quantity=Decimal("2.50"), price=Decimal("0.5"), product_ids=PRODUCTS),),
)


def said(
    noun: Noun, rows: str, files: dict[str, str] | None = None, set_id: str = "850"
) -> tuple[bytes | None, tuple[Finding, ...]]:
    """The bytes of a document for a partner with these rows, and what is remarked."""
    partner = parse("mappings/partners/acme/partner.toml", tomllib.loads(rows), SHELF.rows("mappings/texts.toml"))
    version = partner.envelope.version
    laid = Laid({f"mappings/partners/acme/{name}": tomllib.loads(text) for name, text in (files or {}).items()})
    by = mapping.load(laid.rows, set_id, version, "acme")
    found = spec.load(SHELF.rows, set_id, version)
    assert by
    assert found
    tree, findings = mapping.from_canonical(noun, by, found, partner.marks, partner.texts, partner.forms)
    if tree is None:
        return None, findings
    assert mapping.to_canonical(tree, by)[0] is not None
    return _written(partner, tree.segments[1:-1], set_id), findings


def _written(partner: PartnerFile, body: list[list[str]], set_id: str) -> bytes:
    form = partner.envelope
    heading = write.Heading(
        "ZZ:US", "01:123", "USG", "ACMEG", "PO", form.version, 42, "7".zfill(form.group_control_digits),
        dt.datetime(2026, 3, 1, 9, 5, tzinfo=dt.UTC), implementation=form.implementation.get(set_id, ""),
    )
    control = "1".zfill(form.set_control_digits)
    return write.write(heading, [(set_id, control, body)], partner.marks, partner.line_end)


ISA = b"ISA*00*          *00*          *ZZ*US             *01*123            *260301*0905*U*00401*000000042*0*P*>~"
GS = b"GS*PO*USG*ACMEG*20260301*0905*7*X*004010~"
BODY = b"BEG*00*NE*PO-77**20260302~DTM*038*20260310*1430~PO1*1*2.50**0.5**VN*M-1*BO*RED*SK*S-1*UP*000000000017~CTT*1~"
PLAIN = ISA + GS + b"ST*850*0001~" + BODY + b"SE*6*0001~GE*1*7~IEA*1*000000042~"


def test_without_any_row_a_document_is_written_so() -> None:
    assert said(ORDER, "") == (PLAIN, ())


@pytest.mark.parametrize(("rows", "was", "now"), [
    ("separators = { newline = true }", b"~", b"~\n"),
    ('separators = { newline = "lf" }', b"~", b"~\n"),
    ('separators = { newline = "crlf" }', b"~", b"~\r\n"),
    ('separators = { newline = "" }', b"~", b"~"),
    ('separators = { segment = "\\n" }', b"~", b"\n"),
    ('separators = { segment = "\\r", newline = "lf" }', b"~", b"\r\n"),
    ('separators = { segment = "\\u0015" }', b"~", b"\x15"),
    ('separators = { segment = "\\u0085" }', b"~", b"\x85"),
    ('separators = { element = "\\u00a7" }', b"*", b"\xa7"),
    ('separators = { component = "\\u001f" }', b"*>~", b"*\x1f~"),
    ("envelope = { group_control_digits = 9 }", b"*7", b"*000000007"),
    ("envelope = { set_control_digits = 9 }", b"*0001~", b"*000000001~"),
    ("numbers = { places = { 212 = 2 } }", b"*0.5*", b"*0.50*"),
    ("numbers = { places = { 330 = 0, 212 = 1 } }", b"", b""),
    ("numbers = { trailing_zeros = false }", b"*2.50*", b"*2.5*"),
    ("numbers = { leading_zero = false }", b"*0.5*", b"*.5*"),
    ("numbers = { leading_zero = false, places = { 212 = 3 } }", b"*0.5*", b"*.500*"),
    ('times = { form = "HHMM" }', b"*1430", b"*1430"),
    ('times = { form = "HHMMSS" }', b"*1430", b"*143000"),
])
def test_a_row_changes_what_it_names_and_nothing_else(rows: str, was: bytes, now: bytes) -> None:
    order = ORDER
    if "330" in rows:
        line = ORDER.lines[0].model_copy(update={"quantity": Decimal("2.0")})
        order, was, now = ORDER.model_copy(update={"lines": (line,)}), b"*2.50*", b"*2*"
    assert said(order, rows) == (PLAIN.replace(was, now), ())


def test_version_005010_has_a_repetition_separator_and_may_name_its_convention() -> None:
    rows = '[separators]\nrepetition = "!"\n[envelope]\nversion = "005010"\nimplementation = { 850 = "ACME850" }\n'
    golden = PLAIN.replace(b"*U*00401*", b"*!*00501*").replace(b"*X*004010", b"*X*005010")
    assert said(ORDER, rows) == (golden.replace(b"*0001~BEG", b"*0001*ACME850~BEG"), ())


@pytest.mark.parametrize("order", [["UP", "VN", "SK"], ["UP", "EN", "VN", "SK"]])
def test_qualifiers_are_written_in_the_partners_order_and_others_behind(order: list[str]) -> None:
    names = b"*UP*000000000017*VN*M-1*SK*S-1*BO*RED~"
    golden = PLAIN.replace(b"*VN*M-1*BO*RED*SK*S-1*UP*000000000017~", names)
    assert said(ORDER, "", {"codes.toml": f"[product_id]\norder = {order}"}) == (golden, ())
    assert said(ORDER, "", {"850.map.toml": f"[codes.product_id]\norder = {order}"}) == (golden, ())


def test_segments_told_by_a_code_follow_the_order_of_its_table() -> None:
    noun = ORDER.model_copy(update={
        "references": (
            Reference(kind="ZA", value="1"), Reference(kind="department", value="2"),
            Reference(kind="vendor_number", value="3"), Reference(kind="department", value="4"),
        ),
        "parties": (Party(role="bill_to", name="B"), Party(role="ship_to", name="S")),
    })
    files = {"codes.toml": '[reference]\norder = ["IA", "DP"]\n[party_role]\norder = ["ST"]\n'}
    content, findings = said(noun, "", files)
    assert content is not None
    assert findings == ()
    assert b"~REF*IA*3~REF*DP*2~REF*DP*4~REF*ZA*1~" in content
    assert b"~N1*ST*S~N1*BT*B~" in content


def test_an_order_is_a_list_of_codes() -> None:
    for order in ('"UP"', '["up"]', "[1]"):
        with pytest.raises(Exception, match=r"codes.product_id.order must be a list of codes in upper case"):
            said(ORDER, "", {"codes.toml": f"[product_id]\norder = {order}"})


def test_a_number_with_more_decimals_than_the_partner_takes_is_refused_and_never_rounded() -> None:
    line = ORDER.lines[0].model_copy(update={"price": Decimal("9.999")})
    content, (found,) = said(ORDER.model_copy(update={"lines": (line,)}), "numbers = { places = { 212 = 2 } }")
    assert content is None
    assert (found.kind, found.segment, found.element) == ("mapping.does-not-fit", "PO1", 4)
    assert found.note == "lines[0].price cannot be said: it has more than 2 decimals"


@pytest.mark.parametrize(("form", "time", "now"), [
    ("HHMM", dt.time(14, 30, 59), b"*1430~"), ("HHMMSS", dt.time(14, 30, 59, 990_000), b"*143059~"),
])
def test_a_time_is_cut_to_the_partners_form_with_a_remark(form: str, time: dt.time, now: bytes) -> None:
    noun = ORDER.model_copy(update={"dates": (ORDER.dates[0].model_copy(update={"time": time}),)})
    content, (found,) = said(noun, f'times = {{ form = "{form}" }}')
    assert content == PLAIN.replace(b"*1430~", now)
    assert (found.kind, found.severity, found.segment, found.element) == ("mapping.text-changed", "warning", "DTM", 3)


NUMBERS = st.decimals(-10**9, 10**9, places=3) | st.decimals(-1, 1, places=4)
PRICE = Element(4, "212", "Price", "O", "R", 1, 17)


@given(NUMBERS, st.booleans(), st.booleans())
def test_a_form_never_changes_the_value_of_a_number_nor_fills_it_up(number: Decimal, tail: bool, lead: bool) -> None:
    from_normal = texts.write_number(number, PRICE)
    for forms in (Forms({}, tail, lead), Forms({"212": 5}, tail, lead), AS_THEY_ARE):
        text = forms.said(from_normal, PRICE)
        assert texts.read_number(text) == number
        assert not text.lstrip("-").startswith("00")


# A value that holds a separator.


@pytest.mark.parametrize(("rows", "value", "mark"), [
    ("", "PO*77", "*"), ("", "PO~77", "~"), ("", "PO>77", ">"), ('envelope = { version = "005010" }', "PO^77", "^"),
    ('separators = { element = "\\u00a9" }', "POé77", "\xa9"),
    ('separators = { segment = "_" }', "PO_77", "_"), ('separators = { element = "\\u0015" }', "PO\x1577", "\x15"),
])
def test_an_id_that_holds_a_separator_is_refused_and_named(rows: str, value: str, mark: str) -> None:
    content, (found,) = said(ORDER.model_copy(update={"number": value}), f'{rows}\n[text]\nunfit = "replace"\n')
    assert content is None
    assert (found.kind, found.value, found.segment, found.element) == ("mapping.holds-separator", value, "BEG", 3)
    what = "a control character" if mark < " " else f"the separator {mark!r}"
    assert found.note == f"number is {value!r}, and holds {what}"


@pytest.mark.parametrize("newline", ["", "lf", "crlf"])
@pytest.mark.parametrize("value", ["PO\n77", "PO\r\n77"])
def test_an_id_that_holds_a_line_break_is_refused(value: str, newline: str) -> None:
    content, (found,) = said(ORDER.model_copy(update={"number": value}), f'separators = {{ newline = "{newline}" }}')
    assert content is None
    assert found.kind == "mapping.holds-separator"


@pytest.mark.parametrize("version", ["004010", "005010"])
@pytest.mark.parametrize("unfit", ["refuse", "replace", "cut"])
@pytest.mark.parametrize("mark", ["*", ">", "~", "^", "\n", "\r\n"])
def test_free_text_that_holds_a_separator_follows_the_partners_rule(mark: str, unfit: str, version: str) -> None:
    noun = ORDER.model_copy(update={"notes": (f"left{mark}right",)})
    rows = f'envelope.version = "{version}"\nseparators.newline = "crlf"\n'
    rows += f'[text]\nunfit = "{unfit}"\ncharacters = "utf-8"\n'
    content, findings = said(noun, rows)
    if mark == "^" and version == "004010":
        assert content is not None
        assert b"*left^right~" in content
        return
    assert [found.kind for found in findings] == [
        "mapping.holds-separator" if unfit == "refuse" else "mapping.text-changed"
    ]
    assert (content is None) is (unfit == "refuse")
    if content is not None:
        assert f"*left{' ' * len(mark)}right~".encode() in content


@given(st.text(max_size=20), st.builds(Separators, *[st.sampled_from("*|^~>:!\x15\x1f\xa9\xc3\x85")] * 3))
def test_whatever_a_note_says_and_whatever_separates_nothing_is_written_through(note: str, marks: Separators) -> None:
    if not write.can_be_told_apart(marks) or not note:
        return
    by, found = mapping.load(SHELF.rows, "850", "004010"), definition("850")
    assert by
    tree, _ = mapping.from_canonical(ORDER.model_copy(update={"notes": (note,)}), by, found, marks)
    if tree is not None:
        assert all(held(text, marks.all) is None for segment in tree.segments for text in segment)
