"""On random programs the slice agrees with what really flows when they run."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.anchors import Run

NAMES = "abcd"
KEYS = ("x", "y")

_name = st.sampled_from(NAMES)
_key = st.sampled_from(KEYS)
_start = "\n".join(f"{name} = 0; d_{name} = {{'x': 0, 'y': 0}}; l_{name} = [0]" for name in NAMES)
_functions = """
def same(x):
    return x
def both(x, y):
    return y, x
def first(x, *rest):
    return x
def put(d, value):
    d["x"] = value
def add(l, value):
    l.append(value)
"""

_exact = st.one_of(
    st.builds("{} = source('s{}')".format, _name, st.integers(0, 9)),
    st.builds("{} = {}".format, _name, _name),
    st.builds("{} = {} + {}".format, _name, _name, _name),
    st.builds("{} += {}".format, _name, _name),
    st.builds("{}, {} = {}, {}".format, _name, _name, _name, _name),
    st.builds("{}, {} = both({}, y={})".format, _name, _name, _name, _name),
    st.builds("{} = same({})".format, _name, _name),
    st.builds("{} = first({}, {})".format, _name, _name, _name),
    st.builds("d_{} = {{'x': {}, 'y': {}}}".format, _name, _name, _name),
    st.builds("d_{}['{}'] = {}".format, _name, _key, _name),
    st.builds("{} = d_{}['{}']".format, _name, _name, _key),
    st.builds("{} = [v + {} for v in [{}]][0]".format, _name, _name, _name),
    st.builds("l_{} = [{}, {}]".format, _name, _name, _name),
    st.builds("l_{}.append({})".format, _name, _name),
    st.builds("l_{} = list(l_{})".format, _name, _name),
    st.builds("{} = (lambda v: v + {})({})".format, _name, _name, _name),
)
_aliases = st.one_of(
    st.builds("d_{} = d_{}".format, _name, _name),
    st.builds("l_{} = l_{}".format, _name, _name),
    st.builds("put(d_{}, {})".format, _name, _name),
    st.builds("add(l_{}, {})".format, _name, _name),
    st.builds("l_{} = l_{} + [{}]".format, _name, _name, _name),
    st.builds("{} = l_{}[0]".format, _name, _name),
    st.builds("{} = l_{}[-1]".format, _name, _name),
    st.builds("for v in l_{}:\n    {} = v".format, _name, _name),
    st.builds("if len(l_{}) > 1:\n    {} = {}\nelse:\n    {} = {}".format, *[_name] * 5),
    st.builds("for i in range(2):\n    {} = {}\n    {} = {}".format, *[_name] * 4),
)
_sinks = "\n".join(
    f"sink({name})\nsink(d_{name}['x'])\nsink(d_{name}['y'])\nsink(l_{name})" for name in NAMES
)
_wholes = "\n".join(f"sink(d_{name})\nsink([d_{name}, l_{name}])" for name in NAMES)


def _run(statements: list[str], is_wrapped: bool, sinks: str = _sinks) -> Run:
    body = "\n".join([_start, *statements, sinks])
    if is_wrapped:
        lines = "\n".join(f"    {line}" for line in body.splitlines())
        return Run(f"{_functions}\ndef main():\n{lines}\nmain()")
    return Run(f"{_functions}\n{body}")


@given(st.lists(_exact, max_size=25), st.booleans())
@example(["a = source('s1')", "d_a['x'] = a", "d_a['x'] = b"], False)
@settings(max_examples=60)
def test_a_straight_program_s_slice_is_exactly_what_flows(statements, is_wrapped):
    run = _run(statements, is_wrapped)
    assert run.reached() == run.flowed()


@given(st.lists(_exact | _aliases, max_size=25), st.booleans())
@settings(max_examples=60)
def test_a_slice_has_all_that_flows_where_names_share_objects(statements, is_wrapped):
    run = _run(statements, is_wrapped, f"{_sinks}\n{_wholes}")
    flows = zip(run.flowed(), run.reached(), strict=True)
    assert [flowed - reached for flowed, reached in flows] == [set()] * len(run.sinks)
