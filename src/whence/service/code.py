"""The code of a run: its commit, what was not committed, and the scripts that were kept."""

from __future__ import annotations

import os

import msgspec

from whence._base.ids import format_id
from whence.model.kind import CODE, COMMIT, DIFF
from whence.query.diff import Kept
from whence.query.fivew import PartOf
from whence.query.plain import clean
from whence.query.profile import profile, surrounding_run
from whence.store.protocol import Node, Store

LARGEST_TEXT = 1 << 20
"""A longer text is cut at that many bytes."""


class CodeFile(msgspec.Struct, frozen=True):
    """``text`` is None where the file was not kept or is no text."""

    path: str
    digest: str | None
    text: str | None


class Code(msgspec.Struct, frozen=True):
    """``diff`` is the text of what was not committed, None where nothing was or none was kept.

    ``part_of`` is the surrounding run, where the code is that of it.
    """

    commit: str | None
    dirty: bool
    diff: str | None
    files: list[CodeFile]
    part_of: PartOf | None = None


def code_of(store: Store, run: Node, kept: Kept) -> Code:
    """The code that a run and its parts used; where it has none, that of the surrounding run."""
    around = profile(store, run)
    outer, part_of = surrounding_run(store, around), None
    if outer is not None and not any(around.of_kind(kind) for kind in (CODE, COMMIT, DIFF)):
        around, part_of = profile(store, outer), PartOf(format_id(outer.uid), clean(outer.name))
    commits, diffs = around.of_kind(COMMIT), around.of_kind(DIFF)
    texts = [text for node in diffs if (text := _text(node, kept)) is not None]
    return Code(
        commit=clean(commits[0].name) if commits else None,
        dirty=bool(diffs),
        diff="\n".join(texts) if texts else None,
        files=[_file(node, kept) for node in around.of_kind(CODE)],
        part_of=part_of,
    )


def _file(node: Node, kept: Kept) -> CodeFile:
    path = os.fsdecode(node.places[0]) if node.places else node.name
    digest = format_id(node.digest) if node.digest else None
    return CodeFile(clean(path), digest, _text(node, kept))


def _text(node: Node, kept: Kept) -> str | None:
    content = kept(node.digest) if node.digest else None
    if content is None or b"\0" in content:
        return None
    return content[:LARGEST_TEXT].decode("utf-8", "backslashreplace")
