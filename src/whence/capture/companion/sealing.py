"""The last of the companion's work: the run's segments are sealed, and a fold is asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from whence.capture.launch.companion_start import python_command
from whence.capture.launch.handover import Handover
from whence.journal.layout import open_segments
from whence.journal.seal import seal


def seal_all(handover: Handover) -> None:
    """Seal the segments of a run whose processes are gone. What can't be sealed stays open."""
    store, run = Path(handover.store), bytes.fromhex(handover.run)
    for file in open_segments(store):
        if file.run == run:
            try:
                seal(store, file)
            except OSError as error:
                sys.stderr.write(f"whence: {file.path} can't be sealed: {error}\n")


def fold(store: str) -> None:
    """Become the process that folds what is new into the index. Raises OSError."""
    sys.stderr.flush()
    code = "import sys; from whence.__main__ import main; sys.exit(main())"
    command = python_command(code, ["fold", "--store", store, "--quiet"])
    os.execv(command[0], command)
