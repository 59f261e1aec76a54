"""A small study that was really run and recorded, for the tests of what is made from a store."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.program import environment, read_when_done, run_recorded
from whence.service.exporting import excerpt_of, whole
from whence.service.index import open_store
from whence.standards.format import named
from whence.standards.record.excerpt import Excerpt
from whence.store.protocol import Node, Store

PREPARE = """
import numpy as np, pandas as pd
rng = np.random.default_rng(0)
table = pd.DataFrame({"first size": rng.normal(size=40), "second": rng.normal(size=40)})
table["label"] = (table["first size"] > 0).astype(int)
table.to_csv("train.csv", index=False)
"""

TRAIN = """
import joblib, pandas as pd
from sklearn.linear_model import LogisticRegression
table = pd.read_csv("train.csv")
model = LogisticRegression(C=0.5).fit(table[["first size", "second"]], table["label"])
joblib.dump(model, "model.joblib")
print(model.score(table[["first size", "second"]], table["label"]))
"""

FAIL = """
import math
from pathlib import Path
import whence
with whence.run("odd | `values`", params={"rate": 0.1, "inf": math.inf, "bytes": b"\\x00"}) as run:
    run.set_tag("team", "red")
    for step in range(3):
        run.log_metric("loss", math.nan if step == 2 else 1 / (step + 1), step=step)
    Path("odd name %.bin").write_bytes(b"o" * 100)
    run.produce("odd name %.bin", kind="model")
    raise ValueError("it went <wrong>")
"""

REMOTE = "https://example.org/team/study.git"


class Study(NamedTuple):
    """The folder of the study; its store is ``.whence`` in it."""

    folder: Path
    commit: str

    @property
    def store(self) -> Path:
        return self.folder / ".whence"

    @contextmanager
    def excerpt(
        self, thing: str | None = None, *, with_upstream: bool = False
    ) -> Iterator[Excerpt]:
        """What a file, or the run of a script, stands for; all of the store for None."""
        with open_store(self.store) as store:
            if thing is None:
                yield whole(store)
            else:
                node = node_named(store, thing)
                yield excerpt_of(store, node, with_upstream=with_upstream)

    def exported(self, format: str, thing: str | None = None, **how: bool) -> bytes:
        """The bytes of an export."""
        out = io.BytesIO()
        with self.excerpt(thing, **how) as excerpt:
            named(format).export(excerpt, out)
        return out.getvalue()

    def json(self, format: str, thing: str | None = None, **how: bool) -> Any:
        """The JSON of an export."""
        return json.loads(self.exported(format, thing, **how), parse_constant=_refused)


def _refused(text: str) -> None:
    raise AssertionError(f"{text} is no JSON")


def node_named(store: Store, name: str) -> Node:
    """The run of a script (``run train.py``) or a file by its name."""
    is_run = name.startswith("run ")
    wanted = name.removeprefix("run ")
    numbers = store.numbers_named(wanted)
    nodes = [node for node in store.nodes(numbers) if node.kind != "code"]
    return next(node for node in nodes if (node.kind == "run" if is_run else node.places))


def record_study(folder: Path) -> Study:
    """Run and record three scripts in a repository of git: data, a model, and a failure."""
    for name, source in (("prepare.py", PREPARE), ("train.py", TRAIN), ("fail.py", FAIL)):
        (folder / name).write_text(source)
    (folder / ".gitignore").write_text(".whence\n*.csv\n*.joblib\n*.bin\n")
    _git(folder, "init", "--quiet", "--initial-branch=main")
    _git(folder, "add", ".")
    _git(folder, "commit", "--quiet", "-m", "study")
    _git(folder, "remote", "add", "origin", REMOTE)
    commit = _git(folder, "rev-parse", "HEAD")
    for script, code in (("prepare.py", 0), ("train.py", 0), ("fail.py", 1)):
        outcome = run_recorded(folder, script)
        assert outcome.code == code, outcome.stderr
    read_when_done(folder / ".whence")
    return Study(folder, commit)


def _git(folder: Path, *words: str) -> str:
    own = {k: v for k, v in environment().items() if not k.startswith("GIT_")}
    done = subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words],
        cwd=folder, capture_output=True, text=True, check=True,
        env=own | {"GIT_CONFIG_GLOBAL": "/dev/null"},
    )  # fmt: skip
    return done.stdout.strip()
