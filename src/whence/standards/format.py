"""What an export or import format is, and which ones there are: ours and those of others.

A format is found by the entry point group ``whence.formats``, ours included: the name of the entry
point is the format's, its object a class without arguments. A class that fulfils `ProvFormat` is
given statements; any other has ``export``, which is given an `Excerpt` of the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Protocol

from whence._base.errors import UsageError
from whence.standards.prov.statement import Document
from whence.standards.record.excerpt import Excerpt, Report
from whence.standards.record.outward import document_of

GROUP = "whence.formats"


class ExcerptFormat(Protocol):
    """A format that is made from an excerpt of the store, and not read back unless it says so."""

    name: ClassVar[str]
    title: ClassVar[str]
    media_type: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]

    def export(self, excerpt: Excerpt, out: BinaryIO) -> None:
        """Write the excerpt; raises DocumentError when the format can't hold it."""
        ...


class Format:
    """One format, whichever of the two shapes (`ProvFormat`, `ExcerptFormat`) it has.

    ``limits``: pairs of a concept that it can't hold and the reason.
    """

    def __init__(self, made: Any) -> None:
        self._made = made
        self.name, self.title, self.media_type = made.name, made.title, made.media_type
        self.suffixes = made.suffixes
        self.limits: tuple[tuple[str, str], ...] = tuple(getattr(made, "limits", ()))

    @property
    def reads(self) -> bool:
        """Whether documents in it can be imported."""
        return hasattr(self._made, "read")

    @property
    def writes(self) -> bool:
        """Whether the store can be exported in it."""
        return hasattr(self._made, "export") or hasattr(self._made, "write")

    def export(self, excerpt: Excerpt, out: BinaryIO, progress: Report | None = None) -> None:
        """Write the excerpt; raises DocumentError when the format can't hold it."""
        if hasattr(self._made, "export"):
            self._made.export(excerpt, out)
        else:
            self._made.write(document_of(excerpt, progress), out)

    def read(self, source: BinaryIO) -> Document:
        """Read a document; raises DocumentError when it is none, or the format is not read."""
        if not self.reads:
            raise UsageError(f"{self.title} is written only; it can't be imported")
        document: Document = self._made.read(source)
        return document


def names() -> list[str]:
    """The names of all formats, without loading any."""
    return sorted({point.name for point in entry_points(group=GROUP)})


def named(name: str) -> Format:
    """The format of that name; raises UsageError, which lists all, when there is none."""
    for point in entry_points(group=GROUP, name=name):
        try:
            made = point.load()()
        except Exception as error:
            raise UsageError(
                f"The format {name!r} of {point.value} can't be loaded: {error}; "
                "mend or remove the package that brings it"
            ) from error
        return Format(made)
    raise UsageError(f"There is no format {name!r}; there are: {', '.join(names())}")


def every() -> Iterator[Format]:
    """All formats that load; see `broken` for the others."""
    for name in names():
        with suppress(UsageError):
            yield named(name)


def broken() -> Iterator[str]:
    """Why each of those formats that don't load does not."""
    for name in names():
        try:
            named(name)
        except UsageError as error:
            yield str(error)


def format_of_file(path: Path) -> Format:
    """The format that a file's ending names, of those that can be read.

    Raises UsageError when none fits or several do.
    """
    ends = path.name.lower()
    fitting = [one for one in every() if one.reads and ends.endswith(one.suffixes)]
    if len(fitting) == 1:
        return fitting[0]
    reading = ", ".join(one.name for one in every() if one.reads)
    said = "no format" if not fitting else "several formats"
    raise UsageError(f"The name {path.name!r} fits {said}; say which with --format: {reading}")
