"""The states of an activity. ``interrupted`` is a process that ended without saying how."""

from __future__ import annotations

from typing import Literal

Status = Literal["running", "finished", "failed", "interrupted"]

RUNNING: Status = "running"
FINISHED: Status = "finished"
FAILED: Status = "failed"
INTERRUPTED: Status = "interrupted"
