"""The server: how soon it is ready, what it takes while idle, and how quick its pages are.

Memory is what belongs to the process alone (``RssAnon``): pages of files that are mapped, such as
the index and libraries, are the system's to take back.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx

from benchmarks.many_runs import make
from benchmarks.row import Row

NAME = "the server, idle and asked"

READY_BAR_S, MEMORY_BAR_MIB, PAGE_BAR_MS, FIRST_PIECE_BAR_S = 1.0, 80.0, 50.0, 10.0
AT = re.compile(rb"at (http://\S+/)")
PAGES = {
    "first page of the runs": "/runs?limit=50",
    "runs from the 90th of 100 on": "/runs?limit=50&offset={far}",
    "runs that failed": "/runs?filter=status = 'failed'&limit=50",
    "runs by metric, top 10": "/runs?filter=metrics.acc > 0.9&order_by=metrics.acc desc&limit=10",
    "page 2 of the runs": "",
}


def run(quick: bool) -> list[Row]:
    """One row for each claim."""
    runs = 10_000 if quick else 100_000
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        rows = _idle(home / "empty")
        store = home / "full" / "projects" / "many"
        store.parent.mkdir(parents=True)
        make(store.parent, runs).rename(store)
        with serving(home / "full") as (url, _, process):
            rows += _pages(f"{url}api/v1/projects/many", runs)
            rows += _export(f"{url}api/v1/projects/many", runs)
            print(f"  memory after that: {resident_mib(process.pid):.0f} MiB", file=sys.stderr)
    return rows


def _idle(home: Path) -> list[Row]:
    ready, spent = [], []
    for _ in range(5):
        with serving(home) as (url, seconds, process):
            ready.append(seconds)
            spent.append(cpu_seconds(process.pid))
            httpx.get(url + "health").raise_for_status()
            httpx.get(url + "api/v1/projects").raise_for_status()
            memory = resident_mib(process.pid)
    return [
        _row("server ready to answer, median of 5", median(ready), "s", READY_BAR_S),
        _row("server ready to answer, CPU", median(spent), "s", READY_BAR_S),
        _row("memory of an idle server", memory, "MiB", MEMORY_BAR_MIB),
    ]


def _pages(url: str, runs: int) -> list[Row]:
    with httpx.Client(timeout=600) as client:
        while client.get(f"{url}/status").json()["store"]["unindexed"]:
            time.sleep(0.1)
        rows = []
        for what, query in PAGES.items():
            asked = f"{url}{query.format(far=runs * 9 // 10)}" if query else _second(client, url)
            times = [client.get(asked).raise_for_status().elapsed for _ in range(20)]
            best = min(one.total_seconds() for one in times) * 1e3
            rows.append(_row(f"{what} of {runs:,}, best of 20", best, "ms", PAGE_BAR_MS))
    return rows


def _export(url: str, runs: int) -> list[Row]:
    """How soon an export of everything begins to arrive; the rest of it is not waited for."""
    rows = []
    for name in ("turtle", "prov-jsonld", "prov-json", "prov-n"):
        began = time.perf_counter()
        with httpx.stream("GET", f"{url}/export?format={name}", timeout=600) as answer:
            next(answer.raise_for_status().iter_raw())
            seconds = time.perf_counter() - began
        what = f"first piece of {runs:,} runs as {name}"
        rows.append(_row(what, seconds, "s", FIRST_PIECE_BAR_S))
    return rows


def _second(client: httpx.Client, url: str) -> str:
    cursor = client.get(f"{url}/runs?limit=50").json()["next"]
    return f"{url}/runs?limit=50&cursor={cursor}"


@contextmanager
def serving(home: Path) -> Iterator[tuple[str, float, subprocess.Popen[bytes]]]:
    """A server of that home: its URL, the seconds until it was ready, and its process."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "whence", "server", "--home", str(home), "--port", "0"],
        stderr=subprocess.PIPE,
        cwd="/",
    ) as process:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, b"")
        url = next(found.group(1).decode() for line in lines if (found := AT.search(line)))
        seconds = time.perf_counter() - began
        os.set_blocking(process.stderr.fileno(), False)
        try:
            yield url, seconds, process
        finally:
            process.send_signal(signal.SIGTERM)
            process.stderr.close()
            process.wait(30)


def resident_mib(pid: int) -> float:
    """The memory that a process has for itself."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"RssAnon:\s+(\d+) kB", status)[0]) / 1024


def cpu_seconds(pid: int) -> float:
    """The CPU time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _row(what: str, measured: float, unit: str, bar: float) -> Row:
    return Row(
        what=what,
        measured=f"{measured:.2f} {unit}",
        floor=f"{bar:g} {unit}",
        ratio=measured / bar,
        bar="at most 1",
        ok=measured <= bar,
    )
