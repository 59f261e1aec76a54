"""The one tree of errors that Whence raises.

    WhenceError
    ├── UsageError            wrong use: an argument, a filter, a setting
    │   └── FilterError       a search filter that does not parse
    ├── NotKnownError         nothing is recorded of the thing asked for
    ├── AmbiguousError        a short id or name fits several things
    ├── MissingExtraError     an optional library is not installed
    ├── AnalysisError         code of the user's cannot be read
    ├── DocumentError         a document of a standard cannot be read, or not written
    ├── JournalError          a segment cannot be written or read
    │   ├── SegmentConflictError   the same segment and offset with other bytes
    │   └── SegmentFormatError     not a segment, or of a later format
    └── StoreError            the store folder or its index
        ├── StoreNotFoundError     no .whence/ here or above
        ├── StoreForbiddenError    another user's, or not readable
        ├── StoreTooNewError       written by a later version
        └── StoreCorruptError      the index is damaged; the journal is not

Every error carries a stable ``code``; its message says what happened, to what, and what to do.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as typing's, without loading it
if TYPE_CHECKING:
    from typing import ClassVar


class WhenceError(Exception):
    """Base of every error that Whence raises on purpose."""

    code: ClassVar[str] = "whence"


class UsageError(WhenceError):
    """An argument, option or setting is wrong."""

    code = "usage"


class FilterError(UsageError):
    """A search filter does not parse, or names a field that filters do not have."""

    code = "filter"


class NotKnownError(WhenceError):
    """Nothing is recorded of the thing that was asked for."""

    code = "not-known"


class AmbiguousError(WhenceError):
    """A short id or a name fits more than one thing."""

    code = "ambiguous"


class MissingExtraError(WhenceError):
    """An optional library is needed; the message names the install command."""

    code = "missing-extra"


class AnalysisError(WhenceError):
    """Code cannot be read: it is no Python, of a newer Python, or nested too deeply."""

    code = "analysis"

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line} cannot be analysed: {reason}.")
        self.file = file
        self.line = line
        self.reason = reason


class DocumentError(WhenceError):
    """A document in a standard's format can't be read or written; says at which line or path."""

    code = "document"


class JournalError(WhenceError):
    """A segment of the journal cannot be written or read."""

    code = "journal"


class SegmentConflictError(JournalError):
    """The same segment and offset were seen before with other bytes."""

    code = "segment-conflict"


class SegmentFormatError(JournalError):
    """The file is not a segment, or is of a format this version does not read."""

    code = "segment-format"


class StoreError(WhenceError):
    """Something is wrong with the store folder or its index."""

    code = "store"


class StoreNotFoundError(StoreError):
    """No store is here or in any folder above."""

    code = "store-not-found"


class StoreForbiddenError(StoreError):
    """The store belongs to another user, or cannot be read."""

    code = "store-forbidden"


class StoreTooNewError(StoreError):
    """The store was written by a later version of Whence."""

    code = "store-too-new"


class StoreCorruptError(StoreError):
    """The index is damaged. The journal is the truth: the index can be rebuilt from it."""

    code = "store-corrupt"
