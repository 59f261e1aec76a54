"""What an export or import format is, and which ones there are: ours and those of others.

A format is found by the entry point group ``whence.formats``, ours included: the name of the entry
point is the format's, its object a class without arguments. A class that fulfils `ProvFormat` is
given statements; any other has ``export``, which is given an `Excerpt` of the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Protocol

from whence._base.errors import UsageError
from whence.standards.prov.limit import Limits
from whence.standards.prov.statement import Document
from whence.standards.record.excerpt import Excerpt, Report
from whence.standards.record.outward import document_of

GROUP = "whence.formats"


class ExcerptFormat(Protocol):
    """A format that is made from an excerpt of the store, and not read back unless it says so.

    ``limits`` are pairs of a concept that it can't hold and the reason.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    media_type: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    limits: ClassVar[Limits]

    def export(self, excerpt: Excerpt, out: BinaryIO) -> None:
        """Write the excerpt; raises DocumentError when the format can't hold it."""
        ...


class Format:
    """One format, whichever of the two shapes (`ProvFormat`, `ExcerptFormat`) it has.

    ``limits`` are empty for a class that has none.
    """

    def __init__(self, made: Any) -> None:
        self._made = made
        self.name, self.title, self.media_type = made.name, made.title, made.media_type
        self.suffixes = made.suffixes
        self.limits: Limits = tuple(getattr(made, "limits", ()))

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
    return sorted(_points())


def named(name: str) -> Format:
    """The format of that name; raises UsageError, which lists all, when there is none."""
    if name not in _points():
        raise UsageError(f"There is no format {name!r}; there are: {', '.join(names())}")
    found = _loaded(name)
    if isinstance(found, Format):
        return found
    raise UsageError(
        f"The format {name!r} of {_points()[name].value} can't be loaded: {found}; "
        "mend or remove the package that brings it"
    ) from found


def every() -> Iterator[Format]:
    """All formats that load; see `broken` for the others."""
    return (found for name in names() if isinstance(found := _loaded(name), Format))


def broken() -> Iterator[str]:
    """Why each of those formats that don't load does not."""
    for name in names():
        try:
            named(name)
        except UsageError as error:
            yield str(error)


@cache
def _points() -> dict[str, EntryPoint]:
    """The formats that are installed; of one name the first."""
    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=GROUP):
        found.setdefault(point.name, point)
    return found


@cache
def _loaded(name: str) -> Format | Exception:
    """A format, or why it doesn't load: packages of others may raise anything."""
    try:
        return Format(_points()[name].load()())
    except Exception as error:  # noqa: BLE001 - it is given back, and told when the format is asked for
        return error


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
