"""The wheel, built once, and empty environments to install it in."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def uv() -> str:
    """The uv of this machine, or the one that `make` fetched."""
    here = ROOT / ".uv" / "bin" / "uv"
    return str(here) if here.exists() else shutil.which("uv") or pytest.skip("uv is not here")


def run(*command: str | Path, **options) -> str:
    """What a command printed; its error output is shown when it fails."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def python_at_hand(minor: int) -> str | None:
    """The working interpreter 3.``minor`` of this machine, if there is one."""
    managed = Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python")
    for candidate in (f"python3.{minor}", *map(str, managed)):
        check = f"import sys; sys.exit(sys.version_info[:2] != (3, {minor}))"
        try:
            if subprocess.run([candidate, "-c", check], capture_output=True).returncode == 0:
                return candidate
        except OSError:
            continue
    return None


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run(uv(), "build", "--wheel", "--python", sys.executable, "--out-dir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session", params=["oldest", "newest"])
def installed(request, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` folder of an environment that holds the wheel and what it depends on."""
    minors = (11, 12, 13, 14) if request.param == "oldest" else (14, 13, 12)
    python = next(filter(None, map(python_at_hand, minors)), None)
    if python is None:
        pytest.skip("no newer Python is here" if request.param == "newest" else "no Python 3.11")
    folder = tmp_path_factory.mktemp(request.param) / "venv"
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    run(uv(), "venv", "--python", python, folder, env=environment)
    run(uv(), "pip", "install", "--python", folder / "bin" / "python", wheel, env=environment)
    return folder / "bin"
