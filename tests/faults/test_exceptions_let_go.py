"""An exception that passes through us keeps nothing alive: its frames go when it goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import run_both

RAISED = """
import gc, os, signal, weakref
gc.disable()
class Held: pass
class Stop(Exception): pass
def handler(number, frame): raise Stop
signal.signal(signal.SIGALRM, handler)

def failing():
    held = Held()
    alive.append(weakref.ref(held))
    {statement}

alive = []
for _ in range({times}):
    try:
        signal.setitimer(signal.ITIMER_REAL, {alarm})
        failing()
    except Exception as error:
        kind = type(error).__name__
signal.setitimer(signal.ITIMER_REAL, 0)
print(kind, sum(ref() is not None for ref in alive))
"""

ENDLESS = "while True:\n        with open('f.txt', 'w') as f: f.write('x')"


@pytest.mark.parametrize(
    ("statement", "kind", "times", "alarm"),
    [
        ("open('missing.txt')", "FileNotFoundError", 5, 0),
        ("os.open('missing.txt', os.O_RDONLY)", "FileNotFoundError", 5, 0),
        ("os.rename('missing.txt', 'other.txt')", "FileNotFoundError", 5, 0),
        ("import pandas; pandas.read_csv('missing.csv')", "FileNotFoundError", 5, 0),
        ("import numpy; numpy.load('missing.npy')", "FileNotFoundError", 5, 0),
        (ENDLESS, "Stop", 300, 0.0007),
    ],
    ids=["open", "os.open", "rename", "pandas", "numpy", "a signal at any line"],
)
def test_what_raised_is_let_go(
    statement: str, kind: str, times: int, alarm: float, tmp_path: Path
) -> None:
    both = run_both(tmp_path, RAISED.format(statement=statement, times=times, alarm=alarm))
    both.assert_same()
    assert both.plain.stdout == f"{kind} 0\n".encode()
