"""The laws of a mailbox, for every transport alike.

A transport is held to them by a test class that derives from `MailboxContract` and has a fixture `plug`.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import pytest
from pydantic import ValidationError

from edi_gateway.issues import GatewayError
from edi_gateway.ports import Claimed, Compares, Fetched, Looks, Parcel, Pushed, Settled, Sighting, Surveys, Transport
from edi_gateway.transports import _names

NOON = datetime(2024, 5, 17, 12, 0, 0, tzinfo=UTC)

NAMES = (
    "order.edi", "two words.edi", "-rf.edi", "größe 注文 🛒.edi", "UPPER.EDI", "semi;colon$(x)`y`'.edi", "a.b.c.edi",
)
NOT_WHOLE = (".order.edi", "order.edi.tmp", "order.edi.part", "order.edi.filepart", ".order.edi.part", "order.edi~")
NO_NAMES = (
    "", ".", "..", "../order.edi", "/etc/order.edi", "sub/order.edi", "sub\\order.edi", "a\nb.edi", "a\x00b.edi",
    "a\x7fb.edi", "a\x1b[2Jb.edi", "\udcff.edi", "a\u2028b.edi", "x" * 300 + ".edi",
)


class Plug(Protocol):
    """A mailbox seen from its partner's side, by other means than the transport's own."""

    def open(self, **options: Any) -> Transport:
        """The transport, with these options beside those that lead to the mailbox."""

    def put(self, name: str, content: bytes, modified: datetime = NOON) -> None:
        """Drops a file for us to collect."""

    def waiting(self) -> dict[str, bytes]:
        """The files in the folder we collect from."""

    def archived(self) -> dict[str, bytes]:
        """The files we moved away."""

    def delivered(self) -> dict[str, bytes]:
        """All files in the folder we deliver to, the hidden ones too."""

    def put_delivered(self, name: str, content: bytes) -> None:
        """Puts a file into the folder we deliver to."""

    def deny(self, right: str) -> None:
        """Takes away the right to list, read, write, rename or delete, on the files there are now."""

    def grant(self, right: str) -> None:
        """Gives the right back."""

    def lose(self, folder: str) -> None:
        """Removes the folder `collect` or `deliver`, empty as it is."""


def parcel(name: str, content: bytes, number: int = 1, *, begun: bool = False) -> Parcel:
    return Parcel(number, "acme", name, content, begun=begun)


def sighting(name: str, size_bytes: int = 3) -> Sighting:
    return Sighting(name, size_bytes, None)


def fault_of(call: Callable[[], object]) -> str:
    """The code of the kind that the call raises."""
    with pytest.raises(GatewayError) as caught:
        call()
    return caught.value.kind.code


def code(answer: Fetched | Claimed | Settled | Pushed) -> str | None:
    """The code of an answer's fault."""
    return None if answer.fault is None else answer.fault.kind.code


def claim_all(mailbox: Transport) -> tuple[Sighting, ...]:
    """Claims what is listed. A transport that cannot claim leaves files open, and is held to no law of claims."""
    claims = list(mailbox.claim(mailbox.list()))
    if {claim.outcome for claim in claims} == {"open"}:
        pytest.skip("this transport does not claim")
    assert {claim.outcome for claim in claims} == {"claimed"}
    return tuple(claim.sighting for claim in claims)


def direct(plug: Plug) -> dict[str, str]:
    """The option to write directly, where the transport has it."""
    try:
        plug.open(upload="direct")
    except ValidationError:
        pytest.skip("this transport has one way to deliver only")
    return {"upload": "direct"}


class MailboxContract:
    def test_an_empty_mailbox_lists_nothing(self, plug: Plug) -> None:
        with plug.open() as mailbox:
            assert mailbox.list() == ()

    def test_files_are_listed_by_name_with_size_and_time(self, plug: Plug) -> None:
        plug.put("b.edi", b"22", NOON)
        plug.put("a.edi", b"333", NOON + timedelta(seconds=1))
        with plug.open() as mailbox:
            seen = mailbox.list()
        assert [(file.name, file.size_bytes) for file in seen] == [("a.edi", 3), ("b.edi", 2)]
        assert [file.modified for file in seen] == [NOON + timedelta(seconds=1), NOON]

    def test_files_that_are_not_whole_are_passed_over(self, plug: Plug) -> None:
        for name in NOT_WHOLE:
            plug.put(name, b"half")
        with plug.open(extensions=()) as mailbox:
            assert mailbox.list() == ()

    def test_only_the_extensions_asked_for_are_collected(self, plug: Plug) -> None:
        for name in ("a.edi", "b.EDI", "c.pdf", "d"):
            plug.put(name, b"x")
        with plug.open(extensions=(".edi",)) as mailbox:
            assert [file.name for file in mailbox.list()] == ["a.edi", "b.EDI"]
        with plug.open(extensions=()) as mailbox:
            assert len(mailbox.list()) == 4

    @pytest.mark.parametrize("content", [b"", b"ISA*", bytes(range(256)), b"0123456789" * 120_000], ids=len)
    def test_what_was_put_is_what_is_fetched(self, plug: Plug, content: bytes) -> None:
        plug.put("order.edi", content)
        with plug.open() as mailbox:
            assert [fetched.content for fetched in mailbox.fetch(mailbox.list())] == [content]

    @pytest.mark.parametrize("content", [b"", b"ISA*", bytes(range(256)), b"0123456789" * 120_000], ids=len)
    def test_what_is_pushed_is_what_arrives(self, plug: Plug, content: bytes) -> None:
        with plug.open() as mailbox:
            assert [pushed.outcome for pushed in mailbox.push([parcel("answer.x12", content)])] == ["delivered"]
        assert plug.delivered() == {"answer.x12": content}

    def test_names_of_people_come_through_all_steps(self, plug: Plug) -> None:
        for name in NAMES:
            plug.put(name, name.encode())
        with plug.open() as mailbox:
            seen = mailbox.list()
            assert {file.sighting.name: file.content for file in mailbox.fetch(seen)} == {n: n.encode() for n in NAMES}
            assert [settled.fault for settled in mailbox.settle(seen)] == [None] * len(NAMES)
            pushed = list(mailbox.push([parcel(name, name.encode()) for name in NAMES]))
        assert {answer.outcome for answer in pushed} == {"delivered"}
        assert plug.waiting() == {}
        assert plug.delivered() == {name: name.encode() for name in NAMES}

    @pytest.mark.parametrize("name", NO_NAMES, ids=ascii)
    def test_a_name_that_is_no_file_name_never_leaves_the_folder(self, plug: Plug, name: str) -> None:
        with plug.open() as mailbox:
            [fetched] = mailbox.fetch([sighting(name)])
            [settled] = mailbox.settle([sighting(name)])
            [pushed] = mailbox.push([parcel(name, b"abc")])
        assert [code(fetched), code(settled), code(pushed)] == ["exchange.name-refused"] * 3
        assert plug.delivered() == {}

    @pytest.mark.parametrize("name", ["a\nb.edi", "a\x1b[2Jb.edi", "\udcffb.edi", "a\\b.edi"], ids=ascii)
    def test_a_file_whose_name_cannot_be_taken_is_told_and_left(self, plug: Plug, name: str) -> None:
        plug.put(name, b"abc")
        plug.put("z.edi", b"good")
        with plug.open() as mailbox:
            odd, good = mailbox.fetch(mailbox.list())
            assert code(odd) == "exchange.name-refused"
            assert odd.sighting.name.isascii()
            assert odd.sighting.name.isprintable()
            assert good.content == b"good"
            assert code(next(iter(mailbox.settle([odd.sighting])))) == "exchange.name-refused"
        assert set(plug.waiting()) == {name, "z.edi"}

    def test_one_bad_file_does_not_stop_the_next(self, plug: Plug) -> None:
        for name in ("b.edi", "d.edi"):
            plug.put(name, name.encode())
        plug.put("c.edi", b"x" * 2000)
        wished = {"a.edi": 3, "b.edi": 5, "c.edi": 2000, "../x": 3, "d.edi": 5}
        with plug.open(bytes_per_file_max=1000) as mailbox:
            fetched = list(mailbox.fetch([sighting(name, size) for name, size in wished.items()]))
        assert {file.sighting.name: file.content for file in fetched if file.content} == {
            "b.edi": b"b.edi", "d.edi": b"d.edi",
        }
        assert {file.sighting.name: code(file) for file in fetched if file.fault} == {
            "a.edi": "exchange.file-gone", "c.edi": "exchange.too-large", "../x": "exchange.name-refused",
        }

    @pytest.mark.parametrize("now", [b"longer than before", b"s"], ids=["grown", "shrunk"])
    def test_a_file_that_is_being_written_is_not_taken_half(self, plug: Plug, now: bytes) -> None:
        plug.put("order.edi", b"before")
        with plug.open() as mailbox:
            seen = mailbox.list()
            plug.put("order.edi", now)
            [fetched] = mailbox.fetch(seen)
        assert (fetched.content, code(fetched)) == (None, "exchange.changed-meanwhile")

    def test_a_file_that_grows_without_end_is_not_read_past_the_limit(self, plug: Plug) -> None:
        plug.put("order.edi", b"x" * 5000)
        with plug.open(bytes_per_file_max=1000) as mailbox:
            [fetched] = mailbox.fetch([sighting("order.edi", 900)])
        assert (fetched.content, code(fetched)) == (None, "exchange.changed-meanwhile")

    def test_a_round_has_an_end(self, plug: Plug) -> None:
        for number in range(5):
            plug.put(f"{number}.edi", b"x")
        with plug.open(files_per_round_max=3) as mailbox:
            assert [file.sighting.name for file in mailbox.fetch(mailbox.list())] == ["0.edi", "1.edi", "2.edi"]

    def test_files_that_stay_do_not_keep_new_ones_away(self, plug: Plug) -> None:
        for number in range(3):
            plug.put(f"{number}.edi", b"stays", NOON)
        plug.put("9.edi", b"new", NOON + timedelta(minutes=1))
        with plug.open(files_per_round_max=3) as mailbox:
            assert [file.sighting.name for file in mailbox.fetch(mailbox.list())] == ["0.edi", "1.edi", "9.edi"]

    def test_what_is_settled_is_gone(self, plug: Plug) -> None:
        plug.put("a.edi", b"x")
        plug.put("b.edi", b"y")
        with plug.open() as mailbox:
            first, _ = mailbox.list()
            assert [settled.fault for settled in mailbox.settle([first])] == [None]
        assert plug.waiting() == {"b.edi": b"y"}

    def test_a_file_already_gone_counts_as_settled(self, plug: Plug) -> None:
        with plug.open() as mailbox:
            assert [settled.fault for settled in mailbox.settle([sighting("gone.edi")])] == [None]
        with plug.open(after="move") as mailbox:
            assert [settled.fault for settled in mailbox.settle([sighting("gone.edi")])] == [None]

    def test_what_is_moved_stands_in_the_archive(self, plug: Plug) -> None:
        plug.put("order.edi", b"x")
        with plug.open(after="move") as mailbox:
            assert [settled.fault for settled in mailbox.settle(mailbox.list())] == [None]
            assert mailbox.list() == ()
        assert plug.waiting() == {}
        assert plug.archived() == {"order.edi": b"x"}

    def test_a_move_never_overwrites_what_was_moved_before(self, plug: Plug) -> None:
        with plug.open(after="move") as mailbox:
            for content in (b"one", b"two", b"three"):
                plug.put("order.edi", content)
                assert [settled.fault for settled in mailbox.settle(mailbox.list())] == [None]
        assert sorted(plug.archived().values()) == [b"one", b"three", b"two"]
        assert all(name.startswith("order") and name.endswith(".edi") for name in plug.archived())

    def test_an_archive_that_holds_a_name_too_often_is_told_and_nothing_in_it_is_overwritten(
        self, plug: Plug, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(_names, "ARCHIVE_TRIES_MAX", 1)
        with plug.open(after="move") as mailbox:
            for content, told in ((b"one", None), (b"two", None), (b"three", "exchange.archive-full")):
                plug.put("order.edi", content)
                assert [code(settled) for settled in mailbox.settle(mailbox.list())] == [told]
        assert plug.waiting() == {"order.edi": b"three"}
        assert sorted(plug.archived().values()) == [b"one", b"two"]

    @pytest.mark.parametrize("after", ["delete", "move"])
    @pytest.mark.parametrize(("content", "modified"), [(b"longer", NOON), (b"abc", NOON + timedelta(seconds=5))])
    def test_a_file_that_changed_after_it_was_listed_is_left_alone(
        self, plug: Plug, after: str, content: bytes, modified: datetime
    ) -> None:
        plug.put("order.edi", b"old", NOON)
        plug.put("same.edi", b"old", NOON)
        with plug.open(after=after) as mailbox:
            seen = mailbox.list()
            plug.put("order.edi", content, modified)
            assert [code(settled) for settled in mailbox.settle(seen)] == ["exchange.changed-meanwhile", None]
        assert plug.waiting() == {"order.edi": content}

    def test_a_delivered_name_never_shows_half_a_file(self, plug: Plug) -> None:
        contents = {f"{number}.x12": bytes([number]) * 300_000 for number in range(20)}
        shown: list[tuple[str, bytes]] = []
        done = threading.Event()

        def watch() -> None:
            while not done.is_set():
                shown.extend(item for item in plug.delivered().items() if not item[0].startswith("."))

        watcher = threading.Thread(target=watch)
        watcher.start()
        with plug.open() as mailbox:
            pushed = list(mailbox.push([parcel(name, content) for name, content in contents.items()]))
        done.set()
        watcher.join()
        assert {answer.outcome for answer in pushed} == {"delivered"}
        assert all(contents[name] == content for name, content in shown)
        assert plug.delivered() == contents

    def test_what_stands_under_the_name_is_never_overwritten(self, plug: Plug) -> None:
        plug.put_delivered("answer.x12", b"theirs")
        with plug.open() as mailbox:
            taken, other = mailbox.push([parcel("answer.x12", b"ours"), parcel("other.x12", b"other", 2)])
        assert (taken.outcome, code(taken), other.outcome) == ("failed", "exchange.name-taken", "delivered")
        assert plug.delivered() == {"answer.x12": b"theirs", "other.x12": b"other"}

    def test_the_same_bytes_under_the_same_name_are_delivered_once(self, plug: Plug) -> None:
        with plug.open() as mailbox:
            for _ in range(2):
                assert [pushed.outcome for pushed in mailbox.push([parcel("answer.x12", b"ours")])] == ["delivered"]
        assert plug.delivered() == {"answer.x12": b"ours"}

    def test_of_two_parcels_of_one_name_one_is_delivered(self, plug: Plug) -> None:
        with plug.open() as mailbox:
            pushed = list(mailbox.push([parcel("answer.x12", b"first", 1), parcel("answer.x12", b"second", 2)]))
        assert sorted(answer.outcome for answer in pushed) == ["delivered", "failed"]
        [delivered] = [answer.parcel.content for answer in pushed if answer.outcome == "delivered"]
        assert plug.delivered() == {"answer.x12": delivered}

    def test_a_leftover_of_an_earlier_try_is_written_over(self, plug: Plug) -> None:
        plug.put_delivered(".answer.x12.part", b"a longer leftover of an earlier try")
        with plug.open() as mailbox:
            assert [pushed.outcome for pushed in mailbox.push([parcel("answer.x12", b"ours")])] == ["delivered"]
        assert plug.delivered() == {"answer.x12": b"ours"}

    @pytest.mark.parametrize("name", NOT_WHOLE)
    def test_nothing_is_delivered_under_a_hidden_name(self, plug: Plug, name: str) -> None:
        with plug.open() as mailbox:
            assert [code(pushed) for pushed in mailbox.push([parcel(name, b"x")])] == ["exchange.name-refused"]

    def test_a_missing_list_right_is_told_until_it_is_back(self, plug: Plug) -> None:
        plug.put("order.edi", b"abc")
        plug.deny("list")
        with plug.open() as mailbox:
            assert fault_of(mailbox.list) == "exchange.list-denied"
            plug.grant("list")
            assert len(mailbox.list()) == 1

    def test_a_missing_read_right_is_told_until_it_is_back(self, plug: Plug) -> None:
        plug.put("order.edi", b"abc")
        plug.deny("read")
        with plug.open() as mailbox:
            seen = mailbox.list()
            assert [code(fetched) for fetched in mailbox.fetch(seen)] == ["exchange.read-denied"]
            plug.grant("read")
            assert [fetched.content for fetched in mailbox.fetch(seen)] == [b"abc"]

    def test_a_missing_write_right_is_told_until_it_is_back(self, plug: Plug) -> None:
        plug.deny("write")
        with plug.open() as mailbox:
            [pushed] = mailbox.push([parcel("answer.x12", b"x")])
            assert (pushed.outcome, code(pushed)) == ("failed", "exchange.write-denied")
            plug.grant("write")
            assert [pushed.outcome for pushed in mailbox.push([parcel("answer.x12", b"x")])] == ["delivered"]

    def test_a_missing_delete_right_is_told_until_it_is_back(self, plug: Plug) -> None:
        plug.put("order.edi", b"abc")
        plug.deny("delete")
        with plug.open() as mailbox:
            seen = mailbox.list()
            assert [code(settled) for settled in mailbox.settle(seen)] == ["exchange.delete-denied"]
            assert plug.waiting() == {"order.edi": b"abc"}
            plug.grant("delete")
            assert [code(settled) for settled in mailbox.settle(seen)] == [None]
        assert plug.waiting() == {}

    def test_a_missing_rename_right_is_told_until_it_is_back(self, plug: Plug) -> None:
        with plug.open(after="move") as mailbox:
            plug.put("first.edi", b"x")
            assert [code(settled) for settled in mailbox.settle(mailbox.list())] == [None]
            plug.put("order.edi", b"abc")
            plug.deny("rename")
            seen = mailbox.list()
            assert [code(settled) for settled in mailbox.settle(seen)] == ["exchange.rename-denied"]
            assert plug.waiting() == {"order.edi": b"abc"}
            plug.grant("rename")
            assert [code(settled) for settled in mailbox.settle(seen)] == [None]
        assert plug.archived() == {"first.edi": b"x", "order.edi": b"abc"}

    def test_a_missing_folder_is_told(self, plug: Plug) -> None:
        plug.lose("collect")
        plug.lose("deliver")
        with plug.open() as mailbox:
            assert fault_of(mailbox.list) == "exchange.folder-missing"
            assert [code(pushed) for pushed in mailbox.push([parcel("a.x12", b"x")])] == ["exchange.folder-missing"]

    def test_a_caller_may_stop_listening(self, plug: Plug) -> None:
        for number in range(10):
            plug.put(f"{number}.edi", b"x")
        with plug.open() as mailbox:
            seen = mailbox.list()
            for _ in mailbox.fetch(seen):
                break
            assert len(list(mailbox.fetch(seen))) == 10

    def test_five_hundred_files_go_in_one_round(self, plug: Plug) -> None:
        contents = {f"{number:03}.edi": f"order {number}".encode() for number in range(500)}
        for name, content in contents.items():
            plug.put(name, content)
        with plug.open() as mailbox:
            seen = mailbox.list()
            assert {file.sighting.name: file.content for file in mailbox.fetch(seen)} == contents
            assert [settled.fault for settled in mailbox.settle(seen)] == [None] * 500
        assert plug.waiting() == {}

    def test_a_look_at_the_folder_we_deliver_to_writes_nothing_and_tells_when_it_is_missing(self, plug: Plug) -> None:
        with plug.open() as mailbox:
            if not isinstance(mailbox, Looks):
                pytest.skip("this transport cannot look")
            assert mailbox.look()
            assert plug.delivered() == {}
            plug.lose("deliver")
            assert fault_of(mailbox.look) == "exchange.folder-missing"

    def test_our_very_bytes_are_told_from_others_and_from_none(self, plug: Plug) -> None:
        one, content = "a.edi", b"ISA*00~"
        with plug.open() as mailbox:
            if not isinstance(mailbox, Compares):
                pytest.skip("this transport cannot compare")
            assert mailbox.holds(parcel(one, content)) is None
            for other in (b"", b"ISA*00", b"ISA*00~~", b"ISA*01~"):
                plug.put_delivered(one, other)
                assert mailbox.holds(parcel(one, content)) is False
            plug.put_delivered(one, content)
            assert mailbox.holds(parcel(one, content)) is True
            assert plug.delivered() == {one: content}
            plug.deny("read")
            with suppress(GatewayError):
                assert mailbox.holds(parcel(one, content)) is True
            with pytest.raises(GatewayError):
                mailbox.holds(parcel("../a.edi", content))

    def test_a_mailbox_tells_its_habits(self, plug: Plug) -> None:
        with plug.open(stable_seconds=7, unclosed_rounds_max=5, files_per_round_max=9) as mailbox:
            habits = mailbox.habits
        assert not habits.leaves
        assert (habits.stable_seconds, habits.unclosed_rounds_max, habits.files_per_round_max) == (7, 5, 9)

    def test_only_the_names_asked_for_are_collected(self, plug: Plug) -> None:
        for name in ("PO_1.txt", "po_2.TXT", "INV_1.txt", "PO_3.pdf"):
            plug.put(name, b"x")
        with plug.open(names=("PO_*.txt", "none*")) as mailbox:
            assert [file.name for file in mailbox.list()] == ["PO_1.txt", "po_2.TXT"]

    def test_a_file_that_is_left_stays_as_it_is(self, plug: Plug) -> None:
        plug.put("order.edi", b"abc")
        with plug.open(after="leave", claim=True) as mailbox:
            assert mailbox.habits.leaves
            seen = mailbox.list()
            assert [claim.outcome for claim in mailbox.claim(seen)] == ["open"]
            assert [settled.fault for settled in mailbox.settle(seen)] == [None]
            assert mailbox.list() == seen
        assert plug.waiting() == {"order.edi": b"abc"}

    def test_a_channel_claims_unless_it_is_told_otherwise(self, plug: Plug) -> None:
        plug.put("order.edi", b"abc")
        with plug.open(mark="m1") as mailbox:
            claim_all(mailbox)
            assert not mailbox.habits.claims_told
        assert plug.waiting() == {".order.edi.m1.taken": b"abc"}

    def test_nothing_is_renamed_where_the_channel_does_not_claim(self, plug: Plug) -> None:
        plug.put("order.edi", b"abc")
        with plug.open(claim=False) as mailbox:
            seen = mailbox.list()
            assert [(claim.outcome, claim.sighting) for claim in mailbox.claim(seen)] == [("open", seen[0])]
        assert plug.waiting() == {"order.edi": b"abc"}

    def test_a_claimed_file_keeps_its_bytes_and_its_time_under_a_hidden_name(self, plug: Plug) -> None:
        for name in NAMES:
            plug.put(name, name.encode())
        with plug.open(claim=True, mark="m1") as mailbox:
            before = mailbox.list()
            claimed = claim_all(mailbox)
            assert set(plug.waiting()) == {f".{name}.m1.taken" for name in NAMES}
            assert mailbox.list() == claimed
            assert [(file.name, file.size_bytes, file.modified) for file in claimed] == [
                (file.name, file.size_bytes, file.modified) for file in before
            ]
            assert [file.content for file in mailbox.fetch(claimed)] == [file.name.encode() for file in before]

    def test_a_claim_is_found_again_and_only_by_the_house_that_made_it(self, plug: Plug) -> None:
        plug.put("order.edi", b"abc")
        with plug.open(claim=True, mark="m1") as mailbox:
            claimed = claim_all(mailbox)
        with plug.open(mark="m2", extensions=()) as other:
            assert other.list() == ()
        with plug.open(mark="m1", extensions=(".x12",)) as again:
            assert again.list() == claimed
            assert [claim.outcome for claim in again.claim(claimed)] == ["claimed"]
            assert [settled.fault for settled in again.settle(claimed)] == [None]
        assert plug.waiting() == {}

    def test_a_claimed_file_is_moved_under_its_own_name(self, plug: Plug) -> None:
        plug.put("order.edi", b"abc")
        with plug.open(claim=True, after="move") as mailbox:
            assert [settled.fault for settled in mailbox.settle(claim_all(mailbox))] == [None]
        assert plug.waiting() == {}
        assert plug.archived() == {"order.edi": b"abc"}

    def test_a_file_that_changed_before_the_claim_is_lost_to_it_and_a_new_arrival(self, plug: Plug) -> None:
        plug.put("order.edi", b"abc")
        with plug.open(claim=True) as mailbox:
            claim_all(mailbox)
            plug.put("other.edi", b"abc")
            [_, old] = mailbox.list()
            plug.put("other.edi", b"abcd", NOON + timedelta(seconds=5))
            [claim] = mailbox.claim([old])
            assert (claim.outcome, code(claim)) == ("lost", "exchange.changed-meanwhile")
            [_, new] = mailbox.list()
            assert [file.content for file in mailbox.fetch([new])] == [b"abcd"]

    def test_a_file_that_vanished_before_the_claim_is_lost_to_it(self, plug: Plug) -> None:
        plug.put("a.edi", b"abc")
        plug.put("b.edi", b"abc")
        with plug.open(claim=True) as mailbox:
            claim_all(mailbox)
            answers = list(mailbox.claim([sighting("gone.edi"), *mailbox.list()]))
            assert [(claim.outcome, code(claim)) for claim in answers] == [
                ("lost", "exchange.file-gone"), ("claimed", None), ("claimed", None),
            ]

    def test_a_file_of_the_same_name_beside_a_claim_overwrites_nothing(self, plug: Plug) -> None:
        plug.put("order.edi", b"first")
        with plug.open(claim=True) as mailbox:
            [first] = claim_all(mailbox)
            plug.put("order.edi", b"second")
            seen = mailbox.list()
            claims = list(mailbox.claim(seen))
            assert sorted(claim.outcome for claim in claims) == ["claimed", "open"]
            assert [claim.fault for claim in claims] == [None, None]
            assert {file.content for file in mailbox.fetch(seen)} == {b"first", b"second"}
            assert [settled.fault for settled in mailbox.settle([first])] == [None]
        assert plug.waiting() == {"order.edi": b"second"}

    def test_a_file_that_may_not_be_renamed_stays_open_and_is_settled_all_the_same(self, plug: Plug) -> None:
        plug.put("a.edi", b"x")
        with plug.open(claim=True) as mailbox:
            claim_all(mailbox)
            plug.put("order.edi", b"abc")
            plug.deny("rename")
            [_, seen] = mailbox.list()
            [claim] = mailbox.claim([seen])
            assert (claim.outcome, code(claim), claim.sighting) == ("open", "exchange.rename-denied", seen)
            plug.grant("rename")
            assert [settled.fault for settled in mailbox.settle([seen])] == [None]

    def test_a_file_whose_hidden_name_would_be_too_long_stays_open_and_is_taken(self, plug: Plug) -> None:
        name = f"{'x' * 244}.edi"
        plug.put("a.edi", b"x")
        plug.put(name, b"abc")
        with plug.open(claim=True) as mailbox:
            *_, seen = mailbox.list()
            assert (seen.name, [file.content for file in mailbox.fetch([seen])]) == (name, [b"abc"])
            assert [(claim.outcome, claim.fault) for claim in mailbox.claim([seen])] == [("open", None)]
            assert [settled.fault for settled in mailbox.settle([seen])] == [None]
        assert set(plug.waiting()) == {"a.edi"}

    def test_everything_that_lies_there_is_surveyed_with_what_becomes_of_it(self, plug: Plug) -> None:
        lying = {
            "PO_1.edi": (None, None), "PO_1.pdf": ("extension", None), "INV_1.edi": ("name", None),
            ".PO_2.edi.part": ("hidden", None), ".PO_3.edi.other.taken": ("claimed", None),
            ".PO_4.edi.m1.taken": (None, None), "PO_large.edi": (None, "too large"), "PO_\n.edi": (None, "badly named"),
        }
        for name in lying:
            plug.put(name, b"x" * (2000 if "large" in name else 10))
        with plug.open(names=("PO_*",), bytes_per_file_max=1000, mark="m1") as mailbox:
            listed = mailbox.list()
            if not isinstance(mailbox, Surveys):
                pytest.skip("this transport gives no account of what it passes over")
            seen = {file.lies_as: file for file in mailbox.survey()}
        told = {name: (file.passed_over, file.refused) for name, file in seen.items()}
        assert told == {name.replace("\n", "\\n"): fate for name, fate in lying.items()}
        assert [file.sighting for file in seen.values() if not file.passed_over] == list(listed)
        assert {file.sighting.name for file in seen.values() if file.sighting.claimed} == {"PO_4.edi"}
        assert {file.sighting.modified for file in seen.values()} == {NOON}

    def test_another_houses_claim_is_given_back_under_its_own_name_and_overwrites_nothing(self, plug: Plug) -> None:
        plug.put(".order.edi.gone.taken", b"abc")
        plug.put("a.pdf", b"x")
        with plug.open(mark="m1") as mailbox:
            assert mailbox.list() == ()
            if not isinstance(mailbox, Surveys):
                pytest.skip("this transport gives no account of what it passes over")
            claim, other = mailbox.survey()
            plug.put("order.edi", b"theirs")
            assert fault_of(lambda: mailbox.unclaim(claim)) == "exchange.own-name-taken"
            assert fault_of(lambda: mailbox.unclaim(other)) == "exchange.name-refused"
            assert [settled.fault for settled in mailbox.settle(mailbox.list())] == [None]
            mailbox.unclaim(claim)
            assert [file.content for file in mailbox.fetch(mailbox.list())] == [b"abc"]
            assert plug.waiting() == {"order.edi": b"abc", "a.pdf": b"x"}
            assert [settled.fault for settled in mailbox.settle(mailbox.list())] == [None]
            assert fault_of(lambda: mailbox.unclaim(claim)) == "exchange.file-gone"

    def test_a_claim_that_may_not_be_given_back_is_told(self, plug: Plug) -> None:
        plug.put(".order.edi.gone.taken", b"abc")
        with plug.open(mark="m1") as mailbox:
            mailbox.list()
            if not isinstance(mailbox, Surveys):
                pytest.skip("this transport gives no account of what it passes over")
            plug.deny("rename")
            assert fault_of(lambda: mailbox.unclaim(mailbox.survey()[0])) == "exchange.rename-denied"
            plug.grant("rename")
        assert set(plug.waiting()) == {".order.edi.gone.taken"}

    @pytest.mark.parametrize("name", NO_NAMES, ids=ascii)
    def test_a_name_that_is_no_file_name_is_never_claimed(self, plug: Plug, name: str) -> None:
        plug.put("a.edi", b"x")
        with plug.open(claim=True) as mailbox:
            claim_all(mailbox)
            assert [code(claim) for claim in mailbox.claim([sighting(name)])] == ["exchange.name-refused"]

    @pytest.mark.parametrize("content", [b"", b"ISA*", b"0123456789" * 120_000], ids=len)
    def test_what_is_written_directly_is_what_arrives(self, plug: Plug, content: bytes) -> None:
        with plug.open(**direct(plug)) as mailbox:
            for _ in range(2):
                answers = list(mailbox.push([parcel("answer.x12", content)]))
                assert [pushed.outcome for pushed in answers] == ["delivered"]
        assert plug.delivered() == {"answer.x12": content}

    def test_writing_directly_needs_no_rename_and_overwrites_nothing_of_theirs(self, plug: Plug) -> None:
        plug.put_delivered("theirs.x12", b"theirs")
        with plug.open(**direct(plug)) as mailbox:
            taken, other = mailbox.push([parcel("theirs.x12", b"ours"), parcel("other.x12", b"other", 2)])
        assert (taken.outcome, code(taken), other.outcome) == ("failed", "exchange.name-taken", "delivered")
        assert plug.delivered() == {"theirs.x12": b"theirs", "other.x12": b"other"}

    @pytest.mark.parametrize("theirs", [b"", b"ou"], ids=["empty", "beginning"])
    def test_writing_directly_overwrites_nothing_of_theirs_that_happens_to_begin_as_ours(
        self, plug: Plug, theirs: bytes
    ) -> None:
        plug.put_delivered("theirs.x12", theirs)
        with plug.open(**direct(plug)) as mailbox:
            for _ in range(2):
                [pushed] = mailbox.push([parcel("theirs.x12", b"ours")])
                assert (pushed.outcome, code(pushed), pushed.begun) == ("failed", "exchange.name-taken", False)
        assert plug.delivered() == {"theirs.x12": theirs}

    def test_writing_directly_finishes_what_is_known_to_be_begun_and_nothing_else(self, plug: Plug) -> None:
        plug.put_delivered("half.x12", b"ou")
        plug.put_delivered("other.x12", b"xy")
        with plug.open(**direct(plug)) as mailbox:
            names = ("half.x12", "other.x12", "new.x12")
            answers = list(mailbox.push([parcel(name, b"ours", begun=True) for name in names]))
        assert [code(pushed) for pushed in answers] == [None, "exchange.name-taken", None]
        assert plug.delivered() == {"half.x12": b"ours", "other.x12": b"xy", "new.x12": b"ours"}
