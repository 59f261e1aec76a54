"""A slice goes from function to function along the calls that ran, and along no others."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.support.anchors import Run
from tests.unit.analysis import calls

PROGRAMS: dict[str, dict[str, str]] = {
    **{title: {"main": text} for title, text in (calls.FUNCTIONS | calls.CLASSES).items()},
    **calls.MODULES,
}


def _run(title: str) -> Run:
    return Run({name: dedent(text) for name, text in PROGRAMS[title].items()})


@pytest.mark.parametrize("title", PROGRAMS)
def test_a_slice_reaches_what_flows(title: str):
    run = _run(title)
    assert run.reached() == run.wanted()


@pytest.mark.parametrize("title", PROGRAMS)
def test_what_really_flowed_is_always_among_what_is_wanted(title: str):
    run = _run(title)
    assert run.sinks, "the program has no sink"
    missed = [flowed - wanted for flowed, wanted in zip(run.flowed(), run.wanted(), strict=True)]
    assert missed == [set()] * len(run.sinks)
