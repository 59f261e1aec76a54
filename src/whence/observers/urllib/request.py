"""Watches urllib.request: what is fetched from which URL, by the user's code or by a reader for it.

What ``urlretrieve`` fetched is the origin of the file that it wrote. A response's body is digested
when the program reads it whole, in one call of ``read``.
"""

from __future__ import annotations

import sys
import weakref
from http.client import HTTPResponse
from types import ModuleType
from typing import Any, ClassVar, NamedTuple

from whence.capture.guard import asked, guarded
from whence.capture.session import Session
from whence.model.relation import Relation
from whence.observers.addresses import shown_url
from whence.observers.call import Call, thread
from whence.observers.callsite import direct_user_frame, site_of
from whence.observers.downloads import Downloads, downloads_of, is_download
from whence.observers.notes import Notes
from whence.observers.openings import opening, target_of
from whence.observers.sources import Brought, Sources
from whence.observers.stand_in import without_our_frame
from whence.observers.watch import Watcher

_guard = guarded("observer-failed", "urllib")


class UrllibObserver:
    """Records downloads: the URL, the status, and what the response says of its version."""

    library: ClassVar[str] = "urllib.request"
    tested: ClassVar[str] = ""

    def attach(self, module: ModuleType, session: Session) -> None:
        self._session = session
        notes = self._notes = Notes(session)
        self._sources, self._downloads = Sources(notes), downloads_of(session)
        watcher = self._watcher = Watcher(session, "urllib")
        opened = watcher.watch(
            "urllib.request.urlopen", group="urlopen", when="always",
            called=self._opening, returned=self._opened,
        )  # fmt: skip
        watcher.function(module, "urlopen", opened)
        retrieved = watcher.watch(
            "urllib.request.urlretrieve", group="io", called=self._retrieving,
            returned=self._retrieved,
        )  # fmt: skip
        watcher.function(module, "urlretrieve", retrieved)

    def detach(self) -> None:
        self._watcher.detach()

    def _opening(self, call: Call) -> None:
        """Only the user's own call is a read: a reader's is part of what the reader does."""
        is_inside = any(
            entry.call is not None and entry.watched is not None and entry.watched.group == "io"
            for entry in thread.stack
        )
        frame = None if is_inside else direct_user_frame(sys._getframe(1))
        call.site = None if frame is None else site_of(frame)

    def _opened(self, call: Call) -> None:
        url = _address(call.first)
        if call.error is not None or not is_download(url):
            return
        response: Any = call.result
        final = asked(lambda: str(response.geturl()), "")
        told = self._downloads.responded(url, response, final)
        is_sent = call.arguments.get("data") is not None or _method(call.first) != "GET"
        if call.site is None or is_sent:
            return
        entity = self._downloads.entity(url, told)
        self._sources.read(call, [Brought(response, shown_url(url), "", told)], entity)
        _tell_body(response, _Unread(self._downloads, entity, url))

    def _retrieving(self, call: Call) -> None:
        call.note = target_of(self._session.files, call.arguments.get("filename"), None)

    def _retrieved(self, call: Call) -> None:
        url = _address(call.first)
        if call.error is not None or not is_download(url):
            return
        notes = self._notes
        told = self._downloads.fetched_since(url, call.mono)
        entity = self._downloads.entity(url, told)
        self._sources.read(call, [], entity)
        file = None if call.note is None else opening(self._session.files, call.note, "w")
        if file is not None:
            site = notes.site(call)
            notes.relate(file, Relation.WAS_DERIVED_FROM, entity, call.name, **site)


def _address(asked_for: Any) -> str:
    """The URL that was asked for, as text or in a request."""
    url = getattr(asked_for, "full_url", asked_for)
    return url if isinstance(url, str) else ""


def _method(asked_for: Any) -> str:
    return asked(lambda: str(asked_for.get_method()), "GET")


class _Response(HTTPResponse):
    """A response that tells of its body when that is read whole; an ordinary one from then on.

    It changes its class and gets no attribute: that would keep it, and its connection, in a cycle.
    """

    def read(self, *given: Any, **named: Any) -> bytes:
        self.__class__ = HTTPResponse  # type: ignore[assignment]  # back to what it was
        try:
            body = self.read(*given, **named)
        except BaseException as error:
            without_our_frame(error)
            raise
        with _guard:
            told = _unread.pop(self, None)
            if told is not None and not given and not named:
                told.downloads.read_whole(told.entity, told.url, body)
        return body


class _Unread(NamedTuple):
    """The entity of a response whose body was not read yet."""

    downloads: Downloads
    entity: bytes
    url: str


_unread: weakref.WeakKeyDictionary[HTTPResponse, _Unread] = weakref.WeakKeyDictionary()

_Response.__name__ = _Response.__qualname__ = HTTPResponse.__name__
_Response.__module__ = HTTPResponse.__module__


def _tell_body(response: object, unread: _Unread) -> None:
    if type(response) is HTTPResponse:
        _unread[response] = unread
        response.__class__ = _Response
