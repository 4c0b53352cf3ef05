"""The data shelf: layers, and nothing outside them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.issues import GatewayError
from edi_gateway.store.shelf import DataShelf, shipped


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A deployment's folder, with a secret beside its data."""
    (tmp_path / "mappings" / "partners" / "acme").mkdir(parents=True)
    (tmp_path / "mappings" / "partners" / "acme" / "partner.toml").write_text('name = "Acme Stores"\n')
    (tmp_path / "gateway.toml").write_text("[gateway]\n")
    return tmp_path


def test_what_came_with_the_gateway_is_found() -> None:
    shelf = DataShelf()
    assert shipped().joinpath("specs").is_dir()
    assert "README.md" in shelf.names("specs")
    assert shelf.read("specs/README.md") == (shipped() / "specs" / "README.md").read_bytes()


def test_a_deployments_folder_is_laid_over_ours(house: Path) -> None:
    shelf = DataShelf(house)
    assert shelf.rows("mappings/partners/acme/partner.toml") == {"name": "Acme Stores"}
    assert "acme" in shelf.names("mappings/partners")
    assert set(DataShelf().names("mappings/partners")) < set(shelf.names("mappings/partners"))


def test_the_last_layer_wins(house: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    over = tmp_path_factory.mktemp("over")
    (over / "mappings/partners/acme").mkdir(parents=True)
    (over / "mappings/partners/acme/partner.toml").write_text('name = "Acme West"\n')
    assert DataShelf(house, over).rows("mappings/partners/acme/partner.toml") == {"name": "Acme West"}


def test_what_is_not_there_is_none() -> None:
    shelf = DataShelf()
    assert shelf.read("specs/none.toml") is None
    assert shelf.rows("specs/none.toml") is None
    assert shelf.read("specs") is None
    assert shelf.names("specs/none") == ()


@pytest.mark.parametrize("path", [
    "gateway.toml", "specs/../gateway.toml", "mappings/partners/../../gateway.toml", "../specs/README.md", "", ".",
    "..", "/etc/passwd", "specs\\..\\gateway.toml", "specs/\0", "./gateway.toml", "mappings//../gateway.toml",
])
def test_no_path_leads_outside(house: Path, path: str) -> None:
    shelf = DataShelf(house)
    assert shelf.read(path) is None
    assert shelf.rows(path) is None
    assert shelf.names(path) == ()


_PARTS = st.sampled_from(["..", ".", "", "specs", "mappings", "gateway.toml", "~", "C:", "\\", "a\n"])


@given(st.lists(_PARTS, max_size=6))
def test_no_made_up_path_reads_the_configuration(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    house = tmp_path_factory.getbasetemp()
    (house / "gateway.toml").write_text("[gateway]\n")
    assert DataShelf(house).read("/".join(parts)) is None


def test_a_link_out_of_the_folder_names_nothing(house: Path) -> None:
    (house / "mappings" / "partners" / "acme" / "link.toml").symlink_to(house / "gateway.toml")
    assert DataShelf(house).rows("mappings/partners/acme/link.toml") is None


def test_a_top_folder_may_itself_be_a_link(house: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "mappings").symlink_to(house / "mappings")
    assert DataShelf(other).rows("mappings/partners/acme/partner.toml") == {"name": "Acme Stores"}


@pytest.mark.parametrize(("content", "line"), [
    (b'name = "Acme"\ncity = \n', 2), (b'name = "Acme\n', 1),
    (b"\n\nname = '\xff'\n", 3), (b"a = 1\n\na = 2\n", 3), (b"[a", 1),
])
def test_a_fault_in_a_file_names_the_file_and_the_line(house: Path, content: bytes, line: int) -> None:
    file = house / "mappings" / "partners" / "acme" / "partner.toml"
    file.write_bytes(content)
    with pytest.raises(GatewayError) as raised:
        DataShelf(house).rows("mappings/partners/acme/partner.toml")
    assert raised.value.kind.code == "settings.not-toml"
    assert raised.value.note.startswith(f"{file} line {line}: ")


def test_hidden_names_are_left_out(house: Path) -> None:
    (house / "mappings" / "partners" / ".git").mkdir()
    assert ".git" not in DataShelf(house).names("mappings/partners")
