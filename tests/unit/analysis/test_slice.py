"""A slice reaches the sources whose values really flowed into the sink, and no others."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.support.anchors import Run
from tests.unit.analysis import programs

PROGRAMS = {
    title: text
    for group in (programs.STATEMENTS, programs.ALIASES, programs.OBJECTS, programs.SERIES)
    for title, text in group.items()
}


@pytest.mark.parametrize("title", PROGRAMS)
def test_a_slice_reaches_what_flows(title: str):
    run = Run(dedent(PROGRAMS[title]))
    assert run.reached() == run.wanted()


@pytest.mark.parametrize("title", PROGRAMS)
def test_what_really_flowed_is_always_among_what_is_wanted(title: str):
    run = Run(dedent(PROGRAMS[title]))
    assert run.sinks, "the program has no sink"
    missed = [flowed - wanted for flowed, wanted in zip(run.flowed(), run.wanted(), strict=True)]
    assert missed == [set()] * len(run.sinks)
