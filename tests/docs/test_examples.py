"""Every example of the README and the documentation runs.

The fenced blocks of a page run one after the other in one folder: ``console`` as commands after
``$``, ``python`` as a script, and what has a ``title`` is written to the file of that name. The
scripts of ``examples/`` lie in the folder. A block after ``<!-- not run: why -->`` is left out.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs.tour import trainings

ROOT = Path(__file__).parents[2]
FENCE = re.compile(
    r"(?P<skip><!-- not run: .+? -->\n+)?"
    r'^```(?P<language>\w*)(?: title="(?P<title>[^"]+)")?\n(?P<body>.*?)^```$',
    re.MULTILINE | re.DOTALL,
)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path) -> list[tuple[str, str, str]]:
    """The blocks of a page that run: language, title, body."""
    found = [match.groupdict() for match in FENCE.finditer(page.read_text())]
    return [
        (block["language"], block["title"] or "", block["body"])
        for block in found
        if not block["skip"] and (block["language"] in ("console", "python") or block["title"])
    ]


def commands(body: str) -> list[str]:
    """The commands of a console block; what lies between them is output."""
    return [line[2:] for line in body.splitlines() if line.startswith("$ ")]


def run(command: list[str], folder: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if blocks(page)],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_the_examples_of_a_page_run(page, tmp_path):
    for script in (
        *(ROOT / "examples").glob("*.py"),
        *(ROOT / "examples/notebook").glob("[a-z]*.*"),
    ):
        shutil.copy(script, tmp_path)
    for number, (language, title, body) in enumerate(blocks(page)):
        if title:
            target = tmp_path / title
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(body)
        elif language == "python":
            script = tmp_path / f"example_{number}.py"
            script.write_text(body)
            run([sys.executable, script.name], tmp_path)
        else:
            for command in commands(body):
                if "RUN_" in command:
                    older, newer = trainings(tmp_path)
                    command = command.replace("RUN_A", older).replace("RUN_B", newer)
                run(["bash", "-c", command], tmp_path)


def test_the_runner_finds_the_blocks_of_a_page(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "```console\n$ a\noutput\n$ b\n```\n\n<!-- not run: why -->\n```python\nx\n```\n"
        '```toml title="f.toml"\nk = 1\n```\n```text\n$ c\n```\n'
    )
    assert blocks(page) == [("console", "", "$ a\noutput\n$ b\n"), ("toml", "f.toml", "k = 1\n")]
    assert commands(blocks(page)[0][2]) == ["a", "b"]
