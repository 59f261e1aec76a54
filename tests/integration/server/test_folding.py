"""The folding thread tells each change once it can, whatever went wrong before."""

from pathlib import Path
from queue import Queue

import pytest

from tests.support.journal import JournalBuilder
from whence._base.errors import StoreError
from whence.server import folding
from whence.server.folding import Folding
from whence.service.following import Follower
from whence.service.index import open_index


@pytest.mark.parametrize("fault", [StoreError("The index is away"), KeyError("a fault of ours")])
def test_a_change_that_could_not_be_told_is_told_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    monkeypatch.setattr(folding, "AGAIN_S", 0.01)
    journal = JournalBuilder(tmp_path)
    with journal.run("train.py") as run:
        pass
    told: Queue[list[bytes]] = Queue()
    faults = [fault]

    def changed(runs: list[bytes]) -> None:
        if faults:
            raise faults.pop()
        told.put(runs)

    follower = Follower(journal.store, lambda: open_index(journal.store))
    thread = Folding("p", follower, changed, lambda going: True)
    thread.start()
    try:
        assert told.get(timeout=60) == [run.id]
    finally:
        thread.stop()
    assert told.empty()
