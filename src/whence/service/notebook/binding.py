"""The states of variables over a session: which execution made what another one used."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from whence.analysis.notebook.history import History, Ran
from whence.analysis.notebook.names import read_cell
from whence.analysis.notebook.unit import MODULE, RANDOM

MOST_EARLIER = 300
"""So many executions that others rest on are told besides those that are asked for."""


class State(NamedTuple):
    """One state of a variable: its name, and the ordinal of the execution that made it."""

    name: str
    n: int


class Made(NamedTuple):
    """A state that an execution made. It is ``seen`` where the kernel told that the name was bound;
    else the code tells that the object was changed, and ``before`` is the state it had."""

    state: State
    seen: bool
    before: State | None = None


class Bindings(NamedTuple):
    """What each execution used and made, by its ordinal; ``cut`` are executions that are upstream
    of these and were left out."""

    used: dict[int, list[State]]
    made: dict[int, list[Made]]
    cut: set[int]


def bindings_of(history: History, asked: Iterable[int], most: int = MOST_EARLIER) -> Bindings:
    """The states of variables that the executions with these ordinals used and made, and those that
    they rest on: of these at most ``most``, the latest. Modules, and what was imported from them,
    are no variables."""
    found = Bindings({}, {}, set())
    drawn = set(asked)
    waiting = [-n for n in drawn]
    heapify(waiting)
    while waiting:
        n = -heappop(waiting)
        ran = history.runs[n]
        found.used[n] = _used(ran, history)
        found.made[n] = _made(ran, found.used[n])
        for state in found.used[n]:
            if state.n in drawn or state.n in found.cut:
                continue
            if most == 0:
                found.cut.add(state.n)
                continue
            most -= 1
            drawn.add(state.n)
            heappush(waiting, -state.n)
    _add_changed_elsewhere(found, history)
    return found


def _used(ran: Ran, history: History) -> list[State]:
    states = {State(seen.name, seen.by) for seen in ran.trace.seen if seen.name != RANDOM}
    return sorted(
        state
        for state in states
        if state.n in history.runs and not _is_import(state.name, history.runs[state.n])
    )


def _made(ran: Ran, used: list[State]) -> list[Made]:
    one, bound = ran.execution, ran.execution.bound or ()
    names = [name for name in bound if not _is_import(name, ran)]
    made = [Made(State(name, one.order), True) for name in names]
    before = {state.name: state for state in used}  # the last state of a name comes last
    changed = read_cell(one.source).names.changes & before.keys() - set(bound)
    made += [Made(State(name, one.order), False, before[name]) for name in sorted(changed)]
    return made


def _add_changed_elsewhere(found: Bindings, history: History) -> None:
    """Have executions make, too, what they changed by another name of the same object."""
    known = {one.state for made in found.made.values() for one in made}
    used = {state for states in found.used.values() for state in states}
    for state in sorted(used - known):
        if state.n in found.made:
            is_seen = state.name in (history.runs[state.n].execution.bound or ())
            found.made[state.n].append(Made(state, is_seen))


def _is_import(name: str, maker: Ran) -> bool:
    return name in imported(maker.execution.source)


@lru_cache(maxsize=8192)
def imported(source: str) -> frozenset[str]:
    """The names that a source gets by importing them."""
    units = read_cell(source).units
    return frozenset(e.name for unit in units for e in unit.effects if e.kind == MODULE)
