"""The one tree of errors that Whence raises.

    WhenceError
    ├── UsageError            wrong use: an argument, a filter, a setting
    │   └── FilterError       a search filter that does not parse
    ├── NotKnownError         nothing is recorded of the thing asked for
    ├── AmbiguousError        a short id or name fits several things
    ├── MissingExtraError     an optional library is not installed
    ├── AnalysisError         code of the user's cannot be read
    ├── DocumentError         a document of a standard cannot be read, or not written
    ├── NotSignedInError      a server does not know who calls
    ├── NotAllowedError       a server knows who calls, and they may not do this
    ├── TooLargeError         what was sent to a server is larger than it takes
    ├── TooManyError          a caller asks a server too often
    ├── TookTooLongError      a question took longer than a server allows
    ├── JournalError          a segment cannot be written or read
    │   ├── SegmentConflictError   the same segment and offset with other bytes
    │   └── SegmentFormatError     not a segment, or of a later format
    ├── ServerError           a server of a team cannot be asked, or sent to
    │   ├── UnreachableError       it does not answer now; it may later
    │   └── RefusedError           it answers, and refuses: ask it otherwise
    └── StoreError            the store folder or its index
        ├── StoreNotFoundError     no .whence/ here or above
        ├── StoreForbiddenError    another user's, or not readable
        ├── StoreTooNewError       written by a later version
        ├── StoreAwayError         its database does not answer now; it may later
        ├── NotAuditedError        a server's audit trail can't be written, so a change is refused
        ├── DiskFullError          there is no room to write what is sent
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


class NotSignedInError(WhenceError):
    """The server does not know who calls: no token, or none that is valid."""

    code = "not-signed-in"


class NotAllowedError(WhenceError):
    """The caller may not do this."""

    code = "not-allowed"


class TooLargeError(WhenceError):
    """What was sent is larger than the server takes."""

    code = "too-large"


class TooManyError(WhenceError):
    """The caller asks more often than the server allows; it may come again in ``retry_s``."""

    code = "too-many"

    def __init__(self, message: str, retry_s: float = 1.0) -> None:
        super().__init__(message)
        self.retry_s = retry_s


class TookTooLongError(WhenceError):
    """The question took longer than the server allows."""

    code = "took-too-long"


class JournalError(WhenceError):
    """A segment of the journal cannot be written or read."""

    code = "journal"


class SegmentConflictError(JournalError):
    """The same segment and offset were seen before with other bytes."""

    code = "segment-conflict"


class SegmentFormatError(JournalError):
    """The file is not a segment, or is of a format this version does not read."""

    code = "segment-format"


class ServerError(WhenceError):
    """A server of a team cannot be asked, or nothing can be sent to it."""

    code = "server"


class UnreachableError(ServerError):
    """The server does not answer now, or is too busy; it may come back in ``retry_s`` if said."""

    code = "unreachable"

    def __init__(self, message: str, retry_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_s = retry_s


class RefusedError(ServerError):
    """The server answers with HTTP status ``status`` and the problem ``problem``, and will again.

    ``detail`` is the problem in the server's own words.
    """

    code = "refused"

    def __init__(self, message: str, status: int = 0, problem: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.status, self.problem, self.detail = status, problem, detail or message


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


class StoreAwayError(StoreError):
    """The database of the index is away, or busy for long; the journal goes on without it."""

    code = "store-away"


class NotAuditedError(StoreError):
    """A server's audit trail can't be written, so what it would have to hold is not done."""

    code = "not-audited"


class DiskFullError(StoreError):
    """The disk has no room for what is sent; nothing of it was kept."""

    code = "disk-full"


class StoreCorruptError(StoreError):
    """The index is damaged. The journal is the truth: the index can be rebuilt from it."""

    code = "store-corrupt"
