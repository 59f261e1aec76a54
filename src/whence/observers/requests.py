"""Watches requests: what the user's own code fetches with GET, from which URL.

The body's digest is taken where the response has it in memory (not with ``stream=True``).
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

from whence.capture.session import Session
from whence.model import kind as kinds
from whence.observers.addresses import shown_url
from whence.observers.call import Call
from whence.observers.downloads import downloads_of, is_download
from whence.observers.notes import Notes
from whence.observers.sources import Brought, Sources
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

FUNCTIONS = ("get", "request")
METHODS = ("get", "request", "send")


class RequestsObserver:
    """Records downloads: the URL, the status, and what the response says of its version."""

    library: ClassVar[str] = "requests"
    tested: ClassVar[str] = ">=2.25,<3"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        notes = Notes(session)
        self._notes, self._sources = notes, Sources(notes)
        self._downloads = downloads_of(session)
        watcher = self._watcher = Watcher(session, "requests")
        for name in FUNCTIONS:
            watched = watcher.watch(f"requests.{name}", group="io", returned=self._fetched)
            watcher.function(module, name, watched)
        for name in METHODS:
            watched = watcher.watch(f"requests.{name}", group="io", returned=self._fetched)
            watcher.method(module.Session, name, watched)

    def detach(self) -> None:
        self._watcher.detach()

    def _fetched(self, call: Call) -> None:
        response: Any = call.result
        if call.error is not None or getattr(response.request, "method", "") != "GET":
            return
        first = response.history[0] if response.history else response
        url = first.request.url
        if not is_download(url):
            return
        told = self._downloads.responded(url, response, response.url)
        body = vars(response).get("_content")
        entity = self._downloads.entity(url, told, body if isinstance(body, bytes) else None)
        self._sources.read(call, [Brought(response, shown_url(url), "", told)], entity)
        if response.raw is not None:
            self._notes.live.remember(response.raw, entity, kinds.URL, shown_url(url))
