"""The formats that are installed, ours and those of others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.program import environment
from whence.standards.format import every, named, names

ASK = """
from pathlib import Path
from whence._base.errors import UsageError
from whence.standards.format import broken, every, format_of_file, named
print([one.name for one in every() if one.name in ("fine", "broken")])
print(*broken())
print(named("fine").limits, format_of_file(Path("x.fine")).name)
try:
    named("broken")
except UsageError as error:
    print(error)
"""


def test_every_format_of_ours_loads_once_and_says_what_it_can_not_hold() -> None:
    found = list(every())
    assert [one.name for one in found] == names()
    assert all(named(one.name) is one for one in found)
    assert all(one.limits for one in found)


def test_a_format_that_does_not_load_leaves_the_others_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "others.py").write_text(
        "class Fine:\n    name, title, media_type, suffixes = 'fine', 'Fine', 'x/y', ('.fine',)\n"
        "    def read(self, source): ...\n"
    )
    installed = tmp_path / "others-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: others\nVersion: 1\n")
    (installed / "entry_points.txt").write_text(
        "[whence.formats]\nfine = others:Fine\nbroken = others:Gone\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", ASK], capture_output=True, text=True, check=True,
        env=environment(PYTHONPATH=str(tmp_path)),
    )  # fmt: skip
    why = (
        "The format 'broken' of others:Gone can't be loaded: "
        "module 'others' has no attribute 'Gone'; mend or remove the package that brings it"
    )
    assert done.stdout.splitlines() == ["['fine']", why, "() fine", why]
