"""Run the benchmarks and print one table: ``python -m benchmarks [--quick] [NAME ...]``."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from rich.console import Console
from rich.table import Table

from benchmarks.row import Row

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results" / "latest.json"


def main() -> int:
    """The exit code: 0 when every claim that could be judged holds."""
    found = find()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, fewer repeats")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(found)}")
    options = parser.parse_args()
    unknown = set(options.names) - set(found)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; see --help")

    console = Console() if sys.stdout.isatty() else Console(width=150)
    names = options.names or list(found)
    rows = [row for name in names for row in measure(found[name], options.quick, console)]
    console.print(table_of(rows))
    write(rows, options.quick)
    return 0 if all(row["ok"] is not False for row in rows) else 1


def find() -> dict[str, ModuleType]:
    """The benchmarks of this folder, by the name of their file."""
    modules = {}
    for path in sorted(FOLDER.glob("*.py")):
        if "\ndef run(" in path.read_text():
            modules[path.stem] = importlib.import_module(f"benchmarks.{path.stem}")
    return modules


def measure(module: ModuleType, quick: bool, console: Console) -> list[Row]:
    """The rows of one benchmark; one that breaks gives a row that says so and fails."""
    console.print(f"[dim]{module.NAME} ...[/dim]", highlight=False)
    began = time.perf_counter()
    try:
        rows: list[Row] = module.run(quick)
    except Exception as error:  # noqa: BLE001 - one broken benchmark must not hide the others
        traceback.print_exc()
        why = f"broken: {type(error).__name__}: {error}"
        rows = [Row(what=module.NAME, measured=why, floor="", ratio=None, bar="", ok=False)]
    console.print(f"[dim]  {time.perf_counter() - began:.0f} s[/dim]", highlight=False)
    return rows


def table_of(rows: list[Row]) -> Table:
    table = Table(title=f"Whence on {machine()}", title_justify="left")
    for heading in ("what", "measured", "floor or peer", "ratio", "bar", "holds"):
        table.add_column(heading, justify="right" if heading == "ratio" else "left")
    marks = {True: "[green]yes[/green]", False: "[red]NO[/red]", None: "not judged"}
    for row in rows:
        cells = (row["what"], row["measured"], row["floor"], spelled(row["ratio"]), row["bar"])
        table.add_row(*cells, marks[row["ok"]])
    return table


def spelled(ratio: float | None) -> str:
    """A ratio as people read it: 1.04, 37, or 1/120."""
    if ratio is None:
        return ""
    return f"1/{1 / ratio:.0f}" if 0 < ratio < 0.2 else f"{ratio:.3g}"


def machine() -> str:
    python = platform.python_version()
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {python}"


def write(rows: list[Row], quick: bool) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    result = {"at": at, "machine": machine(), "quick": quick, "rows": rows}
    RESULTS.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
