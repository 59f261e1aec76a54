"""Shipping kept content: the uncommitted diffs and scripts that events name by their digests."""

from __future__ import annotations

import os

from whence._base.digest import digest_bytes
from whence._base.errors import RefusedError
from whence.journal.home import content_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from whence.journal.ship_listing import Listing
    from whence.journal.ship_state import ShipState
    from whence.journal.ship_wire import Wire

LARGEST = 64 << 20
_NOT_THERE = 404
_WRONG = frozenset({400, 409, 413, 422})
"""Statuses that refuse this content, and not all that is sent."""


def ship_content(listing: Listing, state: ShipState, wire: Wire) -> int:
    """Send what the server lacks; the number of contents that were sent.

    Raises UnreachableError, RefusedError.
    """
    sent = 0
    for digest in listing.content():
        if digest in state.content or digest in state.refused:
            continue
        try:
            sent += _ship(state.store, digest, wire)
        except OSError:
            continue  # what is missing or does not read is no error: events name it all the same
        except RefusedError as error:
            if error.status not in _WRONG:
                raise
            state.refused[digest] = str(error)
        else:
            state.has_content(digest)
    return sent


def _ship(store: str, digest: bytes, wire: Wire) -> bool:
    """Send one content unless the server has it; whether it was sent."""
    path = f"/content/{digest.hex()}"
    status, _ = wire.call("HEAD", path, known=(_NOT_THERE,))
    if status != _NOT_THERE:
        return False
    with open(content_path(store, digest), "rb") as f:
        if os.fstat(f.fileno()).st_size > LARGEST:
            raise RefusedError(f"Content {digest.hex()} is larger than {LARGEST:,} bytes", 413)
        data = f.read()
    own = digest_bytes(data)
    masked = "" if own == digest else f"?masked={own.hex()}"
    wire.call("PUT", path + masked, data, {"Content-Type": "application/octet-stream"})
    return True
