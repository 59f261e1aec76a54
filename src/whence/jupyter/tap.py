"""The tap: sees what a kernel publishes while a cell runs, and passes it on as it is.

ipykernel offers hooks for what is displayed, for results and for the standard streams; each is
given a message and gives it back. A version without one of them leaves that sort of output unseen,
which a gap says.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from whence.capture.guard import guarded
from whence.capture.session import Session
from whence.jupyter.outputs import Outputs

_guard = guarded("observer-failed", "an output")
_STREAMS = ("stdout", "stderr")


class Tap:
    """Collects the outputs of the cells that run, by the request that each message answers."""

    def __init__(self, shell: Any, session: Session) -> None:
        self._shell, self._session = shell, session
        self._publisher, self._hook = shell.display_pub, shell.displayhook
        self._open: dict[str, Outputs] = {}
        self._streams = [s for s in (getattr(sys, n) for n in _STREAMS) if _has_hooks(s)]

    def begin(self) -> None:
        """Begin to see what is published."""
        for place in (self._publisher, self._hook):
            if hasattr(place, "register_hook"):
                place.register_hook(self._see)
        for stream in self._streams:
            stream.pub_thread.schedule(_later(stream.register_hook, self._see))
        if getattr(self._shell, "kernel", None) is not None:
            self._tell_unseen()

    def _tell_unseen(self) -> None:
        seen = {
            "what is displayed": hasattr(self._publisher, "register_hook"),
            "results": hasattr(self._hook, "register_hook"),
            "the standard streams": len(self._streams) == len(_STREAMS),
        }
        unseen = [what for what, is_seen in seen.items() if not is_seen]
        if unseen:
            session, detail = self._session, f"this ipykernel does not show {', '.join(unseen)}"
            session.recorder.count_gap("untested-version", session.process, detail=detail)

    def end(self) -> None:
        """See nothing any more."""
        for place in (self._publisher, self._hook):
            if hasattr(place, "unregister_hook"):
                place.unregister_hook(self._see)
        for stream in self._streams:
            stream.pub_thread.schedule(_later(stream.unregister_hook, self._see))

    def open(self) -> tuple[str, Outputs]:
        """The request that is answered now, and what will hold its outputs."""
        parent = getattr(self._publisher, "parent_header", None) or {}
        request, outputs = str(parent.get("msg_id", "")), Outputs()
        if request:
            self._open[request] = outputs
        return request, outputs

    def close(self, request: str) -> None:
        """The cell has run: what it has written is sent, as the kernel would do next."""
        for stream in self._streams:
            if getattr(stream, "_flush_pending", True):
                stream.flush()
        self._open.pop(request, None)

    def _see(self, message: dict[str, Any]) -> dict[str, Any]:
        with _guard:
            request = (message.get("parent_header") or {}).get("msg_id")
            outputs = self._open.get(request) if request else None
            if outputs is not None:
                outputs.take(message)
        return message


def _has_hooks(stream: Any) -> bool:
    return hasattr(stream, "register_hook") and hasattr(stream, "pub_thread")


def _later(function: Callable[[Any], Any], hook: Any) -> Callable[[], None]:
    """For the thread that sends what is written: hooks belong to the thread they are told in."""

    def call() -> None:
        function(hook)

    return call
