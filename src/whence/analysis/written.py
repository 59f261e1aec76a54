"""The columns that a frame has after what was written into it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whence.analysis.asked import Asked
from whence.analysis.callee import callees
from whence.analysis.context import Demand, Target
from whence.analysis.definition import ARGUMENT, CALL, STORE, Block, Definition, Place, Write
from whence.analysis.flow import last_before
from whence.analysis.keyed import made_name, turns_of
from whence.analysis.parameter import argument_parameters
from whence.analysis.renaming import RENAMED, Names, undecided
from whence.analysis.scope import last_name
from whence.analysis.things import Things

if TYPE_CHECKING:
    from whence.analysis.known import Known
    from whence.analysis.world import World


def after_writes(known: Known, demand: Demand, definition: Definition, names: Names) -> Names:
    """The columns of what a name holds where it is read, which ``definition`` gave ``names``.

    Raises Undecided.
    """
    for write, is_certain in reversed(
        _writes(known.world.things(demand.place.scope), definition, demand.place)
    ):
        at = demand._replace(place=write.place)
        after = _after(known, at, write, list(names))
        if not is_certain and made_name(at._replace(node=write.value)) is None:
            after = after if list(after) == list(names) else undecided()
        names = after
    return names


def _writes(things: Things, definition: Definition, place: Place) -> list[tuple[Write, bool]]:
    """The writes into what a name holds, the last first, and whether each was done for certain.

    One in a branch or a loop need not have been.
    """
    parts = [part for part in things.of_definition(definition) if things.events.has(part.thing)]
    if not parts:
        return []
    thing = parts[0].thing
    is_one_of = bool(parts[0].path) and any(one.kind == STORE for one in things.events.of(thing))
    if len(parts) > 1 or is_one_of:
        return undecided()
    found: list[tuple[Write, bool]] = []
    block, before = place.block, place.order
    for _ in range(1000):
        last = last_before(block.names.get(definition.name), before)
        since = last.order if last is not None else 0
        events = things.events.within(thing, block, since, before)
        found.extend((event.write, True) for event in events)
        if last is not None:
            return found
        earlier = _telling(things, definition, thing, block)
        if len(earlier) != 1 or earlier[0] is block:
            break
        block, before = earlier[0], 1 << 60
    certain = [write for write, _ in found]
    others = [one for one in things.events.of(thing) if one not in certain]
    others = [one for one in others if definition.order <= one.place.order < place.order]
    others.sort(key=lambda one: one.place.order, reverse=True)
    return [*found, *((one, False) for one in others)]


def _telling(things: Things, definition: Definition, thing: object, block: Block) -> list[Block]:
    found: list[Block] = []
    seen: set[int] = set()
    waiting = list(block.preds)
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            if definition.name in one.names or things.events.is_in(thing, one):  # type: ignore[arg-type]  # it is a thing
                found.append(one)
            else:
                waiting.extend(one.preds)
    return found


def _after(known: Known, demand: Demand, write: Write, names: list[str]) -> Names:
    """The columns when a write has been done."""
    if write.kind == STORE:
        (key, *rest) = write.path
        if key == ".columns":
            return known.texts(demand._replace(node=write.value))
        if isinstance(key, str) and key.startswith("["):
            return names if rest or key[1:] in names else [*names, key[1:]]
        return names if isinstance(key, str) else _after_turns(known, demand, write, names)
    call = write.value
    assert isinstance(call, ast.Call)
    targets = callees(known.world, call, demand.place, demand.context)
    if targets and not all(_is_left_alone(known.world, one, write) for one in targets):
        return undecided()
    if write.kind == ARGUMENT:
        return names
    return _after_method(Asked(known, demand, call), last_name(call), names)


def _after_turns(known: Known, demand: Demand, write: Write, names: list[str]) -> Names:
    """The columns when a loop has written under the names that the code makes in its turns."""
    index = made_name(demand._replace(node=write.value))
    turns = [] if index is None else turns_of(known, known.world, demand._replace(node=index))
    given = [one.value if isinstance(one.value, list) else [one.value] for one in turns]
    new = [name for several in given for name in several]
    if not new or not all(isinstance(one, str) for one in new):
        return undecided()
    return list(dict.fromkeys([*names, *new]))


def _is_left_alone(world: World, target: Target, write: Write) -> bool:
    """Whether a function of the user's adds no column to a frame that it is given."""
    if target.scope is None or write.kind != ARGUMENT:
        return False
    assert isinstance(write.value, ast.Call)
    given = argument_parameters(target.scope, target, write.value, write.argument)
    events = world.things(target.scope).events
    return bool(given) and all(_only_asks(one) for name in given for one in events.of(name))


def _only_asks(write: Write) -> bool:
    if write.kind != CALL or not isinstance(write.value, ast.Call):
        return False
    is_in_place = any(one.arg == "inplace" for one in write.value.keywords)
    return not is_in_place and last_name(write.value) not in ("pop", "insert", "update")


def _after_method(asked: Asked, name: str, names: list[str]) -> Names:
    if name == "insert" and len(asked.call.args) == 3:
        at = asked.value(asked.call.args[0])
        new = asked.text(asked.call.args[1])
        return [*names[:at], new, *names[at:]] if isinstance(at, int) else undecided()
    if name == "pop":
        popped = asked.text(asked.argument(0, "item"))
        return [one for one in names if one != popped]
    if name in RENAMED and asked.is_given("inplace", True):
        return RENAMED[name](asked, names)
    return names if name != "update" else undecided()
