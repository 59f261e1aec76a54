"""The thread of a project that takes what is new into its index, and tells those who listen."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

from whence._base.errors import WhenceError
from whence.service.following import Follower

log = logging.getLogger("whence.server")

PAUSE_S = 0.02
AGAIN_S = 5.0
"""How soon it is tried again after the index could not be used."""


class Folding:
    """Looks at a journal when it is noticed, and every ``every_s`` seconds if that is given.

    ``changed`` is told the ids of the runs with something new. ``prepare`` is called when nothing
    is left to fold, until it gives True: it makes ready what questions will need, as long as what
    it is given says that it may go on.
    """

    def __init__(
        self,
        name: str,
        follower: Follower,
        changed: Callable[[list[bytes]], None],
        prepare: Callable[[Callable[[], bool]], bool],
        every_s: float | None = None,
    ) -> None:
        self._name, self._follower, self._changed = name, follower, changed
        self._prepare, self._is_ready = prepare, False
        self._every_s = every_s
        self._noticed, self._stopped = Event(), False
        self._thread = Thread(target=self._run, name=f"folding {name}", daemon=True)
        self._last_problem = ""
        self._untold: dict[bytes, None] = {}

    def start(self) -> None:
        """Begin with a look: the journal may be ahead of the index."""
        self._noticed.set()
        self._thread.start()

    def notice(self) -> None:
        """There is something new; returns at once."""
        self._noticed.set()

    def stop(self) -> None:
        """End after the look that goes on."""
        self._stopped = True
        self._noticed.set()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def lag_bytes(self) -> int:
        """How many bytes of the journal were seen and are not yet in the index."""
        return self._follower.lag_bytes

    def _run(self) -> None:
        wait = self._every_s
        while True:
            self._noticed.wait(wait)
            self._noticed.clear()
            if self._stopped:
                return
            wait = self._every_s if self._look() else AGAIN_S

    def _look(self) -> bool:
        """One look; False when the index could not be used, which is said once."""
        try:
            news = self._follower.look()
            self._untold |= dict.fromkeys(news.runs)
            if self._untold:
                self._is_ready = False
                self._changed(list(self._untold))
                self._untold.clear()
            if not self._is_ready:
                self._is_ready = self._prepare(self._is_idle)
        except (WhenceError, OSError) as error:
            self._tell(str(error))
            return False
        except Exception as error:  # noqa: BLE001 - a fault of ours is not to end it
            self._tell(repr(error), error)
            return False
        for problem in news.problems:
            self._tell(problem)
        return True

    def _is_idle(self) -> bool:
        """Whether there is still nothing to fold, after a pause in which others come to work."""
        return not self._noticed.wait(PAUSE_S)

    def _tell(self, problem: str, fault: Exception | None = None) -> None:
        if problem != self._last_problem:
            told = {"project": self._name, "problem": problem}
            log.error("not folded", extra={"told": told}, exc_info=fault)
        self._last_problem = problem
