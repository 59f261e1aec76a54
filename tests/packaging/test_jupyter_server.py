"""Jupyter's server finds Whence's extension once the wheel is installed: nothing else to do."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.conftest import run, uv


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` folder of an environment with the wheel and a Jupyter server."""
    folder = tmp_path_factory.mktemp("jupyter") / "venv"
    run(uv(), "venv", "--python", sys.executable, folder)
    python = folder / "bin" / "python"
    run(uv(), "pip", "install", "--python", python, wheel, "jupyter_server")
    return folder / "bin"


def test_jupyter_server_lists_the_extension_as_ok(environment: Path, tmp_path: Path) -> None:
    own = {"JUPYTER_CONFIG_DIR": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(
        [environment / "jupyter", "server", "extension", "list"],
        capture_output=True, text=True, cwd=tmp_path, env={**os.environ, **own},
    )  # fmt: skip
    told = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)

    assert done.returncode == 0, told
    assert re.search(r"whence\.jupyter enabled", told), told
    assert re.search(r"whence\.jupyter \S+ OK", told), told


def test_what_the_server_looks_at_first_loads_neither_tornado_nor_ipython(
    environment: Path, tmp_path: Path
) -> None:
    code = (
        "import sys, whence.jupyter; found = {name.partition('.')[0] for name in sys.modules};"
        "print(sorted(found & {'tornado', 'IPython', 'jupyter_server', 'zmq', 'ipykernel'}),"
        "whence.jupyter._jupyter_server_extension_points())"
    )

    assert run(environment / "python", "-c", code, cwd=tmp_path) == (
        "[] [{'module': 'whence.jupyter'}]\n"
    )
