"""Names from outside are data: whatever they hold, they stay one harmless name in one folder."""

import posixpath
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.ports import Sighting, newest
from edi_gateway.transports import _names

ANY = st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass"))


@given(ANY)
def test_a_listed_name_is_taken_as_it_is_or_refused_for_good(raw: bytes) -> None:
    name = _names.listed(raw)
    if _names.flaw(name) is None:
        assert name.encode() == raw
    else:
        assert name == "" or name.isprintable()
        name.encode()
        assert _names.flaw(raw.decode("utf-8", "surrogateescape")) is not None


@given(ANY)
def test_a_name_without_a_flaw_stays_in_its_folder(raw: bytes) -> None:
    name = raw.decode("utf-8", "surrogateescape")
    if _names.flaw(name) is None:
        path = posixpath.join("/mailbox", name)
        assert posixpath.dirname(posixpath.normpath(path)) == "/mailbox"
        assert not any(ord(character) < 32 for character in name)


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40))
def test_the_hidden_name_is_hidden_and_its_own(name: str) -> None:
    assert _names.hidden(_names.part(name))
    assert _names.part(name) != name


@given(st.from_regex(r"[ab][ab.]{0,10}", fullmatch=True), st.none() | st.just(datetime(2024, 5, 1, tzinfo=UTC)))
def test_names_in_the_archive_never_repeat_and_keep_their_ending(name: str, modified: datetime | None) -> None:
    tried = list(_names.archive_names(name, modified))
    assert tried[0] == name
    assert len(set(tried)) == len(tried) >= _names.ARCHIVE_TRIES_MAX
    if "." in name:
        assert {posixpath.splitext(other)[1] for other in tried} == {posixpath.splitext(name)[1]}


@given(st.lists(st.integers(0, 5), max_size=12), st.integers(1, 12))
def test_a_round_takes_the_newest_and_keeps_their_order(ages: list[int], most: int) -> None:
    seen = [Sighting(str(place), 1, datetime(2024, 1, 1 + age, tzinfo=UTC)) for place, age in enumerate(ages)]
    taken = list(newest(seen, most))
    assert len(taken) == min(most, len(seen))
    assert taken == sorted(taken, key=seen.index)
    left = [file for file in seen if file not in taken]
    assert not left or max(str(file.modified) for file in left) <= min(str(file.modified) for file in taken)
