"""What goes wrong around a run: the program never notices, and what was recorded stays."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import (
    environment,
    read_now,
    read_when_done,
    run_both,
    run_plain,
    run_recorded,
)
from whence.journal.home import create_store
from whence.journal.layout import open_segments
from whence.model.event import ContentHashed, FileClosed, FileOpened, GapRecorded

RECORDED = [sys.executable, "-m", "whence", "run"]


def start(folder: Path, source: str, **extra: str) -> subprocess.Popen[bytes]:
    """Start a recorded program that says ``up`` when it is ready."""
    process = subprocess.Popen(
        [*RECORDED, "-c", source],
        cwd=folder,
        env=environment(**extra),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    return process


def companion_of(store: Path) -> int:
    """The pid of the companion that works for ``store``."""
    for _ in range(300):
        for name in os.listdir("/proc"):
            if name.isdigit():
                try:
                    command = Path("/proc", name, "cmdline").read_bytes()
                except OSError:
                    continue
                if b"capture.companion" in command and os.fsencode(store) in command:
                    return int(name)
        time.sleep(0.02)
    raise AssertionError("no companion")


LOCK = """
import multiprocessing, os, sqlite3, sys, time

def second(start):
    start.wait()
    db = sqlite3.connect("x.db", timeout=20)
    with db:
        db.execute("insert into t values (2)")
    db.close()

if __name__ == "__main__":
    db = sqlite3.connect("x.db", isolation_level=None)
    db.execute("create table t (x)")
    context = multiprocessing.get_context("fork")
    start = context.Event()
    child = context.Process(target=second, args=(start,))
    child.start()
    db.execute("begin immediate")
    db.execute("insert into t values (1)")
    start.set()
    with open("other.txt", "w") as f:
        f.write("x" * 100)
    time.sleep(0.5)
    locks = [l.split() for l in open("/proc/locks") if l.split()[4] == str(os.getpid())]
    print("locks held:", bool(locks), "child waits:", child.is_alive())
    db.execute("commit")
    child.join()
    print(sorted(db.execute("select x from t")), child.exitcode)
"""


def test_a_lock_on_a_database_holds_while_a_second_writer_waits(tmp_path: Path) -> None:
    both = run_both(tmp_path, LOCK)
    both.assert_same()
    assert both.plain.stdout == b"locks held: True child waits: True\n[(1,), (2,)] 0\n"


ALARM = """
import signal, sys
class Stop(Exception): pass
count = [0]
def handler(number, frame):
    count[0] += 1
    raise Stop(count[0])
signal.signal(signal.SIGALRM, handler)
seen = 0
i = 0
while seen < 60:
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.0005 + (i % 7) * 0.0001)
        while True:
            i += 1
            with open(f"f{i % 5}.txt", "w") as f:
                f.write("x" * 100)
    except Stop:
        seen += 1
signal.setitimer(signal.ITIMER_REAL, 0)
print(seen == count[0])
"""


def test_an_alarm_that_raises_always_reaches_the_program(tmp_path: Path) -> None:
    both = run_both(tmp_path, ALARM)
    assert both.plain == (0, b"True\n", b"")
    assert both.recorded.stdout == b"True\n"
    assert both.recorded.code == 0
    assert both.recording.run_end() == ("finished", {})


FORKS = """
import os, sys
with open("before.txt", "w") as f: f.write("b" * 100)
children = []
for n in range(5):
    pid = os.fork()
    if pid == 0:
        with open(f"child-{n}.txt", "w") as f: f.write("c" * 100)
        if n == 3:
            sys.exit(4)
        os._exit(n)
    children.append(pid)
print([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children])
with open("after.txt", "w") as f: f.write("a" * 100)
"""


def test_forked_children_are_parts_of_the_run_with_ends_of_their_own(tmp_path: Path) -> None:
    both = run_both(tmp_path, FORKS)
    both.assert_same()
    [run] = both.recording.started("run")
    children = both.recording.started("process")
    assert [child.parent for child in children] == [run.id] * 5
    codes = [both.recording.end_of(child.id).attributes.get("exit_code") for child in children]
    assert sorted(codes) == [0, 1, 2, 4, 4]
    writers = {
        os.path.basename(e.path): e.activity for e in both.recording.of_files() if e.access == "w"
    }
    assert writers[b"before.txt"] == writers[b"after.txt"] == run.id
    assert {writers[b"child-%d.txt" % n] for n in range(5)} == {c.id for c in children}
    assert both.recording.run_end() == ("finished", {})


SPAWNS = """
import multiprocessing, subprocess, sys
def work(n):
    with open(f"{n}.txt", "w") as f: f.write("x" * 100)
    return n
if __name__ == "__main__":
    for method in ("spawn", "forkserver"):
        with multiprocessing.get_context(method).Pool(1) as pool:
            print(pool.map(work, [method]))
            pool.close()
            pool.join()
    code = "open('sub.txt', 'w').write('x' * 100)"
    print(subprocess.run([sys.executable, "-c", code]).returncode)
    print(subprocess.run(["sh", "-c", "exit 5"]).returncode)
    print(subprocess.run([sys.executable, "-S", "-c", "raise SystemExit(6)"]).returncode)
    print(subprocess.call("kill -9 $$", shell=True))
"""


def test_children_of_every_kind_join_the_run(tmp_path: Path) -> None:
    both = run_both(tmp_path, SPAWNS)
    both.assert_same()
    written = {os.path.basename(e.path) for e in both.recording.of_files() if e.access == "w"}
    assert {b"spawn.txt", b"forkserver.txt", b"sub.txt"} <= written
    commands = both.recording.started("command")
    ends = [both.recording.end_of(command.id) for command in commands]
    assert [(c.name, e.status, e.attributes) for c, e in zip(commands, ends, strict=True)] == [
        ("sh", "failed", {"exit_code": 5}),
        (os.path.basename(sys.executable), "failed", {"exit_code": 6}),
        ("sh", "interrupted", {"signal": 9}),
    ]
    assert both.recording.gaps()["child-unreached"] == 1


def test_what_was_recorded_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    source = (
        "import time\n"
        "for n in range(200):\n    open(f'{n}.txt', 'w').write('x' * 100)\n"
        "f = open('unfinished.txt', 'w'); f.write('y' * 100); f.flush()\n"
        "print('up', flush=True)\ntime.sleep(60)\n"
    )
    process = start(tmp_path, source)
    process.kill()
    process.wait()
    recording = read_when_done(tmp_path / ".whence")
    written = {os.path.basename(e.path) for e in recording.of_files() if e.access == "w"}
    assert written == {b"%d.txt" % n for n in range(200)} | {b"unfinished.txt"}
    assert recording.run_end()[0] == "interrupted"
    assert recording.gaps()["not-closed"] == 1
    digests = {os.path.basename(e.path): e.digest for e in recording.of(ContentHashed)}
    assert digests[b"unfinished.txt"] == hashlib.sha256(b"y" * 100).digest()
    assert len(digests) == 201


def test_a_program_that_closes_all_descriptors_loses_nothing_and_gets_nothing_of_ours(
    tmp_path: Path,
) -> None:
    source = (
        "import os\n"
        "open('one.txt', 'w').write('x' * 100)\n"
        "os.closerange(3, 100_000)\n"
        "files = [open(f'f{n}.txt', 'w') for n in range(300)]\n"
        "for f in files: f.write('mine')\n"
        "for f in files: f.close()\n"
        "print({open(f'f{n}.txt').read() for n in range(300)})\n"
    )
    both = run_both(tmp_path, source)
    both.assert_same()
    assert both.plain.stdout == b"{'mine'}\n"
    written = [e.path for e in both.recording.of_files() if e.access == "w"]
    assert len(set(written)) == 301
    assert both.recording.run_end() == ("finished", {})


def test_the_companion_killed_does_no_harm(tmp_path: Path) -> None:
    source = (
        "import sys\nprint('up', flush=True)\nsys.stdin.read()\n"
        "open('x.txt', 'w').write('x' * 100)\nprint('done')\n"
    )
    process = start(tmp_path, source)
    os.kill(companion_of(tmp_path / ".whence"), signal.SIGKILL)
    assert process.communicate(b"", timeout=30) == (b"done\n", b"")
    assert process.returncode == 0
    recording = read_now(tmp_path / ".whence")
    assert recording.run_end() == ("finished", {})
    assert b"x.txt" in {os.path.basename(e.path) for e in recording.of_files()}
    assert open_segments(tmp_path / ".whence")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_companion_outlives_signals_that_are_meant_for_the_program(
    number: signal.Signals, tmp_path: Path
) -> None:
    process = start(tmp_path, "import sys\nprint('up', flush=True)\nsys.stdin.read()\n")
    pid = companion_of(tmp_path / ".whence")
    time.sleep(0.3)
    os.kill(pid, number)
    process.communicate(b"", timeout=30)
    assert read_when_done(tmp_path / ".whence").run_end() == ("finished", {})


def test_the_companion_is_not_started_twice(tmp_path: Path) -> None:
    process = start(tmp_path, "import sys\nprint('up', flush=True)\nsys.stdin.read()\n")
    pid = companion_of(tmp_path / ".whence")
    command = Path("/proc", str(pid), "cmdline").read_bytes().split(b"\0")[:-1]
    words = [os.fsdecode(word) for word in command]
    words[-4:] = ["-1", "-1", "-1", "0"]
    second = subprocess.run(words, timeout=30, capture_output=True, close_fds=True)
    assert (second.returncode, second.stderr) == (0, b"")
    process.communicate(b"", timeout=30)
    ended = read_when_done(tmp_path / ".whence")
    assert ended.run_end() == ("finished", {})


def test_a_file_that_changed_before_it_was_hashed_is_a_gap_never_a_wrong_digest(
    tmp_path: Path,
) -> None:
    source = (
        "for n in range(50):\n"
        "    with open('x.bin', 'wb') as f:\n        f.write(bytes([n]) * 1_000_000)\n"
    )
    both = run_both(tmp_path, source)
    both.assert_same()
    opened = {e.id for e in both.recording.of(FileOpened) if e.access == "w"}
    closed = [e for e in both.recording.of(FileClosed) if e.id in opened]
    contents = {c.stamp: n for n, c in enumerate(closed)}
    hashed = both.recording.of(ContentHashed)
    for event in hashed:
        if event.path.endswith(b"x.bin"):
            content = bytes([contents[event.stamp]]) * 1_000_000
            assert event.digest == hashlib.sha256(content).digest()
    gaps = [g for g in both.recording.of(GapRecorded) if g.code == "changed-before-hashed"]
    assert gaps
    assert {gap.subject for gap in gaps} <= opened


def test_a_file_written_aside_and_renamed_is_hashed_where_it_lies(tmp_path: Path) -> None:
    source = (
        "import os\n"
        "for n in range(30):\n"
        "    with open(f'.{n}.part', 'w') as f: f.write(f'{n}' * 100)\n"
        "    os.rename(f'.{n}.part', f'{n}.out')\n"
    )
    both = run_both(tmp_path, source)
    both.assert_same()
    digests = {os.path.basename(e.path): e.digest for e in both.recording.of(ContentHashed)}
    for n in range(30):
        expected = hashlib.sha256((f"{n}" * 100).encode()).digest()
        assert digests[b"%d.out" % n] == expected
    assert not both.recording.gaps()


def test_two_runs_at_once_in_one_folder_keep_apart(tmp_path: Path) -> None:
    source = (
        "import sys\nprint('up', flush=True)\nsys.stdin.read()\nopen('{}.txt', 'w').write('x')\n"
    )
    processes = [start(tmp_path, source.format(name)) for name in "abc"]
    for process in processes:
        process.communicate(b"", timeout=30)
    recording = read_when_done(tmp_path / ".whence")
    runs = {run.id for run in recording.started("run")}
    writers = {
        os.path.basename(e.path): e.activity for e in recording.of_files() if e.access == "w"
    }
    assert set(writers) == {b"a.txt", b"b.txt", b"c.txt"}
    assert set(writers.values()) == runs
    assert {recording.end_of(run).status for run in runs} == {"finished"}


def test_a_file_that_may_not_be_read_and_odd_names_are_no_trouble(tmp_path: Path) -> None:
    source = (
        "import os\n"
        "for n in (b'caf\\xe9.txt', 'snow\\u2603.txt', 'new\\nline.txt'):\n"
        "    with open(n, 'w') as f: f.write('x' * 100)\n"
        "try:\n    open('/nonexistent/x')\nexcept OSError as e:\n    print(e)\n"
        "try:\n    open(os.getcwd())\nexcept OSError as e:\n    print(type(e))\n"
    )
    both = run_both(tmp_path, source)
    both.assert_same()
    hashed = {os.path.basename(e.path) for e in both.recording.of(ContentHashed)}
    assert {b"caf\xe9.txt", "snow\u2603.txt".encode(), b"new\nline.txt"} <= hashed


def test_arguments_that_are_no_unicode_are_kept(tmp_path: Path) -> None:
    (tmp_path / "s.py").write_text("import sys, os; print(os.fsencode(sys.argv[1]))")
    done = subprocess.run(
        [*RECORDED, "--name", os.fsdecode(b"n\xff"), "s.py", b"a\xff\xfe"],
        cwd=tmp_path, env=environment(), capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.stdout == b"b'a\\xff\\xfe'\n"
    assert done.stderr == b""
    [run] = read_when_done(tmp_path / ".whence").started("run")
    assert run.name == "n\\udcff"
    assert run.attributes["command"][-1] == os.fsdecode(b"a\xff\xfe")


@pytest.fixture
def read_only_store(tmp_path: Path) -> Iterator[Path]:
    store = create_store(tmp_path / ".whence")
    mounted = subprocess.run(["mount", "--bind", str(store), str(store)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip(f"a read-only folder needs the right to mount: {mounted.stderr.decode()}")
    subprocess.run(["mount", "-o", "remount,ro,bind", str(store)], check=True)
    yield store
    subprocess.run(["umount", str(store)], check=True)


def test_with_a_read_only_store_the_program_runs_and_one_line_says_so(
    read_only_store: Path,
) -> None:
    source = "import os; print('ran', os.environ.get('WHENCE_RUN')); raise SystemExit(3)"
    outcome = run_recorded(read_only_store.parent, "-c", source)
    assert (outcome.code, outcome.stdout) == (3, b"ran None\n")
    [line] = outcome.stderr.splitlines()
    assert line.startswith(b"whence: the program runs unrecorded: ")


def test_a_store_of_another_user_is_left_alone(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to another user")
    theirs = create_store(tmp_path / ".whence")
    os.chown(theirs, 12345, 12345)
    work = tmp_path / "work"
    work.mkdir()
    outcome = run_recorded(work, "-c", "print('ran')")
    assert (outcome.code, outcome.stdout) == (0, b"ran\n")
    assert b"belongs to another user" in outcome.stderr
    assert read_when_done(work / ".whence").run_end() == ("finished", {})
    assert open_segments(theirs) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True)
    if mounted.returncode != 0:
        pytest.skip(f"a small disk needs the right to mount: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_costs_one_warning_and_a_counted_gap(small_disk: Path, tmp_path: Path) -> None:
    store = small_disk / ".whence"
    source = (
        "import glob, os, time\n"
        # The companion has begun: one that begins on a full disk can record nothing at all.
        f"segments = {str(store / 'journal' / 'open' / '**' / '*.seg*')!r}\n"
        "while 'WHENCE_RUN' in os.environ and len(glob.glob(segments, recursive=True)) < 2:\n"
        "    time.sleep(0.01)\n"
        f"ballast = {str(small_disk / 'ballast')!r}\n"
        "open('before.txt', 'w').write('x' * 100)\n"
        "fd = os.open(ballast, os.O_CREAT | os.O_WRONLY)\n"
        "try:\n    while True: os.write(fd, bytes(4096))\nexcept OSError as e: print(e.errno)\n"
        "for n in range(100): open(f'{n}.txt', 'w').write('x' * 100)\n"
        "os.unlink(ballast); os.close(fd)\n"
        "print('end')\n"
    )
    (tmp_path / "s.py").write_text(source)
    plain = run_plain(tmp_path, "s.py")
    recorded = run_recorded(tmp_path, "--store", str(store), "s.py")
    assert recorded.code == plain.code
    assert recorded.stdout == plain.stdout == b"28\nend\n"
    warning = b"whence: the disk is full; recording stopped, your program goes on\n"
    assert recorded.stderr == warning
    recording = read_when_done_roughly(store)
    assert b"before.txt" in {os.path.basename(e.path) for e in recording.of_files()}
    assert recording.gaps()["disk-full"] > 50
    assert recording.run_end()[0] == "finished"


def read_when_done_roughly(store: Path) -> Any:
    from tests.support.program import Recording, wait_for_companions
    from whence.journal.layout import sealed_segments
    from whence.journal.reader import SegmentReader
    from whence.journal.seal import read_bytes
    from whence.model.event import decoder

    wait_for_companions(store)
    events = []
    for file in [*sealed_segments(store), *open_segments(store)]:
        reader = SegmentReader(read_bytes(file))
        events += [decoder.decode(frame.payload) for frame in reader.frames()]
    return Recording(events)


@pytest.mark.slow
def test_a_hundred_thousand_files_are_each_recorded(tmp_path: Path) -> None:
    count = int(os.environ.get("WHENCE_TEST_FILES", "20000"))
    source = (
        "import os, sys\n"
        "for n in range(int(sys.argv[1])):\n"
        "    with open(f'{n:06}.txt', 'w') as f: f.write(f'{n}' * 20)\n"
    )
    both = run_both(tmp_path, source, str(count))
    both.assert_same()
    written = [e.path for e in both.recording.of_files() if e.access == "w"]
    assert len(written) == len(set(written)) == count
    assert len({e.path for e in both.recording.of(ContentHashed)}) == count + 1


def test_outside_git_and_with_a_clock_set_back_a_run_is_recorded(tmp_path: Path) -> None:
    source = (
        "import time\n"
        "real = time.time_ns\n"
        "time.time_ns = lambda: real() - 3600 * 10**9\n"
        "open('x.txt', 'w').write('x' * 100)\n"
    )
    both = run_both(tmp_path, source)
    both.assert_same()
    assert both.recording.run_end() == ("finished", {})


DEEP = """
import copy, time
data = {"a": [1, 2, {"b": (3, 4)}] * 50}
for _ in range(300): copy.deepcopy(data)
print(sum(id(x) is not None for x in range(10)))
"""


def test_copying_deeply_is_as_ever(tmp_path: Path) -> None:
    run_both(tmp_path, DEEP).assert_same()


def test_a_child_that_outlives_the_program_gets_a_companion_of_its_own(tmp_path: Path) -> None:
    late = "import time; time.sleep(2.5); open('late.txt', 'w').write('x' * 100)"
    source = (
        "import subprocess, sys\n"
        f"code = {late!r}\n"
        "subprocess.Popen(['sh', '-c', f'sleep 1.5; exec {sys.executable} -c \"{code}\"'],\n"
        "    stdin=-3, stdout=-3, stderr=-3, start_new_session=True)\n"
    )
    (tmp_path / "s.py").write_text(source)
    assert run_recorded(tmp_path, "s.py") == (0, b"", b"")
    store = tmp_path / ".whence"
    assert read_when_done(store).run_end() == ("finished", {})
    until = time.monotonic() + 20
    while not (tmp_path / "late.txt").exists() and time.monotonic() < until:
        time.sleep(0.05)
    recording = read_when_done(store)
    digests = {os.path.basename(e.path) for e in recording.of(ContentHashed)}
    assert b"late.txt" in digests
    [child] = recording.started("process")
    assert recording.end_of(child.id).status == "finished"
    assert len(recording.started("run")) == 1
    assert "child-unreached" not in recording.gaps()
