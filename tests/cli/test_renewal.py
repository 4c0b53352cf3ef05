"""A gateway that runs goes by its files as they are now."""

import os
import shutil
import threading
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from edi_gateway import settings, wiring
from edi_gateway.cli import poll
from edi_gateway.flows import renewal
from edi_gateway.flows.house import BOOKS, House
from edi_gateway.flows.turns import Turns
from edi_gateway.issues import GatewayError, internal
from edi_gateway.ports import Unit
from edi_gateway.queues import local
from edi_gateway.store import stamps
from tests.cli.program import run
from tests.cli.test_run import running, wait
from tests.flows.stage import envelope, order
from tests.transports.disk import as_unprivileged, give, open_ground

FOLDER = 'transport = "folder"'
PARTNER = "mappings/partners/birch/partner.toml"


def configured(house: Path, old: str, new: str) -> str:
    """Changes the configuration; returns it as it was."""
    before = (house / "gateway.toml").read_text("utf-8")
    (house / "gateway.toml").write_text(before.replace(old, new), "utf-8")
    return before


def put(house: Path, number: int, *more: str) -> Path:
    """An order in the mailbox."""
    file = house / f"mailbox/out/{number}.edi"
    file.write_text(envelope(order(f"PO-{number}"), icn=number, group=number) + "".join(more), "utf-8")
    return file


def told(house: Path, word: str) -> bool:
    """Whether the log says so."""
    return word in (house / "log").read_text("utf-8")


def kinds(house: Path) -> set[str]:
    """What is open at the desk."""
    return {row["kind"] for row in run("issues", "--json", "--dir", house).rows}


def test_a_channel_that_is_switched_off_rests_and_works_again_when_it_is_switched_on(trading: Path) -> None:
    configured(trading, FOLDER, f"{FOLDER}\nevery_seconds = 0.2")
    first = put(trading, 3)
    with running(trading):
        wait(lambda: not first.exists())
        before = configured(trading, FOLDER, f"{FOLDER}\nenabled = false")
        wait(lambda: told(trading, "changed files taken"))
        # A round that was in hand goes to its end first.
        time.sleep(1)
        file = put(trading, 4)
        time.sleep(1)
        assert file.exists()
        (trading / "gateway.toml").write_text(before, "utf-8")
        wait(lambda: not file.exists())


def test_while_the_configuration_has_a_fault_the_gateway_goes_by_the_last_good_one(trading: Path) -> None:
    configured(trading, FOLDER, f"{FOLDER}\nevery_seconds = 0.2")
    with running(trading):
        before = configured(trading, "every_seconds = 0.2", "every_seconds = 0.2\ncolour = 1")
        wait(lambda: told(trading, "settings.invalid"))
        assert "settings.invalid" in kinds(trading)
        file = put(trading, 3)
        wait(lambda: not file.exists())
        (trading / "gateway.toml").write_text(before, "utf-8")
        wait(lambda: told(trading, "changed files taken"))
    assert "settings.invalid" not in kinds(trading)


def test_in_its_blackout_a_channel_is_not_even_polled(trading: Path) -> None:
    configured(trading, FOLDER, f'{FOLDER}\nblackout = ["00:00-24:00"]')
    file = put(trading, 3)
    assert "blackout" in run("poll", "acme", "--dir", trading).err
    assert run("poll", "--dir", trading).code == 0
    assert file.exists()


def broken(house: Path) -> None:
    """Another partner, whose file has a fault, and a file with an interchange of each of the two."""
    (house / PARTNER).parent.mkdir(parents=True)
    (house / PARTNER).write_text("", "utf-8")
    assert run("partner", "add", "birch", "--ours", "ZZ:SELLER", "--theirs", "ZZ:BIRCH", "--channel", "acme",
               "--guide", "birch", "--partnership", "birch", "--price-list", "list", "--currency", "USD",
               "--dir", house).code == 0
    (house / PARTNER).write_text("[separators]\nelement = 5\n", "utf-8")
    theirs = envelope(order("PO-B"), icn=4, group=4).replace("ACME ", "BIRCH").replace("ACME", "BIRCH")
    put(house, 3, theirs)


def orders(house: Path) -> set[str]:
    return {row["number"] for row in run("orders", "--json", "--dir", house).rows}


def test_a_broken_partner_file_holds_its_own_interchanges_until_it_is_mended(trading: Path) -> None:
    """Of one file with two interchanges, that of the other partner goes on."""
    broken(trading)
    configured(trading, FOLDER, f"{FOLDER}\nevery_seconds = 0.2")
    with running(trading):
        wait(lambda: told(trading, "state=held") or told(trading, '"held"'))
        assert "mapping.partner-wrong" in kinds(trading)
        assert "PO-3" in orders(trading)
        assert "PO-B" not in orders(trading)
        (trading / PARTNER).write_text("", "utf-8")
        wait(lambda: "PO-B" in orders(trading))
    assert "mapping.partner-wrong" not in kinds(trading)


def test_where_nothing_runs_the_next_poll_lets_go_on_what_a_mended_file_held(trading: Path) -> None:
    broken(trading)
    for _ in range(2):
        run("poll", "--dir", trading)
        assert "PO-B" not in orders(trading)
        issues = run("issues", "--json", "--dir", trading).rows
        assert [row["count"] for row in issues if row["kind"] == "mapping.partner-wrong"] == [1]
    (trading / PARTNER).write_text("", "utf-8")
    run("poll", "--dir", trading)
    assert "PO-B" in orders(trading)
    assert "mapping.partner-wrong" not in kinds(trading)


def test_a_gateway_that_starts_lets_go_on_what_was_mended_while_it_did_not_run(trading: Path) -> None:
    broken(trading)
    run("poll", "--dir", trading)
    (trading / PARTNER).write_text("", "utf-8")
    with running(trading):
        wait(lambda: "PO-B" in orders(trading))


def test_a_round_that_began_before_a_file_was_mended_holds_nothing_for_good(trading: Path) -> None:
    """It has read the broken one before, and waits for the books while another takes the change."""
    broken(trading)
    with wiring.open_house(trading) as house:
        following = wiring.Following(settings.load(trading), house, "before")
        following.visit("acme")
        assert "mapping.partner-wrong" in kinds(trading)
        late = threading.Thread(target=following.visit, args=["acme"])
        with house.locks.hold(BOOKS):
            late.start()
            time.sleep(0.5)
            (trading / PARTNER).write_text("", "utf-8")
            following.renewed()
        late.join()
        following.tend()
    assert "PO-B" in orders(trading)
    assert "mapping.partner-wrong" not in kinds(trading)


def test_a_gateway_that_stops_before_it_has_seen_a_change_holds_nothing_for_good(trading: Path) -> None:
    """Another has taken the change meanwhile, and will not take it again."""
    broken(trading)
    with wiring.open_house(trading) as house:
        following = wiring.Following(settings.load(trading), house, "before")
        following.visit("acme")
        (trading / PARTNER).write_text("", "utf-8")
        wiring.let_go(trading, house)
        following.visit("acme")
        following.end()
    run("poll", "--dir", trading)
    assert "PO-B" in orders(trading)


def test_a_poll_that_is_interrupted_holds_nothing_for_good(trading: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(trading)

    def interrupted(house: House, turns: Turns, channel: str) -> None:
        turns.visit(channel)
        (trading / PARTNER).write_text("", "utf-8")
        wiring.let_go(trading, house)
        turns.visit(channel)
        raise KeyboardInterrupt

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(poll, "_round", interrupted)
        run("poll", "--dir", trading)
    run("poll", "--dir", trading)
    assert "PO-B" in orders(trading)


def test_a_poll_beside_which_a_file_is_mended_holds_nothing_for_good(trading: Path) -> None:
    broken(trading)
    with wiring.open_house(trading) as house:
        begun = wiring.let_go(trading, house)
        Turns(house, ["acme"]).visit("acme")
        (trading / PARTNER).write_text("", "utf-8")
        wiring.let_go(trading, house)
        Turns(house, ["acme"]).visit("acme")
        assert "PO-B" not in orders(trading)
        wiring.let_go(trading, house, begun)
    run("poll", "--dir", trading)
    assert "PO-B" in orders(trading)


@pytest.mark.parametrize("content", ["", "[oddly"], ids=["mended", "broken"])
def test_a_change_that_comes_while_the_database_cannot_be_used_is_taken_or_told_later(
    trading: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    def locked() -> AbstractContextManager[Unit]:
        raise internal.DATABASE_UNUSABLE.error("database is locked")

    broken(trading)
    with wiring.open_house(trading) as house:
        following = wiring.Following(settings.load(trading), house, "before")
        following.visit("acme")
        (trading / PARTNER).write_text(content, "utf-8")
        with monkeypatch.context() as meanwhile:
            for way in ("unit", "reading"):
                meanwhile.setattr(house.store, way, locked)
            with pytest.raises(GatewayError):
                following.renewed()
        following.renewed()
        following.tend()
        told = renewal.told(house)
    assert ("PO-B" in orders(trading), told) == (not content, bool(content))


def test_a_folder_that_is_taken_away_while_it_is_looked_at_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = tmp_path / "mappings/partners/birch"
    going.mkdir(parents=True)
    real = os.scandir

    def scandir(folder: Any) -> Any:
        if Path(folder) == going:
            going.rmdir()
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    before = stamps.stamp(tmp_path, ("mappings",))
    assert (going.exists(), stamps.stamp(tmp_path, ("mappings",))) == (False, before)


def test_what_was_told_of_the_files_is_over_when_they_are_mended_before_the_next_start(trading: Path) -> None:
    with running(trading):
        before = configured(trading, FOLDER, f"{FOLDER}\ncolour = 1")
        wait(lambda: "settings.invalid" in kinds(trading))
    (trading / "gateway.toml").write_text(before, "utf-8")
    with running(trading):
        wait(lambda: "settings.invalid" not in kinds(trading))


def test_a_setting_that_a_round_could_not_use_is_no_issue_any_more_once_it_is_mended(trading: Path) -> None:
    before = configured(trading, FOLDER, f"{FOLDER}\ncolour = 1")
    assert run("poll", "--dir", trading).code == 2
    assert "settings.invalid" in kinds(trading)
    (trading / "gateway.toml").write_text(before, "utf-8")
    assert run("poll", "--dir", trading).code == 0
    assert "settings.invalid" not in kinds(trading)


def test_a_partner_whose_files_are_taken_away_is_not_taken_for_one_who_keeps_to_the_standard(trading: Path) -> None:
    broken(trading)
    (trading / PARTNER).parent.rename(trading / "away")
    run("poll", "--dir", trading)
    assert "mapping.partner-wrong" in kinds(trading)
    assert {"PO-3"} == orders(trading) & {"PO-3", "PO-B"}
    (trading / "away" / "partner.toml").write_text("", "utf-8")
    (trading / "away").rename((trading / PARTNER).parent)
    run("poll", "--dir", trading)
    assert "PO-B" in orders(trading)
    assert "mapping.partner-wrong" not in kinds(trading)


def test_a_channel_that_is_taken_away_just_as_its_visit_begins_is_no_fault(trading: Path) -> None:
    class Meanwhile(dict[str, local.Rhythm]):
        """Where the change is taken as soon as somebody has seen that the channel is to be visited."""

        def __contains__(self, channel: object) -> bool:
            (trading / "gateway.toml").write_text("", "utf-8")
            following.renewed()
            return super().__contains__(channel)

    with wiring.open_house(trading) as house:
        following = wiring.Following(settings.load(trading), house, "before")
        following.rhythms = Meanwhile(following.rhythms)
        following.visit("acme")
        assert not following.rhythms
    assert kinds(trading) == {"trade.price-differs"}


def test_a_channel_that_is_taken_away_just_as_a_poll_begins_is_no_fault(
    trading: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = wiring.open_house

    def too_late(directory: Path) -> AbstractContextManager[House]:
        (trading / "gateway.toml").write_text("", "utf-8")
        return opened(directory)

    monkeypatch.setattr(wiring, "open_house", too_late)
    assert run("poll", "--dir", trading).code == 0
    monkeypatch.undo()
    assert kinds(trading) == {"trade.price-differs"}


@pytest.mark.parametrize("locked", [PARTNER, str(Path(PARTNER).parent)])
def test_what_cannot_be_read_holds_what_is_its_partners_until_the_rights_are_given_back(
    trading: Path, locked: str
) -> None:
    """The rights alone change, neither a file's time nor its size."""
    broken(trading)
    (trading / PARTNER).write_text("", "utf-8")
    file = trading / "mailbox/out/3.edi"
    of_acme, _, of_birch = file.read_text("utf-8").partition("~ISA")
    file.write_text(f"ISA{of_birch}{of_acme}~", "utf-8")
    with open_ground() as ground:
        house = shutil.copytree(trading, ground / "house")
        # Whoever is not root may be unable to load what the program loads only now.
        run("poll", "--dir", trading)
        for path in (house, *house.rglob("*")):
            give(path)
        with as_unprivileged(ground):
            (house / locked).chmod(0)
            run("poll", "--dir", house)
            assert "settings.unreadable" in kinds(house)
            assert {"PO-3"} == orders(house) & {"PO-3", "PO-B"}
            (house / locked).chmod(0o700)
            run("poll", "--dir", house)
            assert "PO-B" in orders(house)
            assert "settings.unreadable" not in kinds(house)


def test_what_nobody_foresaw_in_a_changed_file_is_told_and_ends_no_gateway(
    trading: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_code(*_: object) -> None:
        raise ValueError("nobody foresaw this")

    with wiring.open_house(trading) as house:
        following = wiring.Following(settings.load(trading), house, "before")
        with monkeypatch.context() as change:
            change.setattr(wiring, "_try_out", broken_code)
            assert set(following.renewed()) == {"acme"}
        assert "internal.bug" in kinds(trading)
        configured(trading, FOLDER, f"{FOLDER}\nevery_seconds = 7")
        assert following.renewed()["acme"].every_seconds == 7
    assert "internal.bug" not in kinds(trading)


def test_what_asked_for_a_number_of_ours_is_over_when_the_partners_file_says_where_it_stands(trading: Path) -> None:
    (trading / PARTNER).parent.mkdir(parents=True)
    (trading / PARTNER).write_text("", "utf-8")
    for ours in ("11", "12"):
        assert run("partner", "add", "birch", "--ours", "ZZ:SELLER", "--theirs", "ZZ:BIRCH", "--channel", "acme",
                   "--guide", "birch", "--partnership", f"birch-{ours}", "--reference", ours, "--price-list", "list",
                   "--currency", "USD", "--dir", trading).code == 0
    for number in (3, 4):
        theirs = envelope(order(f"PO-{number}", reference="12"), icn=number, group=number, sender="BIRCH")
        (trading / f"mailbox/out/{number}.edi").write_text(theirs, "utf-8")
    run("poll", "--dir", trading)
    assert "trade.reference-unknown" in kinds(trading)
    (trading / PARTNER).write_text('[reference]\n850 = "REF[IA]02"\n', "utf-8")
    run("poll", "--dir", trading)
    assert {"PO-3", "PO-4"} <= orders(trading)
    assert "trade.reference-unknown" not in kinds(trading)


def test_a_channel_whose_secret_was_missing_is_taken_when_the_secret_is_there(trading: Path) -> None:
    birch = '\n[channels.birch]\ntransport = "sftp"\nhost = "birch.example"\nuser = "us"\ncollect = "/out"\n'
    birch += 'deliver = "/in"\npassword = "file:secrets/birch"\n'
    with (trading / "gateway.toml").open("a", encoding="utf-8") as file, wiring.open_house(trading) as house:
        following = wiring.Following(settings.load(trading), house, "before")
        file.write(birch)
        file.flush()
        assert set(following.renewed()) == {"acme"}
        assert "settings.secret-missing" in kinds(trading)
        (trading / "secrets").mkdir()
        (trading / "secrets/birch").write_text("hidden", "utf-8")
        assert set(following.renewed()) == {"acme", "birch"}
    assert "settings.secret-missing" not in kinds(trading)
