"""Shows what a set allows, and hands the rows of the standard on to other tools."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway import discover, exports, settings
from edi_gateway.cli._commands import new
from edi_gateway.cli._files import write_new
from edi_gateway.cli._options import AsJson, Directory
from edi_gateway.cli._output import print_json, printable
from edi_gateway.cli._rules import known_partner, rules
from edi_gateway.issues import command
from edi_gateway.reports.rules import Rules
from edi_gateway.reports.specification import Specification
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12.spec import Definition

app = new(no_args_is_help=True)


@app.callback(epilog="Example: edi-gateway spec export --to pyx12 maps")
def spec() -> None:
    """Shows the rows of the standard, which are files in specs/, and hands them on to other tools."""


@app.command(epilog="Example: edi-gateway spec show 850 BEG02 --partner northbarn")
def show(
    set_id: Annotated[str, typer.Argument(metavar="SET", help="Such as 850.")],
    what: Annotated[
        str | None,
        typer.Argument(metavar="PLACE", help="Such as BEG, BEG02 or PO1/PID.", show_default="the outline of the set"),
    ] = None,
    partner: Annotated[
        str | None, typer.Option("--partner", metavar="NAME", help="As this partner's guide narrows it.")
    ] = None,
    version: Annotated[
        str | None,
        typer.Option("--version", metavar="VERSION", help="Such as 005010.", show_default="the partner's, else 004010"),
    ] = None,
    source: Annotated[bool, typer.Option("--source", help="Prints the Python that judges it.")] = False,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Shows what a set allows: its loops and segments in order, or one segment with its elements, or an element.

    M is mandatory, O optional, X hangs on other elements; the number behind it is how often it may come. Lengths are
    lowest/highest. With --partner, a line that begins with ! tells where the guide is narrower than the standard.

    With --source it prints the functions that are generated from the rows and judge segments: row is a segment with
    its id first, e1 its first element, codes1 the codes of that, memo1 whether it has the form of its type, parts1
    whether its components are right. What they object to is then named by slower code.
    """
    house_rules = rules(directory)
    folder = known_partner(house_rules, partner) if partner is not None else ""
    guides = house_rules.guides
    release = version or guides.partner(folder).version_of(set_id)
    definition, standard = (guides.definition(set_id, release, name) for name in (folder, ""))
    if definition is None or standard is None:
        raise typer.BadParameter(f"there is no set {set_id} in version {release}", param_hint="SET")
    named = partial(guides.code_name, definition.version)
    shown = Specification(definition, standard, named, partner or "")
    try:
        places, element = shown.find(what) if what else (list(definition.places), None)
    except LookupError as error:
        raise typer.BadParameter(str(error), param_hint="PLACE") from error
    lines = shown.segments(places, element) if what else shown.outline()
    _tell(shown.source(places) if source else lines, as_json, what or set_id)


def _tell(lines: Iterable[str], as_json: bool, name: str) -> None:
    if as_json:
        print_json({"of": name, "lines": list(lines)})
    else:
        print("\n".join(line if line.isprintable() else printable(line) for line in lines))


@app.command(epilog="Example: edi-gateway spec export --to pyx12 maps --set 850 --set 855 --version 004010")
def export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the files go; made if it is not there.")],
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="Such as pyx12 or json-schema.")],
    sets: Annotated[
        list[str] | None, typer.Option("--set", metavar="SET", help="Only this set; may be repeated.")
    ] = None,
    versions: Annotated[
        list[str] | None, typer.Option("--version", metavar="VERSION", help="Only this version; may be repeated.")
    ] = None,
    partner: Annotated[
        str | None, typer.Option("--partner", metavar="NAME", help="As this partner's guides narrow them.")
    ] = None,
    directory: Directory = Path(),
    as_json: AsJson = False,
) -> None:
    """Writes sets and versions of specs/ in the format of another tool.

    pyx12: maps, their index, element rows, code lists and envelopes, which pyx12 4 reads as they are with its option
    map_path. It reads interchanges of version 00401 and 00501. The format holds order, loops, counts, types, lengths,
    codes and the confirmed syntax notes. It has no room for totals, trees, syntax notes that are only recalled, the
    difference between a rejection and an acceptance with errors, and what a guide says of one qualifier only or in a
    rule; and pyx12 does not judge relations between components.

    json-schema: for each set a JSON Schema (2020-12) of what the XML of `translate --to xml` tells, as JSON: an object
    for each loop and segment, lists where they may repeat, with need, counts, lengths and codes. It has no room for the
    order of segments, relations between elements, totals, trees, and what a guide says of one qualifier only or in a
    rule.

    Nothing is overwritten: a folder that holds an export already is refused.
    """
    formats = {name.replace("_", "-"): name for name in discover.names(exports.__name__)}
    if to not in formats:
        raise typer.BadParameter(f"{to!r} is none of {', '.join(formats)}", param_hint="--to")
    shelf = DataShelf(*([directory] if (directory / settings.FILE).exists() else []))
    house_rules = rules(directory)
    folder_of = known_partner(house_rules, partner) if partner is not None else ""
    found = list(_wanted(shelf, house_rules, folder_of, sets, versions))
    if not found:
        raise typer.BadParameter("there is no such set in such a version", param_hint="--set and --version")
    written = _write(folder, discover.member(exports.__name__, formats[to]).files(found))
    if as_json:
        print_json({"to": to, "sets": [f"{one.set} {one.version}" for one in found], "files": written})
        return
    print(printable(f"Wrote {folder}:"))
    for name in written:
        print(f"  {name}")


def _wanted(
    shelf: DataShelf, house_rules: Rules, partner: str, sets: list[str] | None, versions: list[str] | None
) -> Iterator[Definition]:
    for set_id in shelf.names("specs"):
        for name in shelf.names(f"specs/{set_id}") if set_id in (sets or [set_id]) else ():
            version = name.removesuffix(".toml")
            wanted = version in (versions or [version])
            definition = house_rules.guides.definition(set_id, version, partner) if wanted else None
            if definition is not None:
                yield definition


def _write(folder: Path, files: dict[str, bytes]) -> list[str]:
    """The names of the files, written in their order: the first tells whether there was an export before."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise command.FILE_UNWRITABLE.error(f"{folder}: {error.strerror}", file=str(folder)) from error
    for name, content in files.items():
        write_new(folder / name, content)
    return list(files)
