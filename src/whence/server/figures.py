"""The figures of a server as Prometheus reads them: text format 0.0.4.

By hand: three shapes of figures are all there is, and a library for them is as large as the server.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from threading import Lock

from whence.server.project import Projects

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
PAGE_BYTES = 4096

Labels = tuple[tuple[str, str], ...]


class Figures:
    """Counts of what the server did since it began."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: Counter[Labels] = Counter()
        self._buckets: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS_S) + 1))
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._received: Counter[tuple[str, str]] = Counter()

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        method = method if method in METHODS else "OTHER"
        with self._lock:
            self._requests[("route", route), ("method", method), ("status", str(status))] += 1
            self._buckets[route][bisect_left(BOUNDS_S, seconds)] += 1
            self._seconds[route] += seconds

    def received(self, project: str, size: int) -> None:
        """Count a batch of segments of so many bytes, as they were sent, for a project."""
        with self._lock:
            self._received["bytes", project] += size
            self._received["batches", project] += 1

    def text(self, projects: Projects) -> str:
        """All figures by now."""
        with self._lock:
            lines = [*self._request_lines(), *self._received_lines()]
        opened = projects.opened()
        lines += _gauge(
            "whence_fold_lag_bytes", "Bytes of the journal not yet in the index",
            (((("project", one.name),), one.lag_bytes) for one in opened),
        )  # fmt: skip
        lines += _gauge(
            "whence_event_streams", "Open streams of server-sent events",
            (((("project", one.name),), len(one.feed)) for one in opened),
        )  # fmt: skip
        memory = [((), resident_bytes())]
        lines += _gauge("process_resident_memory_bytes", "Memory of the process", memory)
        return "\n".join(lines) + "\n"

    def _request_lines(self) -> Iterator[str]:
        yield "# HELP whence_requests_total Requests answered"
        yield "# TYPE whence_requests_total counter"
        for labels, count in sorted(self._requests.items()):
            yield f"whence_requests_total{_labels(labels)} {count}"
        name = "whence_request_seconds"
        yield f"# HELP {name} How long requests took"
        yield f"# TYPE {name} histogram"
        for route, buckets in sorted(self._buckets.items()):
            total = 0
            for bound, count in zip((*map(str, BOUNDS_S), "+Inf"), buckets, strict=True):
                total += count
                yield f"{name}_bucket{_labels((('route', route), ('le', bound)))} {total}"
            label = _labels((("route", route),))
            yield f"{name}_sum{label} {self._seconds[route]:.6f}"
            yield f"{name}_count{label} {total}"

    def _received_lines(self) -> Iterator[str]:
        for what in ("bytes", "batches"):
            name = f"whence_ingested_{what}_total"
            yield f"# HELP {name} Of segments that clients sent"
            yield f"# TYPE {name} counter"
            for (kind, project), count in sorted(self._received.items()):
                if kind == what:
                    yield f"{name}{_labels((('project', project),))} {count}"


def _gauge(name: str, help_: str, values: Iterable[tuple[Labels, int]]) -> Iterator[str]:
    yield f"# HELP {name} {help_}"
    yield f"# TYPE {name} gauge"
    for labels, value in values:
        yield f"{name}{_labels(labels)} {value}"


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    shown = (f'{key}="{_escaped(value)}"' for key, value in labels)
    return "{" + ",".join(shown) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def resident_bytes() -> int:
    """The memory that the process has in use; 0 where that can't be known."""
    try:
        with open("/proc/self/statm", encoding="ascii") as f:
            return int(f.read().split()[1]) * PAGE_BYTES
    except OSError:
        return 0
