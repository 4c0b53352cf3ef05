"""What partners and people write is shown as it is: no command takes it for markup of its own."""

from pathlib import Path

import pytest

from tests.cli.program import run, turn
from tests.flows.stage import envelope, order

FILE, NUMBER, REASON = "[red]x[bold]:smile:.edi", "PO-[red]7[/red]:key:", "[link=x]they[/link] :warning: rest"


@pytest.fixture
def marked(trading: Path) -> Path:
    """An order whose number and file look like markup, a broken one, and a parcel that rests for such a reason."""
    broken = order("PO-8").replace("**20260301~", "**2026[b]~")
    turn(trading, (FILE, envelope(order(NUMBER), icn=3, group=3)), (f"b{FILE}", envelope(broken, icn=4, group=4)),
         (f"c{FILE}", "[red]noise"))
    run("resend", document(trading, "855", NUMBER), "--dir", trading)
    (parcel,) = run("parcel", "list", "--json", "--dir", trading).rows
    run("parcel", "park", parcel["id"], "--reason", REASON, "--dir", trading)
    return trading


def document(house: Path, set_id: str, number: str) -> int:
    rows = run("documents", "--set", set_id, "--order", number, "--json", "--dir", house).rows
    return int(rows[0]["id"])


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (("documents",), (FILE, NUMBER)), (("documents", "--state", "rejected"), (f"b{FILE}",)),
        (("orders",), (NUMBER,)), (("orders", "--lines"), (f"{NUMBER} of acme",)),
        (("orders", "show", NUMBER), (FILE, NUMBER)), (("parcel", "list"), (NUMBER, REASON)),
        (("issues",), (f"b{FILE}", f"c{FILE}", "2026[b]")), (("issues", "--all"), (f"c{FILE}",)),
    ],
)
def test_text_from_outside_is_shown_as_it_is(marked: Path, asked: tuple[str, ...], shown: tuple[str, ...]) -> None:
    said = run(*asked, "--dir", marked)
    assert said.code == 0
    assert [text for text in shown if text not in said.out] == []


def test_one_document_parcel_issue_and_file_are_shown_as_they_are(marked: Path) -> None:
    came = document(marked, "850", NUMBER)
    shown = run("documents", "show", came, "--dir", marked).out
    assert FILE in shown
    digest = shown.partition("archived")[2].split()[0].rpartition("/")[2]
    assert FILE in run("archive", "show", digest, "--dir", marked).out
    (parcel,) = run("parcel", "list", "--json", "--dir", marked).rows
    assert REASON in run("parcel", "show", parcel["id"], "--dir", marked).out
    for row in run("issues", "--json", "--dir", marked).rows:
        (told,) = run("issues", "show", row["id"], "--json", "--dir", marked).rows
        assert told["note"] in run("issues", "show", row["id"], "--dir", marked).out


@pytest.mark.parametrize("asked", [
    ("documents", "--state", "[red]x[/red]"), ("orders", "show", "[red]x[/red]"), ("issues", "--kind", "[red]x[/red]"),
    ("parcel", "list", "--state", "[red]x[/red]"), ("[red]x[/red]",),
    ("control", "set", "acme", "--gs06", "[red]x[/red]"),
])
def test_an_error_repeats_what_was_typed_as_it_was(marked: Path, asked: tuple[str, ...]) -> None:
    said = run(*asked, *(() if len(asked) == 1 else ("--dir", marked)))
    assert said.code == 2
    assert "[red]x[/red]" in said.err
