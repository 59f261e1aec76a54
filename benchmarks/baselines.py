"""What others say of the same scripts: the code alone, the objects alone, MLflow's autolog."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable
from typing import NamedTuple

from benchmarks import peer
from benchmarks.corpus import LIMIT_S, PEER, Counts, Script, as_edge, score
from benchmarks.cost import environment
from benchmarks.peer import Peer
from whence._base.errors import WhenceError
from whence.query.flow import FlowEdge
from whence.service.flow.script import script_flow

MLFLOW = Peer(
    "mlflow-autolog", ("mlflow-skinny==3.17.*", "sqlalchemy", "alembic", *PEER.packages[:-2])
)
AUTOLOG = """
import json, runpy, sys, warnings
warnings.simplefilter("ignore")
import mlflow
script, store = sys.argv[1:]
mlflow.set_tracking_uri(f"sqlite:///{store}/mlflow.db")
mlflow.sklearn.autolog(log_models=False, log_input_examples=False, silent=True)
sys.argv = [script]
try:
    runpy.run_path(script, run_name="__main__")
finally:
    found = []
    for run in mlflow.search_runs(search_all_experiments=True, output_format="list"):
        inputs = run.inputs.dataset_inputs
        found.append([run.data.tags.get("estimator_name", ""),
                      [[one.dataset.source_type, one.dataset.source] for one in inputs]])
    sys.__stdout__.write("\\n" + json.dumps(found) + "\\n")
"""


class Logged(NamedTuple):
    """What MLflow's autolog has of one script: fits with data, and data whose source it names."""

    fits: int
    named: int


def by_code(script: Script) -> Counts:
    """The score of the static view of a script: all that its code allows, nothing run."""
    try:
        edges, _ = script_flow(script.path.read_bytes(), script.path.name)
    except WhenceError:
        return score(script.labels, (), ())
    return score(script.labels, map(as_edge, edges), ())


def by_objects(script: Script, edges: Iterable[FlowEdge]) -> Counts:
    """The score of what the very objects tell, without the code between."""
    seen = [as_edge(edge) for edge in edges if edge.known == "observed"]
    return score(script.labels, seen, ())


def by_autolog(script: Script) -> Logged | None:
    """What MLflow's autolog logs of a script; None when the script fails under it.

    It keeps a table's digest with the script's name, and no call or file that brought the table in.
    Raises PeerUnavailableError when MLflow can't be installed.
    """
    python = peer.environment(MLFLOW)
    with tempfile.TemporaryDirectory() as folder:
        command = [python, "-c", AUTOLOG, str(script.path), folder]
        try:
            done = subprocess.run(
                command, cwd=folder, env=environment(), capture_output=True, text=True,
                timeout=2 * LIMIT_S,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return None
    try:
        runs = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        return None
    inputs = [one for _, found in runs for one in found]
    return Logged(sum(bool(found) for _, found in runs), sum(kind != "code" for kind, _ in inputs))
