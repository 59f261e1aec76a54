"""The log: a line for each event on stderr, as JSON or as text."""

from __future__ import annotations

import logging
import sys
from typing import Any, Literal

import msgspec

from whence.query.describe import iso
from whence.query.spelling import escaped

Format = Literal["json", "text"]
LEVELS = {"INFO": "info", "WARNING": "warning", "ERROR": "error", "CRITICAL": "error"}


class _Lines(logging.Formatter):
    def __init__(self, form: Format) -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "at": iso(int(record.created * 1e9)),
            "level": LEVELS.get(record.levelname, "info"),
            "event": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        if self._form == "json":
            return msgspec.json.encode(said, enc_hook=str).decode()
        rest = (
            escaped(f"{key}={value}") for key, value in said.items() if key not in ("at", "level")
        )
        return f"{said['at']} {said['level']:7} {' '.join(rest)}"


def set_up_logs(form: Format, *, requests: bool = True) -> None:
    """Have the server and the HTTP library write their log to stderr.

    Without ``requests`` only what goes wrong is written.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines(form))
    ours = logging.getLogger("whence.server")
    ours.setLevel(logging.INFO if requests else logging.WARNING)
    theirs = logging.getLogger("uvicorn")
    theirs.setLevel(logging.ERROR)  # a request that is no HTTP is the client's trouble
    for one in (ours, theirs):
        one.handlers, one.propagate = [handler], False
