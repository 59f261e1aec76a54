"""Which executions of a long history still matter: those that nothing since has replaced.

Most executions of a session are runs of cells that ran again later. What they bound is bound anew,
so their statements need not be gone through. An execution is left out only if it is certain that no
name or object that lasts was touched by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from whence.analysis.notebook.execution import Execution
from whence.analysis.notebook.heap import is_used_up
from whence.analysis.notebook.names import CellCode, read_cell
from whence.analysis.notebook.unit import ALIAS, BIND, CLASS, DRAWS, MODULE, RESET, STORE, Effect
from whence.model.status import FINISHED


class _Reach(NamedTuple):
    """The names that a source touches, uses, and binds for certain; whether it always counts."""

    touches: frozenset[str]
    uses: frozenset[str]
    binds: frozenset[str]
    always: bool


def needed(executions: Sequence[Execution]) -> list[bool]:
    """For each execution whether what it did still matters."""
    codes = {one.source: read_cell(one.source) for one in executions}
    shared = _Shared(list(codes.values()))
    reaches = {source: shared.reach(code) for source, code in codes.items()}
    found = [False] * len(executions)
    replaced: set[str] = set()
    seen: set[str] = set()
    for at in range(len(executions) - 1, -1, -1):
        one = executions[at]
        touches, uses, binds, always = reaches[one.source]
        if (
            not always
            and one.cell in seen
            and touches <= replaced
            and not one.deleted
            and codes[one.source].binds.issuperset(one.bound or ())
        ):
            continue
        found[at] = True
        seen.add(one.cell)
        if one.status == FINISHED:
            replaced |= binds
        replaced -= uses
    return found


class _Shared:
    """What several sources together say: names that are not replaced by being bound anew."""

    def __init__(self, codes: Sequence[CellCode]) -> None:
        self._lasting: set[str] = set()
        self._acting: set[str] = set()
        self._methods: set[str] = set()
        for code in codes:
            for unit in code.units:
                for effect in unit.effects:
                    self._take(effect)

    def _take(self, effect: Effect) -> None:
        if effect.source is not None and effect.kind in (ALIAS, STORE):
            self._lasting |= {effect.name, effect.source.name}  # names of one object
        late = effect.late
        if late is None:
            return
        self._lasting.update(ref.name for ref in late.reads)
        self._lasting.update(one.name for one in late.effects)
        if is_used_up(late) or late.kind == DRAWS or late.effects or late.parameters:
            self._acting.add(effect.name)
        if late.kind == CLASS:
            self._methods |= late.methods

    def reach(self, code: CellCode) -> _Reach:
        """What a source reaches by itself and by the functions that it uses."""
        touches: set[str] = set()
        uses: set[str] = set()
        binds: set[str] = set()
        always = False
        for unit in code.units:
            called = {call.name for call in unit.calls}
            wanted = {ref.name for ref in unit.reads} | unit.certain | called
            always = always or unit.opaque or not self._acting.isdisjoint(wanted)
            always = always or any(call.method in self._methods for call in unit.calls)
            uses |= wanted - binds
            for effect in unit.effects:
                touches.add(effect.name)
                always = always or effect.kind == RESET
                if effect.source is not None and effect.source.name not in binds:
                    uses.add(effect.source.name)
                if effect.kind in (BIND, MODULE):
                    binds.add(effect.name)
                elif effect.name not in binds:
                    uses.add(effect.name)
        return _Reach(frozenset(touches), frozenset(uses), frozenset(binds - self._lasting), always)
