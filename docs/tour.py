"""Write what is true now into the README: ``python -m docs.tour [tour] [costs]``.

Every ``console`` block is run, in order, in a fresh folder with the scripts of ``examples/``; what
the commands print takes the place of what stood there. ``RUN_A`` and ``RUN_B`` stand for the two
trainings, oldest first. The table of costs is that of the last ``make bench``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.__main__ import spelled

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COSTS = re.compile(r"(<!-- costs -->\n).*?(<!-- end of costs -->)", re.DOTALL)
RESULTS = ROOT / "benchmarks" / "results" / "latest.json"
WIDTH = "96"


def main(parts: list[str]) -> None:
    text = README.read_text()
    if "costs" in parts or not parts:
        table = costs(json.loads(RESULTS.read_text()))
        text = COSTS.sub(lambda mark: f"{mark[1]}{table}{mark[2]}", text)
    if "tour" in parts or not parts:
        folder = fresh_folder()
        text = CONSOLE.sub(lambda block: rewritten(block[1], folder), text)
    README.write_text(text)


def fresh_folder() -> Path:
    """A folder with the scripts of the examples and nothing else."""
    folder = Path(tempfile.gettempdir()) / "tour"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for script in (ROOT / "examples").glob("*.py"):
        shutil.copy(script, folder)
    return folder


def costs(result: dict[str, Any]) -> str:
    """The table of the last measurement."""
    marks = {True: "yes", False: "**no**", None: "not judged"}
    lines = [f"Measured {result['at'][:10]} on {result['machine']}.", ""]
    lines += [
        "| what | measured | floor or peer | ratio | bar | holds |",
        "|---|---|---|---|---|---|",
    ]
    for row in result["rows"]:
        cells = (row["what"], row["measured"], row["floor"], spelled(row["ratio"]), row["bar"])
        lines.append(f"| {' | '.join(cells)} | {marks[row['ok']]} |")
    return "\n".join(lines) + "\n"


def rewritten(block: str, folder: Path) -> str:
    """The block with what its commands print now."""
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    printed = [f"$ {command}\n{output(command, folder)}" for command in commands]
    return "```console\n" + "\n".join(printed).rstrip("\n") + "\n```"


def output(command: str, folder: Path) -> str:
    """What a command prints, without colours and white space at the ends of lines."""
    if "RUN_" in command:
        older, newer = trainings(folder)
        command = command.replace("RUN_A", older).replace("RUN_B", newer)
    done = run(command, folder)
    lines = (done.stdout + done.stderr).splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def trainings(folder: Path) -> tuple[str, str]:
    """The ids of the two trainings, the older first."""
    nodes = json.loads(run("whence log --json", folder).stdout)["nodes"]
    newer, older = (n["id"] for n in nodes if n["kind"] == "run" and n["name"] == "train.py")
    return older, newer


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1", "COLUMNS": WIDTH}
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True
    )


if __name__ == "__main__":
    main(sys.argv[1:])
