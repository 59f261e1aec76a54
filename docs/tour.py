"""Write the true output of its commands into the README: ``python -m docs.tour``.

Every ``console`` block is run, in order, in a fresh folder with the scripts of ``examples/``; what
the commands print takes the place of what stood there. ``RUN_A`` and ``RUN_B`` stand for the two
trainings, oldest first.
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

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WIDTH = "96"


def main() -> None:
    folder = Path(tempfile.gettempdir()) / "tour"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for script in (ROOT / "examples").glob("*.py"):
        shutil.copy(script, folder)
    text = CONSOLE.sub(lambda block: rewritten(block[1], folder), README.read_text())
    README.write_text(text)


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
    main()
