"""Other validators at the same work; they are imported only when they are measured."""

from pathlib import Path

from benchmarks.codec import Step
from edi_gateway.exports import pyx12 as exported
from edi_gateway.store.shelf import DataShelf
from edi_gateway.x12.spec import load
from tests.pyx12.judges import Theirs


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
