"""The page in a browser: its size, how soon it is drawn, and how smoothly a large drawing moves."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import deep_lineage, many_runs
from benchmarks.row import Row
from tests.support.browser import CHROMIUM_FLAGS, Served, chromium, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAME = "the page, in Chromium"

WHENCE = Path(__file__).parents[1] / "build" / "e2e" / "bin" / "whence"
MOST_BYTES = 500 * 1024
TRIES = 5
PAN_S = 3

ROWS_DRAWN = "[role=rowgroup] [role=row]:nth-child(6) a"
GRAPH_DRAWN = ".whence-lineage:not(:has(.wl-note)) .wl-bar"
FRAMES = """
async (seconds) => {
  const canvas = document.querySelector('canvas.wl-main');
  const box = canvas.getBoundingClientRect();
  const at = (step) => ({
    pointerId: 1, button: 0, bubbles: true,
    clientX: box.x + box.width / 2 + 200 * Math.sin(step / 9),
    clientY: box.y + box.height / 2 + 150 * Math.cos(step / 7),
  });
  canvas.setPointerCapture = () => undefined;
  canvas.dispatchEvent(new PointerEvent('pointerdown', at(0)));
  const began = performance.now();
  let frames = 0;
  while (performance.now() - began < seconds * 1000) {
    await new Promise(requestAnimationFrame);
    canvas.dispatchEvent(new PointerEvent('pointermove', at(++frames)));
  }
  canvas.dispatchEvent(new PointerEvent('pointerup', at(frames)));
  return frames / ((performance.now() - began) / 1000);
}
"""


def run(quick: bool) -> list[Row]:
    """The bytes of a first visit, and the times until runs and lineages are drawn."""
    from playwright.sync_api import sync_playwright

    if not WHENCE.exists():
        raise SystemExit(f"{WHENCE} is not there. Run: make e2e")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        try:
            return [*_runs(browser, 10_000 if quick else 100_000), *_lineages(browser)]
        finally:
            browser.close()


def _runs(browser: Browser, count: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder), count, many_runs) as server:
        got, times, bare = 0, [], []
        for _ in range(TRIES):
            bare.append(_bare(browser, server))
            with _visit(browser) as page:
                page.goto(server.url, wait_until="commit")
                page.wait_for_selector(ROWS_DRAWN, timeout=60_000)
                times.append(page.evaluate("performance.now()") / 1000)
                page.wait_for_load_state("load")
                got = _transferred(page)
        yield Row(
            what="first visit: all bytes of the page, compressed",
            measured=f"{got / 1024:.0f} KiB",
            floor="",
            ratio=got / MOST_BYTES,
            bar="under 500 KiB",
            ok=got < MOST_BYTES,
        )
        yield _timed(f"{count:,} runs: the first rows are drawn", times, bare, 1.0)


def _lineages(browser: Browser) -> Iterator[Row]:
    for nodes, bar in ((1_000, 1.0), (10_000, 5.0)):
        with (
            tempfile.TemporaryDirectory() as folder,
            _served(Path(folder), nodes, deep_lineage) as server,
        ):
            where = f"lineage?thing={deep_lineage.LAST}&dir=up&depth=20&group=none"
            times, rates, bare = [], [], []
            for _ in range(TRIES):
                bare.append(_bare(browser, server))
                with _visit(browser) as page:
                    page.goto(f"{server.url}/p/local/{where}", wait_until="commit")
                    page.wait_for_selector(GRAPH_DRAWN, timeout=60_000)
                    times.append(page.evaluate("performance.now()") / 1000)
                    page.wait_for_timeout(500)
                    page.get_by_role("button", name="Show all").click()
                    page.wait_for_timeout(500)
                    rates.append(page.evaluate(FRAMES, PAN_S))
            yield _timed(f"lineage of {nodes:,} things: it is laid out and drawn", times, bare, bar)
            rate = statistics.median(rates)
            yield Row(
                what=f"lineage of {nodes:,} things, all in sight: frames as it is dragged",
                measured=f"{rate:.0f} a second (median of {TRIES})",
                floor="60 a second, the screen's own rate",
                ratio=60 / rate,
                bar="at least 30 a second",
                ok=rate >= 30,
            )


def _bare(browser: Browser, server: Served) -> float:
    """Seconds until the smallest answer of the server is shown: what no page can go below."""
    with _visit(browser) as page:
        page.goto(f"{server.url}/api/v1/")
        return float(page.evaluate("performance.now()")) / 1000


def _timed(what: str, times: list[float], bare: list[float], bar: float) -> Row:
    took, floor = statistics.median(times), statistics.median(bare)
    return Row(
        what=what,
        measured=f"{took:.2f} s (median of {len(times)}, {min(times):.2f} to {max(times):.2f})",
        floor=f"the server's smallest answer shown {floor:.2f} s",
        ratio=took / floor,
        bar=f"under {bar:g} s",
        ok=took < bar,
    )


@contextmanager
def _served(folder: Path, count: int, maker: Any) -> Iterator[Served]:
    maker.make(folder, count)
    with serving([str(WHENCE), "ui", "--no-browser", "--port", "0"], folder) as server:
        yield server


@contextmanager
def _visit(browser: Browser) -> Iterator[Page]:
    """A window that has seen nothing before."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        yield context.new_page()
    finally:
        context.close()


def _transferred(page: Page) -> int:
    """The bytes of the document and of all that it loaded, as they were sent."""
    total: int = page.evaluate(
        "['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))"
        ".filter((one) => !one.name.includes('/api/'))"
        ".reduce((sum, one) => sum + one.transferSize, 0)"
    )
    return total
