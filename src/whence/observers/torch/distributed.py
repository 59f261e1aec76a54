"""Which of several processes of a training this one is."""

from __future__ import annotations

import sys
from typing import Any

from whence.capture.guard import asked


def rank() -> dict[str, int]:
    """``rank`` and ``world_size`` where the program has joined a group of processes, else none."""
    distributed: Any = sys.modules.get("torch.distributed")
    if distributed is None:
        return {}
    return asked(lambda: _rank(distributed), {})


def _rank(distributed: Any) -> dict[str, int]:
    if not (distributed.is_available() and distributed.is_initialized()):
        return {}
    return {"rank": distributed.get_rank(), "world_size": distributed.get_world_size()}
