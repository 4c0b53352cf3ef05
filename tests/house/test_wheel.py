"""The wheel: built, installed by the lock into an empty environment elsewhere, and used there."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent.parent / "edi_gateway"
PYTHONS = ("3.11", "3.12", "3.13")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (PACKAGE / "cli" / "__init__.py").is_file(), reason="there is no command line yet"),
]


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built by the locked backend."""
    folder = tmp_path_factory.mktemp("wheel")
    _said(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder), cwd=root)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_program_and_all_of_its_data(wheel: Path, root: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    data = [file for folder in ("specs", "mappings", "fixtures/x12/partners") for file in _files(root, folder)]
    program = [file for file in _files(root, "edi_gateway") if "__pycache__" not in file]
    assert held == {*program, *(f"edi_gateway/_data/{file}" for file in data)}
    assert {"edi_gateway/py.typed", "edi_gateway/gateway.toml", "edi_gateway/_data/specs/README.md"} <= held


@pytest.mark.parametrize("version", PYTHONS)
def test_the_wheel_works_in_an_empty_environment_elsewhere(
    version: str, wheel: Path, root: Path, tmp_path: Path
) -> None:
    python = _python(version)
    if python is None:
        pytest.skip(f"no Python {version} on this machine")
    command = _install(python, wheel, root / "requirements" / "run.txt", tmp_path / "env")
    order = next((root / "fixtures/x12").glob("[0-9]*/pass/*.edi"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(order, elsewhere / "order.edi")

    (verdict,) = _said(command, "validate", "--json", "order.edi", cwd=elsewhere).splitlines()
    assert json.loads(verdict)["accepted"]
    _said(command, "demo", "--once", "--dir", str(tmp_path / "demo"), cwd=elsewhere)


def _files(root: Path, folder: str) -> list[str]:
    return [file.relative_to(root).as_posix() for file in (root / folder).rglob("*") if file.is_file()]


def _install(python: str, wheel: Path, lock: Path, folder: Path) -> str:
    _said(python, "-m", "venv", str(folder))
    pip = (str(folder / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check", "install")
    _said(*pip, "--require-hashes", "--requirement", str(lock))
    _said(*pip, "--no-deps", "--no-index", str(wheel))
    return str(folder / "bin" / "edi-gateway")


@cache
def _python(version: str) -> str | None:
    """An interpreter of that version that truly runs and can make environments."""
    held = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    probe = f"import sys, venv, ensurepip; sys.exit('%d.%d' % sys.version_info[:2] != {version!r})"
    candidates = (sys.executable, f"python{version}", *sorted(map(str, held.glob(f"{version}.*/bin/python"))))
    return next((python for python in candidates if shutil.which(python) and _runs(python, probe)), None)


def _runs(python: str, probe: str) -> bool:
    return subprocess.run([python, "-c", probe], capture_output=True, check=False).returncode == 0


def _said(*command: str, cwd: Path | None = None) -> str:
    """What a command prints; it must succeed, and must not see this tree."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    ran = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=600)
    assert ran.returncode == 0, f"{' '.join(command)}\n{ran.stdout}{ran.stderr}"
    return ran.stdout
