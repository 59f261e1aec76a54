"""Declared use and production: of files, and of what a URI names."""

from __future__ import annotations

import os
import re
from typing import Any, Literal

import msgspec

from whence._base.clock import wall_ns
from whence._base.errors import UsageError
from whence._base.ids import derived_id, format_id, uuid7
from whence._base.text import plain
from whence.capture.file.locating import resolved
from whence.capture.guard import guarded
from whence.capture.masked import masked_text
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.event import EntityRecorded, RelationRecorded
from whence.model.relation import Known, Relation

Verb = Literal["use", "produce"]
_URI = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]+):(//)?\S")


class Declared(msgspec.Struct, frozen=True):
    """What was declared: its id (as text; empty when nothing is recorded), its name and kind."""

    id: str
    name: str
    kind: str


def declare(
    session: Session | None,
    activity: bytes,
    verb: Verb,
    what: str | os.PathLike[str],
    role: str,
    kind: str,
    version: str,
    attributes: dict[str, Any],
) -> Declared:
    """Record that ``activity`` used or made ``what``. Raises UsageError for wrong arguments."""
    for name, text in (("role", role), ("kind", kind), ("version", version)):
        if not isinstance(text, str):
            raise UsageError(f"The {name} of what a run {verb}s is a text; it is {text!r}")
    said = {**attributes, **({"version": plain(version)} if version else {})}
    path, uri = _split(what)
    if path is None:
        kind = kind or kinds.STREAM
        name = masked_text(plain(uri))
        entity = _record_uri(session, activity, verb, name, role, kind, version, said)
        return Declared(entity, name, kind)
    if not os.path.exists(path):
        raise UsageError(f"There is no file {path} to {verb}; declare it once it is there")
    if not kind:
        kind = kinds.DIRECTORY if os.path.isdir(path) else kinds.FILE
    place = resolved(path)
    name = place if session is None else _name_of(place, str(session.root))
    entity = _record_file(session, activity, verb, path, plain(name), role, kind, said)
    return Declared(entity, name, kind)


def _split(what: object) -> tuple[str | None, str]:
    """The path, or None and the URI, that was given."""
    if not isinstance(what, str | os.PathLike):
        raise UsageError(f"A path or a URI is needed, not {what!r}; save an object to a file first")
    text = os.fsdecode(what)
    if not text:
        raise UsageError("A path or a URI is needed; it is empty")
    if isinstance(what, str) and text.startswith("file://"):
        from urllib.parse import unquote, urlsplit

        return unquote(urlsplit(text).path), ""
    if isinstance(what, str) and _URI.match(text) and not os.path.exists(text):
        return None, text
    return text, ""


def _record_uri(
    session: Session | None,
    activity: bytes,
    verb: Verb,
    name: str,
    role: str,
    kind: str,
    version: str,
    said: dict[str, Any],
) -> str:
    if session is None:
        return ""
    # What a run makes anew under a name is another thing than what was there: an id of its own.
    entity = derived_id(b"uri", name, version) if version or verb == "use" else uuid7()
    with guarded("observer-failed", "whence.run"):
        attributes = {**said, "uri": name}
        session.recorder.record(EntityRecorded(entity, kind, name, wall_ns(), attributes))
        _relate(session, activity, verb, entity, role)
        if not version:
            session.recorder.count_gap("sampled", activity, entity)
    return format_id(entity)


def _record_file(
    session: Session | None,
    activity: bytes,
    verb: Verb,
    path: str,
    name: str,
    role: str,
    kind: str,
    attributes: dict[str, Any],
) -> str:
    if session is None:
        return ""
    with guarded("observer-failed", "whence.run"):
        files = session.files
        opening = _seen(session, path, verb)
        if opening is None:
            access: Literal["r", "w"] = "r" if verb == "use" else "w"
            opening = files.opened(
                path,
                access,
                role=plain(role),
                kind=kind,
                known=Known.DECLARED,
                attributes=attributes,
            )
            if opening is None:
                return ""
            files.closed(opening)
            return format_id(opening)
        if verb == "produce" or attributes:
            event = EntityRecorded(opening, kind, name, wall_ns(), attributes)
            session.recorder.record(event)
        _relate(session, activity, verb, opening, role)
        return format_id(opening)
    return ""


def _seen(session: Session, path: str, verb: Verb) -> bytes | None:
    """The opening of that file that was observed already, and is what is declared now."""
    files = session.files
    latest = files.opening_of(path)
    if latest is None:
        return None
    reads = files.opening_of(path, "r")
    if verb == "use":
        return reads
    written = [files.opening_of(path, access) for access in ("w", "x", "a", "u")]
    return max((one for one in written if one is not None), default=None)


def _relate(session: Session, activity: bytes, verb: Verb, entity: bytes, role: str) -> None:
    source, relation, target = activity, Relation.USED, entity
    if verb == "produce":
        source, relation, target = entity, Relation.WAS_GENERATED_BY, activity
    session.recorder.record(
        RelationRecorded(source, relation, target, Known.DECLARED, wall_ns(), plain(role))
    )


def _name_of(place: str, root: str) -> str:
    folder = root.rstrip("/") + "/"
    return place.removeprefix(folder)
