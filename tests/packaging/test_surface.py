"""What others can build on is written down: a change of it shows up in review as a change here."""

import json
import subprocess
import sys
import tomllib

import pytest

from tests.packaging.surface import FILE, ROOT, surface

HINT = "the public surface changed; if it was meant: python -m tests.packaging.surface"


@pytest.mark.parametrize("part", ["names", "commands", "dependencies", "extras", "python"])
def test_the_public_surface_is_the_one_written_down(part):
    assert surface()[part] == json.loads(FILE.read_text())[part], HINT


def test_every_public_name_can_be_had_and_has_a_docstring():
    import whence

    lacking = [
        name
        for name in whence.__all__
        if not name.startswith("__") and not getattr(whence, name).__doc__
    ]
    assert lacking == []


def test_every_entry_point_of_an_observer_leads_to_one():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    points = project["entry-points"]["whence.observers"]
    code = "import importlib, sys, json\nfor target in json.loads(sys.argv[1]):\n"
    code += "    module, _, name = target.partition(':')\n"
    code += "    cls = getattr(importlib.import_module(module), name)\n"
    code += "    print(cls.library, callable(cls.attach), callable(cls.detach))\n"
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(list(points.values()))],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == [f"{name} True True" for name in points]
