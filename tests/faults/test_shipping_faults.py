"""Servers that die, hang, fill up or lie behind a bad network: nothing is lost, nothing doubled."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from tests.support.cutting import cutting
from tests.support.journal import START, Clock, JournalBuilder, RunJournal
from tests.support.program import environment, wait_for_companions, whence
from tests.support.receiving import ServerProcess, held_in, until
from tests.support.shipping import client, points_in, ship_all
from whence._base.errors import ServerError, UnreachableError
from whence._base.ids import uuid7
from whence.journal.layout import open_segments
from whence.journal.remote import Remote
from whence.journal.ship import Shipper
from whence.service.outgoing import remote_facts

DAY_NS = 86_400_000_000_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("home")) as server:
        yield server


def ship_on(shipper: Shipper) -> None:
    while True:
        shipper.step()


def test_a_server_killed_twenty_times_has_everything_once(tmp_path: Path) -> None:
    store = client(tmp_path / "client", runs=20, points=4000)
    server = ServerProcess(tmp_path / "home").start()
    url = server.url()
    rounds = 20
    for number in range(rounds):
        shipper = Shipper(str(store), Remote(url), batch=32 << 10, answer_s=10)
        killer = Thread(target=lambda: (time.sleep(random.uniform(0.0, 0.2)), server.kill()))
        killer.start()
        with suppress(ServerError):
            while killer.is_alive():
                shipper.step()
        killer.join()
        shipper.close()
        assert len(held_in(server.folder())) <= 20
        if number % 2:
            shutil.rmtree(store / "cache" / "ship")  # hints are lost, too
        server.start()
    shipper = Shipper(str(store), Remote(url))
    ship_all(shipper)
    server.stop()
    assert held_in(server.folder()) == held_in(store)
    assert points_in(server.folder()) == points_in(store) == {"runs": 20, "points": 80_000}


def test_a_network_that_cuts_uploads_and_answers_loses_nothing(
    server: ServerProcess, tmp_path: Path
) -> None:
    store = client(tmp_path / "client")
    server.url("cut")
    up: list[int | None] = [100, 900, None, 5000, 20_000, None, 300, 30_000]
    down: list[int | None] = [None, None, 10, None, None, 100, 200]
    with cutting(server.port, up, down) as proxy:
        remote = Remote(f"http://127.0.0.1:{proxy.port}/projects/cut")
        shipper = Shipper(str(store), remote, batch=64 << 10)
        ship_all(shipper)
        shipper.close()
        assert proxy.cuts >= 5
    assert held_in(server.folder("cut")) == held_in(store)


def test_two_shippers_of_one_store_at_once_double_nothing(
    server: ServerProcess, tmp_path: Path
) -> None:
    store = client(tmp_path / "client")
    url = server.url("two")

    def ship(batch: int) -> None:
        shipper = Shipper(str(store), Remote(url), batch=batch)
        ship_all(shipper)
        shipper.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(ship, (10_000, 17_000, 64 << 10)))
    assert held_in(server.folder("two")) == held_in(store)
    assert points_in(server.folder("two")) == points_in(store)


def test_two_clients_of_one_run_send_a_segment_each(server: ServerProcess, tmp_path: Path) -> None:
    first, second = JournalBuilder(tmp_path / "one"), JournalBuilder(tmp_path / "two")
    run_id = uuid7()
    with first.run("distributed", id=run_id) as run:
        for step in range(500):
            run.metric("loss", 1.0, step)
    with second.process(run_id, run_id, host="other", pid=7) as rank:
        for step in range(500):
            rank.metric("loss of rank 1", 2.0, step)
    url = server.url("ranks")
    for journal in (first, second):
        ship_all(Shipper(str(journal.store), Remote(url), batch=4096))
    assert held_in(server.folder("ranks")) == held_in(first.store) | held_in(second.store)
    assert points_in(server.folder("ranks")) == {"runs": 1, "points": 1000}


def test_a_client_whose_clock_is_a_day_off_is_taken_as_it_is(
    server: ServerProcess, tmp_path: Path
) -> None:
    url = server.url("clocks")
    for number, off in enumerate((-DAY_NS, 0, DAY_NS)):
        journal = JournalBuilder(tmp_path / str(number))
        clock = Clock(START + off)
        with journal.run(f"off {off}", clock=clock) as run:
            run.metric("acc", 0.5)
        ship_all(Shipper(str(journal.store), Remote(url)))
        assert held_in(journal.store).items() <= held_in(server.folder("clocks")).items()
    assert points_in(server.folder("clocks")) == {"runs": 3, "points": 3}


def test_a_full_disk_of_the_server_is_told_and_all_arrives_once_there_is_room(
    tmp_path: Path,
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"a small disk needs the right to mount: {mounted.stderr.decode().strip()}")
    try:
        store = client(tmp_path / "client", runs=4, points=3000)
        with ServerProcess(tmp_path / "home") as server:
            projects = server.home / "projects"
            shutil.rmtree(projects, ignore_errors=True)
            projects.symlink_to(disk)
            shipper = Shipper(str(store), Remote(server.url()), batch=64 << 10)
            with pytest.raises(UnreachableError, match="no room"):
                ship_on(shipper)
            whole = {name.partition(".")[2]: data for name, data in bytes_in(store).items()}
            for name, data in bytes_in(server.folder()).items():
                assert whole[name.partition(".")[2]].startswith(data)
            subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
            ship_all(shipper)
            assert held_in(server.folder()) == held_in(store)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def bytes_in(store: Path) -> dict[str, bytes]:
    from whence.journal.layout import sealed_segments
    from whence.journal.seal import read_bytes

    files = [*open_segments(store), *sealed_segments(store)]
    return {f"{file.run.hex()}.{file.segment.hex()}": read_bytes(file) for file in files}


def test_a_program_ends_while_the_server_hangs(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "train.py").write_text("import time\ntime.sleep(2)\nopen('out.txt', 'w').write('x')\n")
    with ServerProcess(tmp_path / "home") as server:
        url = server.url()
        server.pause()
        done = whence(work, "run", "--store", url, "train.py")
        assert (done.returncode, done.stderr) == (0, "")
        assert held_in(server.folder()) == {}  # it still hangs, and the program is over
        wait_for_companions(work / ".whence")
        server.go_on()
        until(lambda: whence(work, "push", "--store", url).returncode == 0, "all to be sent")
        assert held_in(server.folder()) == held_in(work / ".whence")


def test_a_server_that_comes_late_gets_what_a_running_program_recorded(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "train.py").write_text(
        "import os, time\n"
        "open('first.txt', 'w').write('x')\n"
        "while not os.path.exists('enough'): time.sleep(0.05)\n"
    )
    server = ServerProcess(tmp_path / "home")
    with server.start():
        url = server.url()
    process = subprocess.Popen(
        [sys.executable, "-m", "whence", "run", "--store", url, "train.py"],
        cwd=work, env=environment(),
    )  # fmt: skip
    try:
        store = work / ".whence"
        until(lambda: store.exists() and [f for f in remote_facts(store) if f.problem], "a failure")
        with server.start():
            until(lambda: held_in(server.folder()), "the first segments")
            (work / "enough").touch()
            assert process.wait(60) == 0
            wait_for_companions(store)
            until(lambda: held_in(server.folder()) == held_in(store), "the rest")
    finally:
        (work / "enough").touch()
        process.wait(60)


def test_a_full_disk_of_the_client_sends_what_was_recorded(
    server: ServerProcess, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"a small disk needs the right to mount: {mounted.stderr.decode().strip()}")
    try:
        journal = JournalBuilder(disk)
        run = journal.run("full")
        with pytest.raises(OSError, match="No space"):
            fill(run)
        run.close()
        ship_all(Shipper(str(journal.store), Remote(server.url("full"))))  # without its hints
        assert held_in(server.folder("full")) == held_in(journal.store)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(run: RunJournal) -> None:
    for step in range(1_000_000):
        run.metric("loss", 1.0, step)
