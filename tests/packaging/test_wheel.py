"""The wheel is pure Python, holds what it should, and works in an empty environment."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT, run

pytestmark = pytest.mark.xdist_group("packaging")

HEAVY = {"numpy", "pandas", "sklearn", "torch", "sqlite3", "rich", "lark", "zstandard", "click"}
OUR_HEAVY = ("whence.store", "whence.query", "whence.service", "whence.cli", "whence.observers")


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_is_pure_python_for_every_system(wheel):
    assert wheel.name == "whence-0.1.0-py3-none-any.whl"
    assert [name for name in names(wheel) if name.endswith((".so", ".pyd", ".pyc"))] == []


def test_the_wheel_puts_the_hook_at_the_root_of_site_packages(wheel):
    assert "whence.pth" in names(wheel)
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read("whence.pth") == (ROOT / "src/whence.pth").read_bytes()


def test_the_wheel_holds_nothing_but_the_package_its_hook_and_its_description(wheel):
    tops = {name.split("/")[0] for name in names(wheel)}
    assert tops == {"whence", "whence.pth", "whence-0.1.0.dist-info", "whence-0.1.0.data"}


def test_the_wheel_puts_what_jupyter_looks_for_where_it_looks(wheel):
    data = "whence-0.1.0.data/data"
    assert f"{data}/etc/jupyter/jupyter_server_config.d/whence.json" in names(wheel)
    panel = f"{data}/share/jupyter/labextensions/@whence/labextension"
    built = [name for name in names(wheel) if name.startswith(panel)]
    if not (ROOT / "src" / "jupyter" / "labextension").exists():
        assert built == []
        return  # a checkout in which `make web` did not run
    with zipfile.ZipFile(wheel) as archive:
        about = json.loads(archive.read(f"{panel}/package.json"))
        size = sum(archive.getinfo(name).compress_size for name in built)
    assert f"{panel}/{about['jupyterlab']['_build']['load']}" in built
    assert size < 400_000


def test_the_wheel_holds_every_file_of_the_package(wheel):
    package = ROOT / "src" / "whence"
    here = {
        f"whence/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert here <= set(names(wheel))


def test_no_file_of_the_wheel_names_a_folder_of_this_machine(wheel):
    folders = {str(ROOT).encode(), str(Path.home()).encode()} - {b"/", b"/root"}
    with zipfile.ZipFile(wheel) as archive:
        guilty = [
            name
            for name in archive.namelist()
            if any(folder + b"/" in archive.read(name) for folder in folders)
        ]
    assert guilty == []


def test_the_wheel_carries_the_licence(wheel):
    with zipfile.ZipFile(wheel) as archive:
        licence = archive.read("whence-0.1.0.dist-info/licenses/LICENSE")
    assert b"Apache License" in licence
    assert licence == (ROOT / "LICENSE").read_bytes()


def test_the_installed_command_says_its_version(installed):
    assert "0.1.0" in run(installed / "whence", "--version")


def test_the_installed_hook_lies_beside_the_package(installed):
    code = "import whence, pathlib; print(pathlib.Path(whence.__file__).parents[1] / 'whence.pth')"
    hook = Path(run(installed / "python", "-c", code).strip())
    assert hook.read_bytes() == (ROOT / "src/whence.pth").read_bytes()


def modules_after(python: Path, code: str) -> set[str]:
    """The modules that ``code`` loads in a bare interpreter, beyond those it starts with."""
    script = f"import sys; before = set(sys.modules); {code}; import json; "
    loaded = "print(json.dumps(sorted(set(sys.modules) - before - {'json'})))"
    return set(json.loads(run(python, "-c", script + loaded)))


def test_importing_whence_is_light(installed):
    loaded = modules_after(installed / "python", "import whence")
    loaded -= {"json", "json.decoder", "json.encoder", "json.scanner", "_json"}
    assert len(loaded) < 100, sorted(loaded)
    assert {name for name in loaded if name.split(".")[0] in HEAVY} == set()
    assert {name for name in loaded if name.startswith(OUR_HEAVY)} == set()


def test_a_python_that_is_not_recorded_loads_nothing_of_whence(installed):
    loaded = json.loads(
        run(installed / "python", "-c", "import sys, json; print(json.dumps(list(sys.modules)))")
    )
    assert [name for name in loaded if name.startswith("whence")] == []


def test_a_script_is_recorded_and_traced_in_an_empty_environment(installed, tmp_path):
    (tmp_path / "in.txt").write_text("something\n" * 20)
    (tmp_path / "copy.py").write_text("open('out.txt', 'w').write(open('in.txt').read() + 'more')")
    run(installed / "whence", "run", "copy.py", cwd=tmp_path)
    answer = json.loads(run(installed / "whence", "trace", "out.txt", "--json", cwd=tmp_path))
    assert {"in.txt", "out.txt"} <= {node["name"] for node in answer["nodes"]}
