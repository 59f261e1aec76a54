"""What a slice is asked and what it answers: arguments, ways, gaps, repeats and bad input."""

from __future__ import annotations

import sys
from textwrap import dedent

import pytest

from tests.support.anchors import MAIN, Run
from tests.support.effort import effort
from whence._base.errors import AnalysisError
from whence.analysis.answer import Reached, Slice, Unknown
from whence.analysis.module import read_module
from whence.analysis.program import RECEIVER, Program
from whence.analysis.site import Anchor, Site, Span


def _run(text: str) -> Run:
    return Run(dedent(text))


@pytest.mark.parametrize(
    ("argument", "reached"),
    [(0, {"a"}), (1, {"b"}), ("k", {"c"}), (None, {"a", "b", "c"})],
)
def test_an_argument_is_asked_for_by_its_position_or_name(argument, reached):
    run = _run('sink(source("a"), source("b"), k=source("c"))')
    assert run.reached(argument) == [reached]


@pytest.mark.parametrize(("argument", "reached"), [(0, {"a"}), (1, {"b"}), ("k", {"c"})])
def test_an_argument_is_found_in_what_is_spread(argument, reached):
    run = _run("""
        values, named = [source("a"), source("b")], {"k": source("c"), "l": source("d")}
        sink(*values, **named)
    """)
    assert run.reached(argument) == [reached]


def test_the_receiver_is_no_argument():
    run = _run("""
        import library
        library.kept = source("a")
        library.sink(source("b"))
    """)
    assert run.reached() == [{"b"}]


def test_an_argument_that_the_call_does_not_have_is_unknown():
    run = _run('sink(source("a"))')
    anchor = run.sinks[0].anchor
    expected = Unknown(anchor.stack[0], "the call has no argument k")
    assert run.program().slice(anchor, "k") == Slice((), (expected,))


def test_the_way_from_the_sink_to_the_source_is_told():
    run = _run("""
        def load():
            x = source("a")
            return x
        y = load()
        z = y + 1
        sink(z)
    """)
    (reached,) = run.program().slice(run.sinks[0].anchor).reached
    assert [(site.function, site.line) for site in reached.through] == [
        ("<module>", 7),
        ("<module>", 6),
        ("<module>", 5),
        ("load", 4),
        ("load", 3),
    ]
    assert reached.through[0] == Site(MAIN, "<module>", 7, Span(7, 0, 7, 7))


def test_sources_that_were_called_after_the_sink_are_left_out():
    run = _run("""
        x = 0
        for name in ("a", "b", "c"):
            sink(x)
            x = source(name)
    """)
    assert run.reached() == [set(), {"a"}, {"a", "b"}]


def test_each_call_of_a_source_is_told_in_order():
    run = _run("""
        l = [source(name) for name in ("a", "b")]
        sink(l)
    """)
    found = run.program().slice(run.sinks[0].anchor).reached
    assert [one.source for one in found] == run.sources


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("x = eval('1')\nsink(x)", 1, "it runs code that is made at run time"),
        ("exec('y = 1')\nx = exec('y = 2')\nsink(x)", 2, "it runs code that is made at run time"),
        (
            "z = 1\nx = globals()['z']\nsink(x)",
            2,
            "it reads variables by names that are made at run time",
        ),
    ],
)
def test_what_cannot_be_decided_is_told(text, line, reason):
    run = Run(text)
    unknown = run.program().slice(run.sinks[0].anchor).unknown
    assert [(one.site.line, one.reason) for one in unknown] == [(line, reason)]


def test_a_module_that_is_not_at_hand_is_told():
    site = Site("gone.py", "<module>", 3)
    program = Program({}, [], [])
    assert program.slice(Anchor(b"s", "m.fit", (site,), 2), 0) == Slice(
        (), (Unknown(site, "the source of gone.py is not at hand"),)
    )


def test_a_caller_that_is_not_at_hand_is_told_and_the_rest_followed():
    run = Run(
        {
            "main": "import helper\nhelper.use(source('a'))",
            "helper": dedent("""
        from library import sink, source
        def use(x):
            y = source("b")
            sink([x, y])
    """),
        }
    )
    modules = {file: module for file, module in run.modules.items() if file != MAIN}
    anchor = run.sinks[0].anchor
    found = Program(modules, run.sources).slice(anchor)
    assert [one.source for one in found.reached] == run.sources[1:]
    assert found.unknown == (Unknown(anchor.stack[1], f"the source of {MAIN} is not at hand"),)


def test_code_that_has_changed_since_is_told():
    site = Site("a.py", "<module>", 7, Span(7, 0, 7, 10))
    program = Program({"a.py": read_module(b"x = 1", "a.py")}, [])
    assert program.slice(Anchor(b"s", "m.fit", (site,), 2)).unknown == (
        Unknown(site, "the source has no call there"),
    )


def test_a_sink_that_repeats_costs_nothing_more():
    run = _run("""
        x = source("a")
        for _ in range(2000):
            sink(x)
    """)
    program = run.program()
    first = program.slice(run.sinks[0].anchor)
    assert first == Slice((Reached(run.sources[0], first.reached[0].through),))
    same, calls = effort(lambda: [program.slice(sunk.anchor) == first for sunk in run.sinks])
    assert all(same)
    assert calls < 50 * len(run.sinks)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (b"x = 1\ny = = 2", 2),
        (b"match x:\n  case 1: pass\n  case +: pass", 3),
        (b"\x00", 1),
        (b"# coding: nothing\nx = 1", 1),
        (b"x = '\xff'", 1),
        (b"(" * 5000 + b")" * 5000, 1),
        (b"x = " + b"-" * 100_000 + b"1", 1),
    ],
)
def test_what_is_no_python_is_refused_with_its_line(source, line):
    with pytest.raises(AnalysisError) as raised:
        read_module(source, "bad.py")
    assert (raised.value.file, raised.value.line) == ("bad.py", line)
    assert raised.value.reason
    assert str(raised.value).startswith(f"bad.py:{line} cannot be analysed: ")


@pytest.mark.parametrize(
    "deep",
    [
        "x = source('a')" + " + 1" * 3000 + "\nsink(x)",
        "x = source('a')" + ".head()" * 3000 + "\nsink(x)",
        "x = source('a')\n" + "x = x\n" * 5000 + "sink(x)",
        "x = source('a')\nif 0: pass\n" + "elif x == 3: x = 1\n" * 2000 + "sink(x)",
        "def f0(x): return x\n"
        + "".join(f"def f{n + 1}(x): return f{n}(x)\n" for n in range(400))
        + "sink(f400(source('a')))",
        "x = [source('a')]\n" + "x = [x]\n" * 300 + "sink(x)",
        "class C:\n  def m(self): return self\nx = source('a')\ny = C()"
        + ".m()" * 300
        + "\nsink([x, y])",
        "d = {'x': source('a')}\n" + "d['x'] = d['x'] + 1\n" * 1000 + "sink(d['x'])",
    ],
    ids=["sum", "chain", "copies", "elif", "calls", "nested", "methods", "stores"],
)
def test_deep_code_is_answered_or_refused_but_crashes_nothing(deep):
    try:
        module = read_module(deep.encode(), "deep.py")
        tail = deep.rindex("sink(")
        line = deep.count("\n", 0, tail) + 1
        column = tail - (deep.rfind("\n", 0, tail) + 1)
        end = column + len(deep[tail:])
        sink = Anchor(
            b"s", "m.sink", (Site("deep.py", "<module>", line, Span(line, column, line, end)),), 9
        )
        start = deep.index("source(")
        line = deep.count("\n", 0, start) + 1
        column = start - (deep.rfind("\n", 0, start) + 1)
        site = Site(
            "deep.py", "<module>", line, Span(line, column, line, column + len("source('a')"))
        )
        found = Program({"deep.py": module}, [Anchor(b"a", "m.source", (site,), 1)]).slice(sink)
    except AnalysisError as error:
        reason = error.reason
        assert "too deeply" in reason  # it need not be refused
    else:
        assert [one.source.id for one in found.reached] == [b"a"] or found.unknown
    assert sys.getrecursionlimit() < 5000


def test_methods_that_call_one_another_in_many_ways_end_in_time():
    names = [f"m{n}" for n in range(12)]
    methods = "".join(
        f"    def {name}(self, x):\n        self.kept = x\n"
        + "".join(f"        x = self.{other}(self.{other}(x)).part\n" for other in names)
        + "        return x\n"
        for name in names
    )
    text = f"class C:\n{methods}c = C()\nsink(c.m0(source('a')))"
    line = text.count("\n") + 1
    site = Site("a.py", "<module>", line, Span(line, 10, line, 21))
    sink = Anchor(b"s", "m.sink", (Site("a.py", "<module>", line, Span(line, 0, line, 23)),), 2)
    module = read_module(text.encode(), "a.py")
    program = Program({"a.py": module}, [Anchor(b"a", "m.source", (site,), 1)])
    found, calls = effort(lambda: program.slice(sink))
    assert calls < 10_000_000  # some three times what it takes; without the bound it is 24 ** 12
    assert found.reached or found.unknown


def test_code_is_never_run():
    run = "import os\nos.environ['RAN'] = '1'\nraise SystemExit\n"
    module = read_module(run.encode(), "a.py")
    site = Site("a.py", "<module>", 3)
    Program({"a.py": module}, []).slice(Anchor(b"s", "f", (site,), 1))
    assert "RAN" not in __import__("os").environ


def test_a_script_twice_as_long_is_twice_the_work():
    def work(parts: int) -> int:
        body = "".join(
            f"c{n} = x['a'] + {n}\nx['c{n}'] = c{n}.fillna(0)\nif len(x) > {n}:\n"
            f"    x['d{n}'] = 1\nfor k in ['a', 'b']:\n    x[k] = x[k].map(lambda v: v + {n})\n"
            f"y{n} = x.groupby('a')\n"
            for n in range(parts)
        )
        text = f"x = source('a')\n{body}sink(x)"
        line = text.count("\n") + 1
        source = Anchor(b"a", "m.source", (Site("a.py", "<module>", 1, Span(1, 4, 1, 15)),), 1)
        sink = Anchor(b"s", "m.sink", (Site("a.py", "<module>", line, Span(line, 0, line, 7)),), 2)
        module = read_module(text.encode(), "a.py")
        found, calls = effort(lambda: Program({"a.py": module}, [source]).slice(sink))
        assert [one.source for one in found.reached] == [source]
        return calls

    assert work(140) < 2.5 * work(70)


def test_an_argument_is_found_by_its_name_or_its_position_as_the_call_has_it():
    run = Run(
        """
a, b = source("a"), source("b")
options = {"y": b}
sink(a, y=b)
sink(y=b, x=a)
sink(a, **options)
"""
    )
    program = run.program()
    for sunk in run.sinks:
        for argument, position, wanted in (("x", 0, {"a"}), ("y", 1, {"b"})):
            reached = program.slice(sunk.anchor, argument, position).reached
            assert {run.name_of(one.source) for one in reached} == wanted


def test_what_a_method_is_called_on_can_be_asked_for():
    run = Run("a = source('a')\nb = source('b')\na.to_csv(b)\n")
    site = run.sources[0].stack[0]
    written = Anchor(b"w", "library.to_csv", (site._replace(line=3, span=None),), 9)
    reached = run.program().slice(written, RECEIVER).reached
    assert [run.name_of(one.source) for one in reached] == ["a"]
