"""The link to the companion: a socket that only the first process of a run has.

At its end the program says so, hands over what it could not write, and waits a moment for the
hashes of small files. Messages, one to a packet:

    program    E<event>  an event that the journal would not take     F  that was all
    companion  D  all small files are hashed      P<files> <bytes>  these go on in the background
"""

from __future__ import annotations

import _socket
import os
import sys
from os import close, fstat, set_inheritable

PATIENCE_S = 0.15
_LARGEST = 1 << 16


class Link:
    """The program's end. A program may close any descriptor: each use looks whether it is ours."""

    def __init__(self, fd: int) -> None:
        """Raises OSError when ``fd`` is not open."""
        set_inheritable(fd, False)
        stat = fstat(fd)
        self._fd, self._identity = fd, (stat.st_dev, stat.st_ino)

    def is_open(self) -> bool:
        try:
            stat = fstat(self._fd)
        except OSError:
            return False
        return (stat.st_dev, stat.st_ino) == self._identity

    def finish(self, unwritten: list[bytes], patience_s: float) -> None:
        """Say that the program ends; wait up to ``patience_s`` for the hashes of small files.

        An event too large for a packet is left out; the recorder has counted all of them as
        dropped. What goes on in the background is told on standard error when that is a terminal.
        """
        if not self.is_open():
            return
        socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET, 0, self._fd)
        try:
            socket.settimeout(patience_s)
            for payload in unwritten:
                if len(payload) <= _LARGEST:
                    socket.send(b"E" + payload, _socket.MSG_NOSIGNAL)
            socket.send(b"F", _socket.MSG_NOSIGNAL)
            answer = socket.recv(64) if patience_s else b""
        except OSError:
            answer = b""
        finally:
            socket.detach()
        if answer.startswith(b"P"):
            _tell(answer[1:].decode())

    def forget(self) -> None:
        """Close this process's copy: in a forked child."""
        if self.is_open():
            close(self._fd)


def _tell(rest: str) -> None:
    count, _, size = rest.partition(" ")
    if sys.__stderr__ is None or not os.isatty(2):
        return
    files = "1 file" if count == "1" else f"{count} files"
    line = f"whence: hashing {files} ({int(size) / 1e9:.1f} GB) goes on in the background; "
    os.write(2, f"{line}whence status shows it\n".encode())
