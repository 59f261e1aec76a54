"""The study in small, told by ``program.py`` with the Python API as a user's program would."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).with_name("program.py")


def play(folder: Path, *, models: int = 2, epochs: int = 4, batches: int = 6) -> Path:
    """Play all four workflows in ``folder``, each in a process of its own; give the store."""
    shutil.copy(PROGRAM, folder)
    sizes = {"--models": models, "--epochs": epochs, "--batches": batches}
    options = [text for name, size in sizes.items() for text in (name, str(size))]
    command = [sys.executable, PROGRAM.name, *options]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    return folder / ".whence"
