"""How sessions and cells end, told truly: in order, interrupted, killed, unloaded."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support.kernel import PATIENCE_S, Kernel, kernel, ready_kernel
from tests.support.program import Recording, read_when_done, wait_for_companions
from whence.model.event import ActivityEnded

pytestmark = pytest.mark.xdist_group("kernel")


def ends(recording: Recording) -> list[tuple[str, str, bool]]:
    """The activities in the order of their beginning: name, status, whether a witness says it."""
    started = [*recording.started("run"), *recording.started("cell")]
    found = [(s.name, recording.end_of(s.id)) for s in sorted(started, key=lambda s: s.at)]
    return [(name, end.status, end.by_witness) for name, end in found]


def wait_for_cell(running: Kernel, count: int) -> None:
    """Wait until a cell's beginning is in the record."""
    until = time.monotonic() + PATIENCE_S
    while len(running.recorded().started("cell")) < count:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_cell_is_in_the_record_before_it_runs_and_interrupted_when_the_kernel_is_killed(
    tmp_path: Path,
) -> None:
    with kernel(tmp_path / "work") as running:
        running.run("x = 1")
        running.send("print('begun', flush=True)\nimport time\ntime.sleep(600)", "slow")
        running.wait_for_output("begun")
        recording = running.recorded()
        assert len(recording.started("cell")) == 2
        assert len(recording.of(ActivityEnded)) == 1
        running.kill()
        recording = read_when_done(running.store)
    assert ends(recording) == [
        ("notebook", "interrupted", True),
        ("In [1]", "finished", False),
        ("In [2]", "interrupted", True),
    ]


def test_a_stopped_cell_is_interrupted_and_the_session_goes_on(tmp_path: Path) -> None:
    sources = [
        "import time\nwhile print('begun', flush=True) is None: time.sleep(600)",
        "import asyncio\nwhile print('begun', flush=True) is None: await asyncio.sleep(600)",
    ]
    with kernel(tmp_path / "work") as running:
        for source in sources:
            running.send(source)
            running.wait_for_output("begun")
            running.interrupt()  # ipykernel does not reply to a request that it stops in an await
        running.run("1 + 1")
        recording = running.shut_down()
    assert ends(recording) == [
        ("notebook", "finished", False),
        ("In [1]", "interrupted", False),
        ("In [2]", "interrupted", False),
        ("In [3]", "finished", False),
    ]
    [first, second, _] = recording.started("cell")
    assert recording.end_of(first.id).attributes["error"] == "KeyboardInterrupt"
    assert recording.end_of(first.id).attributes["stopped_at"] == 2
    assert recording.end_of(second.id).attributes["stopped_at"] == 2


def test_a_kernel_that_leaves_from_within_a_cell_leaves_the_cell_interrupted(
    tmp_path: Path,
) -> None:
    with kernel(tmp_path / "work") as running:
        running.send("import os\nos._exit(7)")
        wait_for_companions(running.store)
        recording = running.recorded()
    assert ends(recording) == [("notebook", "failed", False), ("In [1]", "interrupted", True)]
    assert recording.run_end() == ("failed", {"exit_code": 7})


def test_a_restart_ends_the_session_and_the_next_one_is_another(tmp_path: Path) -> None:
    with kernel(tmp_path / "work") as running:
        running.run("x = 1")
        running.restart()
        running.run("%load_ext whence", store_history=False)
        running.run("y = 2")
        recording = running.shut_down()
    assert ends(recording) == [
        ("notebook", "finished", False),
        ("In [1]", "finished", False),
        ("notebook", "finished", False),
        ("In [1]", "finished", False),
    ]


def test_unloading_ends_the_session_and_loading_again_begins_another(tmp_path: Path) -> None:
    with ready_kernel(tmp_path / "work") as running:
        before = running.run("import io, os, sys; (io.open, os.open, sys.meta_path[:])").result
        running.run("%load_ext whence")
        running.run("open('a.txt', 'w').write('recorded')")
        running.run("%unload_ext whence")
        running.run("open('b.txt', 'w').write('not recorded')")
        assert running.run("(io.open, os.open, sys.meta_path[:])").result == before
        assert running.run("'WHENCE_RUN' in os.environ").result == "False"
        running.run("%load_ext whence")
        running.run("open('c.txt', 'w').write('recorded again')")
        recording = running.shut_down()
    assert ends(recording) == [
        ("notebook", "finished", False),
        ("In [2]", "finished", False),
        ("In [3]", "finished", False),
        ("In [4]", "finished", False),
        ("notebook", "finished", False),
        ("In [8]", "finished", False),
        ("In [9]", "finished", False),
    ]
    written = sorted(Path(f.path.decode()).name for f in recording.of_files() if f.access == "w")
    assert written == ["a.txt", "c.txt"]
