"""A program whose files are watched behaves as under plain Python, to the last byte it prints."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

SUPPORT = Path(__file__).parents[1] / "support"
WATCHED = f"""
import sys; sys.path.insert(0, {str(SUPPORT)!r})
import io, pathlib, session
from whence.observers.files import FilesObserver
_made = session.make_session(pathlib.Path.cwd())
session.activate(_made)
observer = FilesObserver()
observer.attach(io, _made)
del sys.path[0]
"""


def run_both(folder: Path, program: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run ``program`` plain and watched; both must say the same. Gives the watched result."""
    results = []
    for prelude in ("observer = None\n", WATCHED):
        home = folder / "home"
        if home.exists():
            home.rename(folder / "plain")
        home.mkdir()
        (home / "prelude.py").write_text(prelude)
        (home / "program.py").write_text("import prelude\n" + dedent(program))
        (home / "there.txt").write_text("one\ntwo\n")
        done = subprocess.run(
            [sys.executable, *options, "program.py"],
            cwd=home, capture_output=True, text=True, timeout=60, check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        results.append((done.returncode, done.stdout, done.stderr))
    assert results[1] == results[0]
    return done


@pytest.mark.parametrize(
    "call",
    [
        "open('missing.txt')",
        "open('missing.txt', 'r+b', 0)",
        "open('.')",
        "open('there.txt', 'q')",
        "open()",
        "open('a', 'r', bogus=1)",
        "open('nul\\0byte')",
        "open(999)",
        "open('there.txt', encoding='no-such')",
        "open('x', opener=lambda path, flags: 1 / 0)",
        "__import__('pathlib').Path('missing.txt').read_text()",
        "os.open('missing.txt', os.O_RDONLY)",
        "os.open('there.txt')",
        "os.close(999)",
        "os.close('x')",
        "os.fdopen(999)",
        "os.rename('missing.txt', 'b')",
        "os.replace('missing.txt')",
        "os.remove('missing.txt')",
        "os.unlink(5)",
        "os.link('missing.txt', 'b')",
        "os.truncate('missing.txt', 0)",
        "os.chmod('missing.txt', 0o600)",
        "os.utime('missing.txt')",
        "__import__('shutil').copy('missing.txt', 'b')",
    ],
)
def test_an_exception_has_the_traceback_of_plain_python(tmp_path: Path, call: str) -> None:
    program = f"""
    import os, sys, traceback
    def work():
        {call}
    try:
        work()
    except BaseException as error:
        print(traceback.format_exc(), error.__context__, error.__cause__)
        traceback.print_exception(error)
    try:
        raise KeyError('before')
    except KeyError:
        work()
    """
    done = run_both(tmp_path, program)
    assert done.returncode == 1
    assert "whence" not in done.stdout + done.stderr


def test_an_exception_of_a_close_has_the_traceback_of_plain_python(tmp_path: Path) -> None:
    program = """
    import os
    f = open('there.txt')
    os.close(f.fileno())
    f.close()
    """
    assert "Bad file descriptor" in run_both(tmp_path, program).stderr


@pytest.mark.parametrize("mode", ["'r'", "'rb'", "'rb', 0", "'w'", "'r+b'"])
@pytest.mark.parametrize("circle", [False, True])
def test_an_unclosed_file_is_warned_of_and_closed_as_in_plain_python(
    tmp_path: Path, mode: str, circle: bool
) -> None:
    if circle and mode == "'rb', 0":
        mode = "'rb'"
    program = f"""
    import gc, os
    gc.disable()
    class Holder: pass
    def drop():
        holder = Holder()
        holder.file = open('there.txt', {mode})
        if 'r' not in {mode!r}[1:2]:
            holder.file.write('text')
        if {circle}:
            holder.me = holder
    before = set(os.listdir('/proc/self/fd'))
    drop()
    if {circle}:
        print(gc.collect() > 0)
    print(set(os.listdir('/proc/self/fd')) - before, os.path.getsize('there.txt'))
    """
    done = run_both(tmp_path, program, "-X", "dev")
    assert done.stderr.count("ResourceWarning: unclosed file") == 1


def test_an_unbuffered_file_in_a_circle_is_closed_as_in_plain_python(tmp_path: Path) -> None:
    program = """
    import gc, os
    class Holder: pass
    holder = Holder()
    holder.me, holder.file = holder, open('there.txt', 'rb', 0)
    before = len(os.listdir('/proc/self/fd'))
    del holder
    gc.collect()
    print(len(os.listdir('/proc/self/fd')) - before)
    """
    assert run_both(tmp_path, program, "-W", "error").stdout == "-1\n"


def test_a_warning_names_the_line_of_the_program(tmp_path: Path) -> None:
    program = """
    def work():
        return open('there.txt', 'rb', 1)

    work().close()
    """
    assert "program.py:4: RuntimeWarning: line buffering" in run_both(tmp_path, program).stderr


def test_a_warning_of_a_missing_encoding_names_the_line_of_the_program(tmp_path: Path) -> None:
    program = "open('there.txt').close()\n"
    done = run_both(tmp_path, program, "-X", "warn_default_encoding")
    assert "program.py:2: EncodingWarning" in done.stderr
    (tmp_path / "error").mkdir()
    failed = run_both(tmp_path / "error", program, "-X", "warn_default_encoding", "-W", "error")
    assert failed.returncode == 1


def test_a_watched_function_is_taken_for_the_original(tmp_path: Path) -> None:
    program = """
    import builtins, copy, inspect, io, os, pickle, shutil, types
    names = [(io, 'open'), *((os, n) for n in (
        'open', 'close', 'rename', 'replace', 'link', 'remove', 'unlink', 'truncate',
        'chmod', 'chown', 'utime'))]
    for module, name in names:
        f = getattr(module, name)
        print(repr(f), f.__name__, f.__qualname__, f.__module__, f.__doc__, f.__self__)
        print(inspect.signature(f), inspect.isbuiltin(f), inspect.isroutine(f), callable(f))
        print(isinstance(f, types.BuiltinFunctionType), inspect.ismethod(f), inspect.isclass(f))
        print([pickle.dumps(f, p) for p in range(6)], pickle.loads(pickle.dumps(f)) is f)
        print(copy.copy(f) is f, copy.deepcopy(f) is f)
    class Holder:
        method = open
    print(Holder().method('there.txt').read())
    print(os.open in os.supports_dir_fd, shutil.rmtree.avoids_symlink_attacks)
    print(builtins.open is io.open, {os.open: 1}[os.open])
    """
    run_both(tmp_path, program)


def test_detaching_leaves_everything_as_found(tmp_path: Path) -> None:
    program = """
    import builtins, io, os, posix, prelude, _io
    if prelude.observer is not None:
        early = open
        prelude.observer.detach()
        assert early('there.txt').read() == 'one\\ntwo\\n'
    names = ('open', 'close', 'rename', 'replace', 'link', 'remove', 'unlink', 'truncate',
             'chmod', 'chown', 'utime')
    print(type(open), type(io.open), type(_io.open), builtins.open is io.open is _io.open)
    print([type(getattr(m, n)) for m in (os, posix) for n in names])
    """
    run_both(tmp_path, program)


def test_a_posix_lock_is_kept_while_others_open_the_file_by_path(tmp_path: Path) -> None:
    program = """
    import fcntl, os, subprocess, sys
    held = open('there.txt', 'r+')
    fcntl.lockf(held, fcntl.LOCK_EX)
    os.rename('there.txt', 'moved.txt')
    os.link('moved.txt', 'linked.txt')
    os.remove('linked.txt')
    try:
        open('moved.txt/no')
    except NotADirectoryError:
        pass
    probe = (
        'import fcntl\\n'
        'try:\\n fcntl.lockf(open("moved.txt", "r+"), fcntl.LOCK_EX | fcntl.LOCK_NB)\\n'
        'except BlockingIOError: print("still locked")\\n'
    )
    print(subprocess.run([sys.executable, '-c', probe], capture_output=True, text=True).stdout)
    """
    assert run_both(tmp_path, program).stdout == "still locked\n\n"


def test_files_of_every_sort_read_and_write_the_same(tmp_path: Path) -> None:
    program = """
    import io, mmap, os, pathlib, shutil, tempfile, threading
    for mode in ('w', 'x', 'a', 'r', 'r+', 'w+', 'wb', 'ab', 'rb', 'r+b', 'w+b'):
        path = 'x-' + mode
        if mode[0] == 'r':
            pathlib.Path(path).write_bytes(b'content')
        with open(path, mode) as f:
            print(mode, f, f.tell(), f.readable(), f.writable())
            if f.writable():
                print(f.write(b'abc' if 'b' in mode else 'abc'))
        print(open(path, 'rb').read(), f.closed)
    print(open(os.open('there.txt', os.O_RDONLY)).read())
    f = os.fdopen(os.open('new.bin', os.O_RDWR | os.O_CREAT), 'w+b')
    f.write(b'0' * 5000); f.flush()
    with mmap.mmap(f.fileno(), 0) as memory:
        memory[:3] = b'abc'
    f.close()
    print(open('new.bin', 'rb').read()[:5])
    raw = open('new.bin', 'rb').detach()
    print(raw.read(4), raw.closed, raw.close(), raw.closed)
    text = open('there.txt'); buffer = text.detach(); raw = buffer.detach(); print(raw, raw.close())
    print(open(b'there.txt').read(), open(pathlib.Path('there.txt')).name)
    print(open('there.txt', opener=lambda p, f: os.open(p, f)).read())
    name = b'caf\\xe9-\\xff.bin'
    open(name, 'wb').write(b'1'); print(os.listdir(b'.').count(name)); os.remove(name)
    os.mkfifo('pipe')
    t = threading.Thread(target=lambda: open('pipe', 'w').write('through')); t.start()
    print(open('pipe').read()); t.join()
    print(open('/dev/null', 'w').write('x'), open('/dev/stdin').read())
    folder = os.open('.', os.O_RDONLY); inner = os.open('there.txt', os.O_RDONLY, dir_fd=folder)
    print(os.read(inner, 3)); os.close(inner); os.close(folder)
    os.mkdir('d'); open('d/f', 'w').close(); os.rename('d', 'e'); shutil.rmtree('e')
    keep = open(os.open('there.txt', 0), closefd=False)
    fd = keep.fileno(); keep.close(); print(os.read(fd, 2)); os.close(fd)
    with tempfile.TemporaryDirectory() as temporary:
        shutil.copy('there.txt', temporary); print(os.listdir(temporary))
    with open(1, 'w', closefd=False) as out: out.write('to stdout\\n')
    os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')
    try: open('x')
    except FileNotFoundError as error: print(error)
    """
    assert run_both(tmp_path, program).returncode == 0


def test_a_signal_handler_that_raises_during_an_open_reaches_the_program(tmp_path: Path) -> None:
    program = """
    import os, signal, traceback
    class Alarm(Exception): pass
    armed = True
    def ring(*_):
        global armed
        if armed:
            armed = False
            raise Alarm('now')
    signal.signal(signal.SIGALRM, ring)
    os.mkfifo('pipe')
    signal.setitimer(signal.ITIMER_REAL, 1.0)
    try: open('pipe')
    except Alarm: print(traceback.format_exc())
    caught = 0
    signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0007)
    while caught <= 10:
        try:
            armed = True
            open('there.txt').close()
            armed = False
        except Alarm: caught += 1
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(caught)
    """
    run_both(tmp_path, program)
