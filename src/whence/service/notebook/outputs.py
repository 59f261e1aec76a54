"""What a session gives away: the outputs of its cells, and itself as a document."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from whence._base.errors import NotKnownError
from whence._base.ids import format_id, parse_id
from whence.journal.home import content_path
from whence.model.kind import OUTPUT
from whence.model.relation import Relation
from whence.query.plain import clean
from whence.service.exchange import Exchange
from whence.service.questions import Questions
from whence.store.protocol import Node, Store

IN_MEMORY = 8 << 20
"""A larger document waits on disk."""

_SPECIAL, _MADE = int(Relation.SPECIALIZATION_OF), int(Relation.WAS_GENERATED_BY)
_HAS_PART = int(Relation.HAS_PART)


class Output(NamedTuple):
    """The bytes of an output and their type."""

    data: bytes
    mime: str


class Document(NamedTuple):
    """A document in a format; ``name`` is the session's; ``file`` is at its beginning."""

    name: str
    format: str
    file: BinaryIO


def output_of(store: Store, folder: Path, session: Node, digest: str) -> Output:
    """The output with that digest, where a cell of the session showed it and it was kept.

    Raises NotKnownError.
    """
    raw = parse_id(digest)
    content = store.number_of(raw) if raw is not None and len(raw) == 32 else None
    entities = [] if content is None else store.linked([content], _SPECIAL, "down")
    outputs = [n.number for n in store.nodes([one for _, one in entities]) if n.kind == OUTPUT]
    makers = {maker: output for output, maker in store.linked(outputs, _MADE, "up")}
    cells = {part for _, part in store.linked([session.number], _HAS_PART, "up")}
    own = next((output for maker, output in makers.items() if maker in cells), None)
    if raw is None or own is None:
        raise NotKnownError(f"No cell of {clean(session.name)} showed {clean(digest)[:80]!r}")
    try:
        data = content_path(folder, raw).read_bytes()
    except OSError as error:
        raise NotKnownError(f"The output {clean(digest)[:80]} was not kept: it is large") from error
    return Output(data, str(store.attributes(own).get("mime", "")))


def document_of(store: Store, folder: Path, session: Node, format: str) -> Document:
    """The session in a format of `whence.standards`. Raises UsageError and DocumentError."""
    asked = Questions(store, folder, str(folder.parent).encode())
    # Whoever sends it closes it.
    file = cast(BinaryIO, tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115
    try:
        Exchange(asked).export(file, format_id(session.uid), format)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return Document(clean(session.name), format, file)
