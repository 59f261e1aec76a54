"""A git repository with programs that declare runs: what a browser looks at beside the demo."""

import os
import subprocess
import sys
from pathlib import Path

TRAIN = """
import math
import whence

FACTOR = 1.0

for rate in (0.1, 0.4, 2.5):
    with whence.run("sweep", params={"rate": rate}, tags={"team": "blue"}) as run:
        with run.stage("training"):
            for epoch in range(12):
                with run.section("epoch", epoch):
                    loss = FACTOR * math.exp(-rate * epoch / 4) + (epoch % 2) * 0.05
                    run.log_metric("loss", loss, step=epoch)
        with open(f"weights-{rate}.bin", "wb") as file:
            file.write(bytes([int(rate * 10)]) * 4096)
"""
CHANGED = "FACTOR = 1.5  # not committed"
KILLED = """
import os
import signal
import whence

with whence.run("doomed"):
    with open("half.bin", "wb") as file:
        file.write(b"half" * 100)
        file.flush()
        os.kill(os.getpid(), signal.SIGKILL)
"""
LIVE = """
import time
from pathlib import Path
import whence

with whence.run("live") as run:
    for epoch in range(3000):
        with run.section("epoch", epoch):
            run.log_metric("loss", 1 / (epoch + 1), step=epoch)
            Path("at-epoch").write_text(str(epoch))
            if Path("enough").exists():
                break
            time.sleep(0.2)
"""


def make_sweep(folder: Path, whence: Path) -> None:
    """Play the programs in ``folder``: three inner runs, on a changed checkout, and one killed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("train.py", TRAIN), ("killed.py", KILLED), ("live.py", LIVE)):
        (folder / name).write_text(text.lstrip())
    git = ["git", "-c", "user.name=A Person", "-c", "user.email=person@example.org"]
    for words in (["init", "-q"], ["add", "train.py"], ["commit", "-q", "-m", "Train"]):
        subprocess.run([*git, *words], cwd=folder, check=True)
    script = folder / "train.py"
    script.write_text(script.read_text().replace("FACTOR = 1.0", CHANGED))
    assert _run(folder, whence, "train.py") == 0
    assert _run(folder, whence, "killed.py") != 0


def start_live(folder: Path, whence: Path) -> "subprocess.Popen[bytes]":
    """A program that runs until the file ``enough`` is there."""
    return subprocess.Popen(
        [whence, "run", "live.py"], cwd=folder, env=_environment(), stdout=subprocess.DEVNULL
    )


def _run(folder: Path, whence: Path, script: str) -> int:
    done = subprocess.run(
        [whence, "run", "--tag", "why=to learn", script],
        cwd=folder, env=_environment(), capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    return done.returncode


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("WHENCE_")} | {
        "PYTHONDONTWRITEBYTECODE": "1"
    }


if __name__ == "__main__":
    make_sweep(Path(sys.argv[1]), Path(sys.argv[2]))
