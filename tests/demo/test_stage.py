"""Laws of the stage: what is made up comes from the seed, and a used folder is left alone."""

from pathlib import Path

import pytest

from edi_gateway.demo import script, stage
from edi_gateway.issues import GatewayError

SCRIPT = script.load()


def made_up(folder: Path, seed: int) -> dict[str, str]:
    with stage.build(SCRIPT, folder, seed) as built:
        houses = [gateway.directory for gateway in built.gateways]
    made = (file for house in houses for file in house.rglob("*.*[dl]") if file.is_file())
    return {str(file.relative_to(folder)): file.read_text() for file in made}


def test_the_same_seed_makes_up_the_same_house(tmp_path: Path) -> None:
    first, second = made_up(tmp_path / "first", 5), made_up(tmp_path / "second", 5)
    assert first == second
    assert {"seller/gateway.toml", "seller/secrets/wharf.password", "retailer/secrets/fern-hill.password"} <= set(first)
    assert first != made_up(tmp_path / "third", 6)


def test_a_used_folder_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(GatewayError) as refused, stage.build(SCRIPT, tmp_path, 1):
        pass
    assert refused.value.kind.code == "settings.house-exists"
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]
