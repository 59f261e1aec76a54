"""What an observer is: something that watches one library and leaves it as it was found.

An observer is found by an entry point of the group ``whence.observers`` whose name is the library's
top module. It is attached right after that module was first imported in a recorded process, and
detached when recording stops. A failure inside switches off that observer only; it is counted and
reported at the end of the run. See docs/how-to/write-an-observer.md.

What an observer is made of: a `whence.observers.watch.Watcher` tells it of calls (each a
`whence.observers.call.Call` with its arguments, result and place in the user's code), and
`whence.observers.notes.Notes` writes down what they mean. Both sides know objects in memory by
`whence.observers.live.LiveObjects`, so what one observer saw made, another sees used.
"""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar, Protocol

from whence.capture.session import Session


class Observer(Protocol):
    """Watches one library.

    ``library`` is the top module whose import attaches it; ``tested`` the versions it is tested
    with, as a PEP 440 specifier; with others it stays off, which a gap says.
    """

    library: ClassVar[str]
    tested: ClassVar[str]

    def attach(self, module: ModuleType, session: Session) -> None:
        """Begin to watch. ``module`` is the library's top module, fully imported."""

    def detach(self) -> None:
        """Leave the library exactly as it was found."""
