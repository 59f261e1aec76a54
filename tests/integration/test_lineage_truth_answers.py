"""Is it true? Code, parameters, differences, verification, and the shape of answers."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from tests.support.truth import Project, facts, made, names_of, shared, used


def build_code(project: Project) -> None:
    """A script with modules of its own, in packages, imported late."""
    files = {
        "helper.py": "VALUE = 1\n# the helper\n" * 5,
        "unused.py": "VALUE = 2\n",
        "package/__init__.py": "# the package\n",
        "package/part.py": "from . import deep\n# the part\n",
        "package/deep/__init__.py": "# the deep package\n",
        "package/deep/core.py": "# the core\n",
        "late.py": "# imported late\n",
        "by_name.py": "# imported by name\n",
        "tools/run_path.py": 'print("by runpy")\n',
        "main/__main__.py": 'import helper\nopen("main.out", "w").write("m" * 100)\n',
        "main/__init__.py": "",
    }  # fmt: skip
    for name, text in files.items():
        project.write(name, text)
    project.run(
        "script.py",
        """
        import helper, package.part
        import package.deep.core
        def work():
            import late
        work()
        import importlib, runpy, json, tempfile, pandas
        importlib.import_module("by_name")
        runpy.run_path("tools/run_path.py")
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("temporary")
        with tempfile.TemporaryDirectory() as folder:
            open(folder + "/scratch.txt", "w").write("scratch")
        open("/proc/self/status").read()
        open("/dev/null", "w").write("nothing")
        open(json.__file__).read()
        open("script.out", "w").write("s" * 100)
        """,
    )
    project.whence_run("--name", "module", "-m", "main")
    project.whence_run(
        "--name", "command", "-c", "import helper; open('c.out', 'w').write('c' * 100)"
    )


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return shared(tmp_path_factory, "code", build_code)


def test_the_script_and_its_own_modules_are_code(code: Project) -> None:
    answer = code.json("trace", "script.out")
    assert names_of(answer, ["code"]) == {
        "script.py", "helper.py", "package/__init__.py", "package/part.py",
        "package/deep/__init__.py", "package/deep/core.py", "late.py", "by_name.py",
        "tools/run_path.py",
    }  # fmt: skip
    assert all(n["digest"] for n in answer["nodes"] if n["kind"] == "code")
    roles = {
        (edge["relation"], edge["role"])
        for edge in answer["edges"]
        if edge["target"] in {n["id"] for n in answer["nodes"] if n["kind"] == "code"}
    }
    assert roles == {("used", "code")}


def test_files_of_system_interpreter_packages_and_tempfile_do_not_appear(code: Project) -> None:
    answer = code.json("trace", "script.out")
    assert names_of(answer) == {"script", "script.out"}
    listed = code.runs()["script"]["attributes"]
    assert (listed["inputs"], listed["outputs"]) == ([], ["script.out"])


def test_a_module_and_a_command_are_code_too(code: Project) -> None:
    assert names_of(code.json("trace", "main.out"), ["code"]) == {
        "main/__main__.py", "main/__init__.py", "helper.py",
    }  # fmt: skip
    answer = code.json("trace", "c.out")
    assert names_of(answer, ["code"]) == {"helper.py"}
    (run,) = [n for n in answer["nodes"] if n["kind"] == "run"]
    assert run["attributes"]["command"][1] == "-c"


def test_what_came_of_a_module_is_what_its_users_made(code: Project) -> None:
    names = names_of(code.json("impact", "helper.py"))
    assert names == {"script", "script.out", "module", "main.out", "command", "c.out"}
    assert names_of(code.json("impact", "late.py")) == {"script", "script.out"}


def build_pairs(project: Project) -> None:
    """One script, run again and again with one thing changed."""
    project.write("module.py", "FACTOR = 2\n")
    project.write("data.csv", "a\n1\n" * 20)
    project.script(
        "train.py",
        """
        import os, sys, whence, module
        with whence.run("inner", params={"lr": float(sys.argv[1]), "same": "x"}) as run:
            text = open("data.csv").read()
            run.log_metric("score", float(sys.argv[1]) * module.FACTOR)
            open("model.bin", "w").write(text + sys.argv[1] + str(module.FACTOR))
        """,
    )
    project.whence_run("--name", "base", "train.py", "0.1", OMP_NUM_THREADS="1")
    project.whence_run("--name", "again", "train.py", "0.1", OMP_NUM_THREADS="1")
    project.whence_run("--name", "param", "train.py", "0.2", OMP_NUM_THREADS="1")
    project.whence_run("--name", "variable", "train.py", "0.1", OMP_NUM_THREADS="2")
    project.write("data.csv", "a\n2\n" * 20)
    project.whence_run("--name", "data", "train.py", "0.1", OMP_NUM_THREADS="1")
    project.write("data.csv", "a\n1\n" * 20)
    project.write("module.py", "FACTOR = 3\n")
    project.whence_run("--name", "module", "train.py", "0.1", OMP_NUM_THREADS="1")


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return shared(tmp_path_factory, "pairs", build_pairs)


def differences(project: Project, left: str, right: str) -> dict[str, dict[str, Any]]:
    """What differs, by section and key, but for how long it took and what it was called."""
    answer = project.json("diff", left, right)
    found = {
        section["name"]: {
            one["key"]: (one["change"], one["left"], one["right"])
            for one in section["differences"]
            if one["key"] not in ("name", "duration_s")
        }
        for section in answer["sections"]
    }
    return {name: changes for name, changes in found.items() if changes}


def test_equal_runs_differ_in_nothing(pairs: Project) -> None:
    assert differences(pairs, "base", "again") == {}


def test_a_changed_parameter_is_named_with_both_values(pairs: Project) -> None:
    found = differences(pairs, "base", "param")
    assert set(found) == {"parameters", "metrics", "outputs", "run"}
    assert list(found["parameters"].values()) == [("changed", 0.1, 0.2)]
    assert list(found["metrics"].values()) == [("changed", 0.2, 0.4)]
    assert list(found["outputs"]) == ["model.bin"]
    assert found["run"]["command"][1:] == ("python train.py 0.1", "python train.py 0.2")


def test_a_changed_variable_is_the_machines(pairs: Project) -> None:
    found = differences(pairs, "base", "variable")
    assert found == {"machine": {"env.OMP_NUM_THREADS": ("changed", "1", "2")}}


def test_changed_data_is_an_input_and_changes_the_output(pairs: Project) -> None:
    found = differences(pairs, "base", "data")
    assert {name: set(keys) for name, keys in found.items()} == {
        "inputs": {"data.csv"}, "outputs": {"model.bin"},
    }  # fmt: skip
    assert found["inputs"]["data.csv"][0] == "changed"


def test_a_changed_module_is_shown_by_its_lines(pairs: Project) -> None:
    found = differences(pairs, "base", "module")
    assert {name: set(keys) for name, keys in found.items()} == {
        "code": {"module.py"}, "outputs": {"model.bin"}, "metrics": {"inner.score"},
    }  # fmt: skip
    answer = pairs.json("diff", "base", "module")
    (section,) = [s for s in answer["sections"] if s["name"] == "code"]
    (change,) = section["differences"]
    assert {"-FACTOR = 2", "+FACTOR = 3"} <= set(change["text"])


def test_a_run_shows_what_when_where_who_and_how(pairs: Project) -> None:
    shown = pairs.json("show", pairs.runs()["param"]["id"])
    attributes = shown["nodes"][0]["attributes"]
    assert shown["status"] == "finished"
    assert attributes["command"] == ["python", "train.py", "0.2"]
    assert attributes["cwd"] == str(pairs.root)
    assert {"host", "pid", "python", "executable", "started_at", "ended_at"} <= set(attributes)
    assert names_of(shown, ["person"]) != set()
    assert names_of(shown, ["environment"]) != set()
    assert names_of(shown, ["code"]) == {"train.py", "module.py"}


def test_the_parameters_and_metrics_of_inner_runs_are_shown(pairs: Project) -> None:
    listed = pairs.json("log", "--filter", "params.lr = 0.2", "--limit", "0")["nodes"]
    assert [n["name"] for n in listed] == ["inner"]
    inner = pairs.json("show", listed[0]["id"])
    assert inner["params"] == {"lr": 0.2, "same": "x"}
    assert inner["metrics"] == {
        "score": {"count": 1, "first": 0.4, "last": 0.4, "min": 0.4, "max": 0.4}
    }


def test_verify_says_what_is_on_disk(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("in.txt", "in" * 50)
    project.run(
        "makes.py",
        """
        text = open("in.txt").read()
        for name in ("same", "changed", "missing", "touched", "back"):
            open(name + ".txt", "w").write(name * 50 + text)
        """,
    )
    assert project.ask("verify", project.runs()["makes"]["id"]).code == 0
    project.write("changed.txt", "other" * 50)
    (project.root / "missing.txt").unlink()
    project.shell("touch touched.txt; cp back.txt b; echo x > back.txt; mv b back.txt")
    asked = project.ask("verify", project.runs()["makes"]["id"], "--inputs", "--json")
    assert asked.code == 3
    assert {Path(c["path"]).name: (c["state"], c["by"]) for c in asked.answer["checks"]} == {
        "same.txt": ("same", "digest"),
        "changed.txt": ("changed", "digest"),
        "missing.txt": ("missing", ""),
        "touched.txt": ("same", "digest"),
        "back.txt": ("same", "digest"),
        "in.txt": ("same", "digest"),
        "makes.py": ("same", "digest"),
    }
    assert project.ask("verify", "nothing-known.txt").code == 1


def test_parameters_keep_their_type_to_the_last_bit(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.run(
        "typed.py",
        """
        import datetime, math, numpy, whence
        with whence.run("typed", params={
            "small": 1e-7, "third": 1 / 3, "negative zero": -0.0, "huge": 2**63 - 1,
            "nan": math.nan, "inf": -math.inf, "true": True, "none": None, "text": "ü\\n",
            "bytes": b"\\x00\\xff", "list": [1, 1.0, "1"], "map": {"a": {"b": 2}},
            "float32": numpy.float32(0.1), "int8": numpy.int8(-3), "array": numpy.arange(3),
            "when": datetime.datetime(2024, 2, 3, 4, 5, 6, 789, datetime.timezone.utc),
            "one": 1, "one point": 1.0,
        }) as run:
            for value in (1e-7, 1 / 3, math.inf):
                run.log_metric("m", value)
        """,
    )
    (run,) = [n for n in project.json("log")["nodes"] if n["attributes"]["params"]]
    shown = project.json("show", run["id"])
    params = shown["params"]
    assert params["small"].hex() == (1e-7).hex()
    assert params["third"].hex() == (1 / 3).hex()
    assert math.copysign(1, params["negative zero"]) == -1
    assert (params["huge"], type(params["huge"])) == (2**63 - 1, int)
    assert (params["nan"], params["inf"]) == ("NaN", "-Infinity")
    assert (params["true"], params["none"], params["text"]) == (True, None, "ü\n")
    assert [type(v) for v in params["list"]] == [int, float, str]
    assert params["map"] == {"a": {"b": 2}}
    assert (type(params["one"]), type(params["one point"])) == (int, float)
    assert params["bytes"].startswith("base64:")
    assert params["when"] == "2024-02-03T04:05:06.000789+00:00"
    assert params["float32"] == pytest.approx(0.1)
    assert params["int8"] == -3
    assert params["array"] == [0, 1, 2]
    assert shown["metrics"] == {
        "m": {"count": 3, "first": 1e-7, "last": "Infinity", "min": 1e-7, "max": "Infinity"}
    }


def build_web(project: Project) -> None:
    """Runs that branch, meet, copy, append and overwrite: a graph with every kind of edge."""
    project.write("raw.txt", "raw\n" * 40)
    step = """
        import sys
        *sources, target = sys.argv[1:]
        text = "".join(open(source).read() for source in sources)
        open(target, "w").write(target + " of " + text)
    """
    project.run("a.py", step, "raw.txt", "a.txt")
    project.run("b.py", step, "raw.txt", "b.txt")
    project.run("ab.py", step, "a.txt", "b.txt", "ab.txt")
    project.shell("cp ab.txt copy.txt")
    project.run("c.py", step, "copy.txt", "c.txt")
    project.run("a2.py", step, "b.txt", "a.txt")
    project.run("d.py", step, "a.txt", "d.txt")
    project.run("adds.py", 'open("d.txt", "a").write(open("c.txt").read())')
    project.run("moves.py", 'import os; os.rename("d.txt", "moved.txt")')
    project.run("e.py", step, "moved.txt", "e.txt")
    project.run(
        "parts.py",
        """
        import subprocess, sys, whence
        subprocess.run([sys.executable, "-c", "open('sub.txt','w').write(open('e.txt').read())"])
        with whence.run("inner") as run, run.stage("training"), run.section("epoch", 1):
            open("stage.txt", "w").write("stage" + open("sub.txt").read())
        """,
    )
    project.shell("cp stage.txt raw2.txt")
    project.run("f.py", step, "raw2.txt", "f.txt")


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return shared(tmp_path_factory, "web", build_web)


def test_why_has_only_what_lies_on_the_paths(web: Project) -> None:
    assert web.why("raw.txt", "ab.txt") == (
        made("ab", "ab.txt") | used("ab", "a.txt", "b.txt") | made("a", "a.txt")
        | made("b", "b.txt") | used("a", "raw.txt") | used("b", "raw.txt")
    )  # fmt: skip
    (first_a,) = [n["id"] for n in web.json("trace", "ab.txt")["nodes"] if n["name"] == "a.txt"]
    assert web.why(first_a, "ab.txt") == (made("ab", "ab.txt") | used("ab", "a.txt"))
    assert web.why("ab.txt", first_a) == web.why(first_a, "ab.txt")
    assert web.ask("why", first_a, "a.txt").code == 1
    by_copy = web.why("ab.txt", "c.txt")
    assert ("copy.txt", "alternateOf", "ab.txt", "inferred") in by_copy
    assert {fact[2] for fact in by_copy if fact[1] == "wasGeneratedBy"} == {"c"}


def test_the_present_version_of_a_file_comes_from_its_last_writer(web: Project) -> None:
    assert web.trace("a.txt") == (
        made("a2", "a.txt") | used("a2", "b.txt") | made("b", "b.txt") | used("b", "raw.txt")
    )


def test_impact_and_trace_are_inverse_of_each_other(web: Project) -> None:
    """b is downstream of a exactly when a is upstream of b; over all nodes of the store."""
    from whence.query.lineage import closure_of
    from whence.service.questions import open_questions

    with open_questions(web.root) as questions:
        store = questions.store
        numbers = [
            node.number for node in store.iterate()
            if node.kind not in ("content", "person", "software")
        ]  # fmt: skip
        known = set(numbers)
        up = {n: set(closure_of(store, [n], "up").numbers) & known for n in numbers}
        down = {n: set(closure_of(store, [n], "down").numbers) & known for n in numbers}
        names = {node.number: (node.kind, node.name) for node in store.nodes(numbers)}
        apart = [
            (names[a], names[b], (b in down[a]), (a in up[b]))
            for a in numbers
            for b in numbers
            if (b in down[a]) != (a in up[b])
        ]
    assert len(numbers) > 40
    assert apart == []


def test_json_of_the_command_line_agrees_both_ways(web: Project) -> None:
    down = {n["id"] for n in web.json("impact", "raw.txt")["nodes"]}
    for name in ("a.txt", "c.txt", "e.txt", "f.txt", "stage.txt"):
        answer = web.json("trace", name)
        (raw,) = [n["id"] for n in answer["nodes"] if n["name"] == "raw.txt"]
        assert raw in down
        assert answer["nodes"][0]["id"] in down


def test_every_edge_of_an_answer_joins_nodes_of_the_answer(web: Project) -> None:
    for words in (("trace", "f.txt"), ("impact", "raw.txt"), ("why", "raw.txt", "f.txt")):
        answer = web.json(*words)
        ids = {n["id"] for n in answer["nodes"]}
        assert {end for e in answer["edges"] for end in (e["source"], e["target"])} <= ids
        assert len(answer["nodes"]) == len(ids)
        edges = [(e["source"], e["relation"], e["target"], e["role"]) for e in answer["edges"]]
        assert len(edges) == len(set(edges))
        assert facts(answer) != set()
