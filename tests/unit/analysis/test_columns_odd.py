"""No call, however odd, keeps a column from being followed: there is an answer or a reason."""

from __future__ import annotations

import pytest

from tests.support.anchors import Run
from whence.analysis.columns import ColumnFlow
from whence.analysis.columnstep import HANDLED

ARGUMENTS = (
    *("", "1", "None", "*x", "**x", "'a'", "x", "x, x", "[]", "[1, None]", "['a', 'b']", "{}"),
    *(
        "{1: 2}",
        "{'a': 1}",
        "{'a': None, **x}",
        "lambda c: c",
        "lambda: 1",
        "lambda c: c + 1, axis=1",
    ),
    *("columns=[1]", "columns={'a': 3}", "columns=str.upper", "columns=str.nothing", "axis=1"),
    *("index=3, columns=x", "on=1", "on='a', suffixes=(1, 2)", "x, suffixes=('a',)", "suffix=3"),
    *("'a = b +'", "'a == '", "like=1", "regex='('", "n=('a',)", "a=()", "a=x('b')", "a=x()"),
    *("pl.col()", "pl.col(1)", "pl.col('^($')", "pl.col('a').alias()", "pl.col('a').alias(1)"),
    *("pl.col('b').name.suffix()", "pl.when().then()", "pl.lit()", "pl.struct()", "pl.all(1)"),
    *("[pl.col(c) for c in x]", "[pl.col(c) for c in [1]]", "prefix=1", "prefix={'a': 1}"),
    *(
        "'a', prefix=[1], columns=['a']",
        "keys=['a'], axis=1, objs=[]",
        "[x], keys=['p', 'a'], axis=1",
    ),
)
EXPRESSIONS = (
    *("d.iloc[:, 9]", "d.iloc[:, -9]", "d.iloc[:, 'a':2]", "d.iloc[:, [7, 'a']]", "d.iloc[:, x]"),
    *("d['a'[1:]]", "d[['a', 1]]", "d[['a'] + 1]", "d[[c for c in d.columns if 1 in c]]"),
    *("d[['a'.startswith()]]", "d[[c.title(1) for c in ['a']]]", "np.c_[()]", "np.c_[x]['a']"),
    *(
        "d[sorted(['a', 1])]",
        "d[dict([[[], 1]])]",
        "d[['a'][3]]",
        "d[{'a': 1}['b']]",
        "d[['a'][x:]]",
    ),
)


ONE_OF_EACH = sorted({handle: name for name, handle in HANDLED.items()}.values())


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_an_odd_call_is_followed(name: str):
    _check([f"{base}.{name}({given})" for given in ARGUMENTS for base in ("d", "pd")])


def test_an_odd_selection_is_followed():
    _check(list(EXPRESSIONS))


def _check(expressions: list[str]) -> None:
    """Each is walked, though none is run: there is something in ``d``."""
    head = "import pickle as pd, pickle as pl, pickle as np\nd = x = source('one')\n"
    lines = [f"sink(d if d else {one})" for one in expressions]
    lines += [
        f"sink(d if d else pd.DataFrame({one}, columns=['p', 'a']))" for one in expressions[::9]
    ]
    run = Run(head + "\n".join(lines), values={"one": [1]})
    flow = ColumnFlow(run.program(), {run.sources[0].id: ("a", "b", "c")})
    for one in run.sinks:
        found = flow.origins(one.anchor, 0, "a_1")
        assert found.origins or found.unknown
