"""Kernels in their surroundings: enabled for all, in a terminal, under a run, as engines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.kernel import kernel, ready_kernel
from tests.support.program import environment, read_when_done, wait_for_companions
from whence.model.event import EntityRecorded, GapRecorded, RelationRecorded
from whence.model.relation import Relation

pytestmark = pytest.mark.xdist_group("kernel")


def whence(*words: str, **extra: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "whence", *words],
        env=environment(**extra), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def ipython(folder: Path, *words: str, stdin: str = "", **extra: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / ".whence").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--no-banner", *words],
        cwd=folder, env=environment(TERM="dumb", **extra), input=stdin,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


def test_enabling_records_every_kernel_and_disabling_leaves_no_trace(tmp_path: Path) -> None:
    home = tmp_path / "work-ipython"
    place = home / "profile_default" / "startup" / "00-whence.py"
    names = {"IPYTHONDIR": str(home)}
    assert whence("jupyter", "status", **names)[0] == 1
    assert whence("jupyter", "enable", **names) == (
        0,
        f"Kernels that start from now on record: {place}\nTake it back: whence jupyter disable\n",
        "",
    )
    assert whence("jupyter", "status", **names)[:2] == (
        0,
        f"Every kernel that starts records: {place}\n",
    )
    with ready_kernel(tmp_path / "work") as running:
        names_before = running.run("sorted(n for n in globals() if n[0] != '_')").result
        recording = running.shut_down()
    assert "extension" not in names_before
    assert [c.name for c in recording.started("cell")] == ["In [1]"]
    assert whence("jupyter", "disable", **names)[0] == 0
    assert list(place.parent.glob("*.py")) == []
    assert whence("jupyter", "disable", **names)[0] == 0


def test_a_file_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "profile_default" / "startup" / "00-whence.py"
    place.parent.mkdir(parents=True)
    place.write_text("mine = 1\n")
    for word in ("enable", "disable"):
        code, out, err = whence("jupyter", word, IPYTHONDIR=str(tmp_path))
        assert (code, out) == (2, "")
        assert err.startswith(f"whence: {place} was not made by Whence")
    assert place.read_text() == "mine = 1\n"
    assert whence("jupyter", "enable", "--profile", "../x")[0] == 2


def test_ipython_in_a_terminal_records_cells_without_ids(tmp_path: Path) -> None:
    work, home = tmp_path / "work", tmp_path / "home"
    shown = ipython(
        work, "--colors=NoColor", "--simple-prompt",
        stdin="%load_ext whence\nx = 1\nopen('a.txt', 'w').write('text')\nx + 1\n",
        IPYTHONDIR=str(home),
    )  # fmt: skip
    assert "Out[4]: 2" in shown
    recording = read_when_done(work / ".whence")
    cells = recording.started("cell")
    assert [(c.name, c.attributes["cell"]) for c in cells] == [
        ("In [1]", ""), ("In [2]", ""), ("In [3]", ""), ("In [4]", ""),
    ]  # fmt: skip
    assert cells[1].attributes["file"].startswith("<ipython-input-2-")
    [written] = [f for f in recording.of_files() if f.path.endswith(b"a.txt")]
    assert written.activity == cells[2].id


def test_ipython_with_a_command_records_it_as_a_cell(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert whence("jupyter", "enable", IPYTHONDIR=str(home))[0] == 0
    shown = ipython(tmp_path / "work", "-c", "y = 5\nprint(y)", IPYTHONDIR=str(home))
    assert shown == "5\n"
    recording = read_when_done(tmp_path / "work" / ".whence")
    [cell] = recording.started("cell")
    assert recording.end_of(cell.id).attributes == {"bound": ["y"]}
    assert recording.run_end() == ("finished", {})


def test_a_kernel_under_whence_run_is_a_part_of_that_run(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "start.py").write_text(
        "import jupyter_client, sys\n"
        "manager, client = jupyter_client.manager.start_new_kernel(kernel_name='python3')\n"
        "for code in ('%load_ext whence', \"open('a.txt', 'w').write('x')\"):\n"
        "    client.execute_interactive(code, output_hook=lambda message: None)\n"
        "client.stop_channels()\n"
        "manager.shutdown_kernel()\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "whence", "run", "start.py"],
        cwd=work, env=environment(IPYTHONDIR=str(tmp_path / "home")),
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    recording = read_when_done(work / ".whence")
    [run] = recording.started("run")
    of_kernel = [p for p in recording.started("process") if p.attributes.get("session")]
    _, cell = recording.started("cell")
    assert [p.id for p in of_kernel] == [cell.parent]
    [began] = [p for p in recording.started("process") if p.id == cell.parent and p.parent]
    assert began.parent == run.id
    assert recording.end_of(began.id).status == "finished"


def test_a_forked_child_of_a_cell_is_a_process_of_its_own(tmp_path: Path) -> None:
    with kernel(tmp_path / "work") as running:
        running.run(
            "import multiprocessing as mp\n"
            "def write(): open('child.txt', 'w').write('by the child')\n"
            "p = mp.get_context('fork').Process(target=write)\np.start(); p.join()"
        )
        recording = running.shut_down()
    [cell] = recording.started("cell")
    [child] = [p for p in recording.started("process") if p.attributes["started_by"] == "fork"]
    assert child.parent == cell.id
    [written] = [f for f in recording.of_files() if f.path.endswith(b"child.txt")]
    assert written.activity == child.id
    assert recording.end_of(cell.id).attributes == {"bound": ["p", "write"]}


@pytest.mark.parametrize("full", ["", " --full"])
def test_a_module_that_autoreload_reloads_is_code_again(tmp_path: Path, full: str) -> None:
    work = tmp_path / "work"
    work.mkdir()
    module = work / "mine.py"
    module.write_text("def f():\n    return 1\n")
    with kernel(work) as running:
        running.run(f"%load_ext autoreload\n%autoreload 2{full}\nimport mine\nmine.f()")
        stamp = os.stat(module).st_mtime
        module.write_text("def f():\n    return 22\n")
        os.utime(module, (stamp + 5, stamp + 5))
        assert running.run("mine.f()").result == "22"
        running.run("mine.f()")
        recording = running.shut_down()
    cells = recording.started("cell")
    read = [f for f in recording.of_files() if f.path.endswith(b"mine.py")]
    assert {f.kind for f in read} == {"code"}
    assert {f.activity for f in read} == {cells[0].id, cells[1].id}
    assert {f.stamp.size for f in read if f.stamp} == {22, 23}


def test_a_model_that_one_cell_fits_rests_on_data_that_another_read(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "data.csv").write_text("a,y\n" + "".join(f"{n},{n % 2}\n" for n in range(20)))
    with kernel(work, load="import pandas as pd") as running:
        running.run("from sklearn.linear_model import LogisticRegression")
        running.run("%load_ext whence", store_history=False)
        running.run("frame = pd.read_csv('data.csv')", "read")
        running.run("frame['b'] = frame['a'] * 2", "change")
        running.run("model = LogisticRegression().fit(frame[['a', 'b']], frame['y'])", "fit")
        recording = running.shut_down()
    cells = {c.attributes["cell"]: c for c in recording.started("cell")}
    [fit] = recording.started("fit")
    assert fit.parent == cells["fit"].id
    assert fit.attributes["file"] == cells["fit"].attributes["file"]
    assert recording.gaps() == {}
    [model] = [e for e in recording.of(EntityRecorded) if e.kind == "model"]
    [made] = [r for r in recording.of(RelationRecorded) if r.source == model.id]
    assert (made.relation, made.target) == (Relation.WAS_GENERATED_BY, fit.id)


def test_the_cell_that_loads_the_extension_is_recorded_from_there_on(tmp_path: Path) -> None:
    with ready_kernel(tmp_path / "work") as running:
        running.run(
            "before = 1\n%load_ext whence\nafter = open('a.txt', 'w').write('text')\n1 / 0", "first"
        )
        recording = running.shut_down()
    [cell] = recording.started("cell")
    assert (cell.name, cell.attributes["cell"]) == ("In [1]", "first")
    [written] = recording.of_files()
    assert written.activity == cell.id
    end = recording.end_of(cell.id)
    assert (end.status, end.attributes["bound"], end.attributes["stopped_at"]) == (
        "failed", ["after"], 4,
    )  # fmt: skip


def test_a_notebook_that_is_named_late_names_the_session(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "late.ipynb").write_text("{}")
    with kernel(work) as running:
        running.run("1", "a")
        running.run(f"__vsc_ipynb_file__ = {str(work / 'late.ipynb')!r}", silent=True)
        running.run("2", "b")
        recording = running.shut_down()
    first, then = recording.started("run")
    assert (first.id, first.name, first.attributes["notebook"]) == (then.id, "notebook", "")
    assert (then.name, then.attributes["notebook"]) == ("late.ipynb", str(work / "late.ipynb"))
    [version] = [f for f in recording.of_files() if f.kind == "notebook"]
    assert version.activity == first.id


@pytest.mark.slow
def test_each_engine_of_ipyparallel_is_a_session_where_it_is_loaded(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    with kernel(work) as running:
        answer = running.run(
            "import ipyparallel as ipp, logging\n"
            "cluster = ipp.Cluster(n=2, log_level=logging.ERROR)\n"
            "clients = cluster.start_and_connect_sync()\n"
            "view = clients[:]\n"
            "loaded = view.execute('%load_ext whence', silent=False).get()\n"
            "done = view.execute(\"import os; open(f'{os.getpid()}.out', 'w').write('x')\","
            " silent=False).get()\n"
            "cluster.stop_cluster_sync()\n",
            "cluster",
        )
        assert answer.status == "ok"
        recording = running.shut_down()
    wait_for_companions(work / ".whence")
    written = [f for f in recording.of_files() if f.path.endswith(b".out")]
    assert len(written) == 2
    writers = {file.activity for file in written}
    sessions = {c.parent for c in recording.started("cell") if c.id in writers}
    of_engines = [s for s in recording.started("process") if s.id in sessions]
    assert {s.attributes["session"] for s in of_engines if "session" in s.attributes} == {"kernel"}
    assert len(sessions) == 2


def test_what_was_there_before_the_recording_is_a_gap(tmp_path: Path) -> None:
    with kernel(tmp_path / "work", load="") as running:
        running.run("import os\nfrom math import sqrt\nrows = [1, 2]\ntotal = sum(rows)")
        running.run("%load_ext whence")
        recording = running.shut_down()
    [gap] = [one for one in recording.of(GapRecorded) if one.code == "began-late"]
    assert (gap.count, gap.detail) == (2, "rows, total")
