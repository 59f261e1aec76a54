"""What others can build on is written down: a change of it shows up in review as a change here."""

import json
import subprocess
import sys
import tomllib

from tests.packaging.conftest import ROOT

SURFACE = ROOT / "tests" / "packaging" / "surface.json"
HINT = "the public surface changed; if it was meant, write the new one into surface.json"


def written_down(part: str) -> object:
    return json.loads(SURFACE.read_text())[part]


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_the_public_names_are_those_written_down():
    import whence

    assert sorted(whence.__all__) == written_down("names"), HINT


def test_every_public_name_can_be_had_and_has_a_docstring():
    import whence

    lacking = [
        name
        for name in whence.__all__
        if not name.startswith("__") and not getattr(whence, name).__doc__
    ]
    assert lacking == []


def test_the_commands_and_their_options_are_those_written_down():
    from docs.generated import surface

    assert surface() == written_down("commands"), HINT


def test_the_dependencies_are_those_written_down():
    assert sorted(project()["dependencies"]) == written_down("dependencies"), HINT
    assert project()["optional-dependencies"] == written_down("extras"), HINT


def test_the_supported_pythons_are_those_written_down():
    assert project()["requires-python"] == ">=3.11"


def test_every_entry_point_of_an_observer_leads_to_one():
    points = project()["entry-points"]["whence.observers"]
    code = "import importlib, sys, json\nfor target in json.loads(sys.argv[1]):\n"
    code += "    module, _, name = target.partition(':')\n"
    code += "    cls = getattr(importlib.import_module(module), name)\n"
    code += "    print(cls.library, callable(cls.attach), callable(cls.detach))\n"
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(list(points.values()))],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == [f"{name} True True" for name in points]
