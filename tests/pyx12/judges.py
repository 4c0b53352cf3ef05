"""Two judges of one interchange, and the faults each finds, in a form that can be compared."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from pyx12 import map_if
from pyx12.map_walker import walk_tree
from pyx12.params import ParamsBase
from pyx12.x12file import X12Reader

from edi_gateway.issues import Finding
from edi_gateway.x12 import envelope
from edi_gateway.x12.compile import Table
from edi_gateway.x12.read import read


class Fault(NamedTuple):
    """Where it is, by set position and element, and the codes of AK304 and AK403; or the code of a level above.

    `element` is 0 for relations between elements, since one may blame either.
    """

    level: str
    code: str
    position: int = 0
    segment: str = ""
    element: int = 0
    component: int = 0

    @property
    def short(self) -> str:
        """Such as `segment 3` or `element 7`."""
        return f"{self.level} {self.code}"


@dataclass
class Judged:
    """What was found in a set, and why the judge gave up where it did."""

    faults: set[Fault] = field(default_factory=set)
    fell: str = ""


class Ours:
    """This project's engine."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def judge(self, text: str) -> tuple[list[Judged], set[Fault]]:
        """The faults of each set, and those around them. A fault is a finding with a code and a verdict."""
        sets: list[Judged] = []
        around: set[Fault] = set()
        for interchange in envelope.read([text.encode("latin-1")]):
            for group in interchange.groups:
                for one in group.transactions:
                    table = self._table if one.set == self._table.definition.set else None
                    sets.append(Judged({fault for found in read(one, table).findings for fault in _ours(found)}))
                around |= {Fault("group", code) for found in group.findings if (code := found.ack.group)}
            around |= {Fault("interchange", code) for found in interchange.findings if (code := found.ack.interchange)}
        return sets, around


def _ours(finding: Finding) -> Iterator[Fault]:
    ack = finding.ack
    if not finding.verdict:
        return
    place = (finding.position or 0, finding.segment or "")
    if ack.element and ack.element in ("2", "10"):
        yield Fault("element", ack.element, *place)
    elif ack.element:
        yield Fault("element", ack.element, *place, finding.element or 0, finding.component or 0)
    elif ack.segment:
        yield Fault("segment", ack.segment, *place)
    elif ack.set:
        yield Fault("set", ack.set)


class Theirs:
    """pyx12, its parts called in the order in which `x12n_document` calls them, so that each error keeps its own code.

    (What it writes as a 997 has no code for relations and surplus elements any more.)
    """

    def __init__(self, folder: Path, set_id: str, version: str) -> None:
        parameters = ParamsBase()
        self._control = map_if.load_map_file(f"x12.control.{version[:5]}.xml", parameters, str(folder))
        self._map = map_if.load_map_file(f"{set_id}.{version}.xml", parameters, str(folder))

    def judge(self, text: str) -> tuple[list[Judged], set[Fault]]:
        """The faults of each set, and those around them."""
        source, walker = X12Reader(io.StringIO(text)), walk_tree()
        sets: list[Judged] = []
        around: set[Fault] = set()
        node: Any = None
        position = 0
        for segment in source:
            id = segment.get_seg_id()
            position += 1
            if id == "ST":
                sets.append(Judged())
                position = 1
            own = sets[-1] if sets and id not in ("ISA", "GS", "GE", "IEA") else Judged(around)
            own.faults |= {fault for error in source.pop_errors() for fault in _of_reader(error, position, id)}
            found = self._step(walker, source, node, segment, position, own)
            if found is not None:
                node = found
                _inspect(node, segment, position, own)
        source.cleanup()
        for fault in (fault for error in source.pop_errors() for fault in _of_reader(error, 0, "")):
            (sets[-1].faults if sets and fault.level == "set" else around).add(fault)
        return sets, around

    def _step(self, walker: walk_tree, source: X12Reader, node: Any, segment: Any, position: int, own: Judged) -> Any:
        id = segment.get_seg_id()
        if id == "ISA":
            walker.forceWalkCounterToLoopStart("/ISA_LOOP", "/ISA_LOOP/ISA")
            found: Any = self._control.getnodebypath("/ISA_LOOP/ISA")
        elif id == "GS":
            walker.forceWalkCounterToLoopStart("/ISA_LOOP/GS_LOOP", "/ISA_LOOP/GS_LOOP/GS")
            found = self._map.getnodebypath("/ISA_LOOP/GS_LOOP/GS")
        else:
            found, _, _, errors = walker.walk_errors(
                node, segment, source.get_seg_count(), source.get_cur_line(), source.get_ls_id()
            )
            own.faults |= {
                Fault("segment", error.err_cde, position, _told(error, segment).get_seg_id()) for error in errors
            }
        return found


def _told(error: Any, segment: Any) -> Any:
    """The segment an error speaks of; one that is missing has no elements, and so is no truth in itself."""
    return segment if error.seg_data is None else error.seg_data


def _inspect(node: Any, segment: Any, position: int, own: Judged) -> None:
    try:
        errors = node.is_valid_errors(segment)[1]
    except IndexError as error:
        own.fell = type(error).__name__
        return
    own.faults |= {_of_element(error, position, segment.get_seg_id()) for error in errors}


def _of_element(error: Any, position: int, id: str) -> Fault:
    if error.err_cde in ("2", "10") and error.map_node is None:
        return Fault("element", error.err_cde, position, id)
    element, _, component = str(error.refdes).removeprefix(id).partition("-")
    return Fault("element", error.err_cde, position, id, int(element), int(component or 0))


def _of_reader(error: Any, position: int, id: str) -> Iterator[Fault]:
    level, code, *_ = error
    if level == "seg":
        yield Fault("segment", code, position, id)
    else:
        yield Fault({"st": "set", "gs": "group", "isa": "interchange"}[level], code)
