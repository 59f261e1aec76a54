"""What a name rests on by one definition: the value that it took, and the writes into it since.

The blocks between are walked once for all reads: the state of a name at the end of a block is a
node of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whence.analysis.context import Context, Demand, Edge
from whence.analysis.definition import AUGMENT, STAR, Block, Definition, Place, State
from whence.analysis.flow import collect, last_before
from whence.analysis.path import Path, joined
from whence.analysis.things import Things, Watched
from whence.analysis.turns import turn_of_write

if TYPE_CHECKING:
    from whence.analysis.world import World


def read_one(
    world: World, definition: Definition, place: Place, context: Context, path: Path
) -> list[Edge]:
    """As ``read_definition``, in the turn of a loop that ``context`` tells of."""
    pins = context.pins
    if definition in pins:
        other, part = pins[definition]
        return read_definition(world, other, place, context, joined(part, path))
    is_in_turn = not pins or definition in place.scope.flow.since(definition.name, place, pins)
    around = context if is_in_turn else context.base
    return read_definition(world, definition, place, around, path)


def read_definition(
    world: World, definition: Definition, place: Place, context: Context, path: Path
) -> list[Edge]:
    """What a name rests on by one definition, when it is read at ``place``."""
    taken = _taken(definition, context, path)
    if definition.block is None:
        return taken
    things = world.things(place.scope)
    if not _watched(things, definition, path):
        return taken
    since = _since(world, definition, place, context, path, place.block, place.order)
    return since if path else [*since, *taken]


def read_sometime(
    world: World, definition: Definition, place: Place, context: Context, path: Path
) -> list[Edge]:
    """As ``read_definition``, where the read can also be before another definition."""
    found = read_definition(world, definition, place, context, path)
    return [*found, *_taken(definition, context, path)]


def step_state(world: World, demand: Demand) -> list[Edge]:
    """What the state of a name at the end of a block rests on."""
    node, place, context, path = demand
    assert isinstance(node, State)
    return _since(world, node.definition, place, context, path, node.block, None)


def _taken(definition: Definition, context: Context, path: Path) -> list[Edge]:
    """The value that a name took by its definition."""
    value = definition.value
    if value is None:
        return []
    inner = joined(definition.path, path)
    if definition.kind == STAR:
        inner = joined(definition.path, (None, *path[1:]) if path else ())
    is_same = definition.kind != AUGMENT
    return [Edge(Demand(value, definition.place, context, inner), is_same)]


def _since(
    world: World,
    definition: Definition,
    place: Place,
    context: Context,
    path: Path,
    block: Block,
    before: int | None,
) -> list[Edge]:
    """The writes up to ``before`` in ``block``, then what the blocks before it end with.

    What the definition took comes at its end, unless all that is read was replaced since. For
    the whole, which no write replaces, it is left to the reader.
    """
    from whence.analysis.reading import write_edges

    things = world.things(place.scope)
    parts = _watched(things, definition, path)
    edges: list[Edge] = []
    last = last_before(block.names.get(definition.name), before)
    since = last.order if last is not None else 0
    is_replaced = False
    for part in parts:
        events = things.events.within(part.thing, block, since, before)
        if events:
            written, is_new = collect(events, part.read, part.part, definition.name)
            is_replaced = is_replaced or (is_new and part.is_whole)
            for one in written:
                around = turn_of_write(world, definition, path, part, one.write, context)
                edges.extend(write_edges(world, one, around))
    if is_replaced:
        return edges
    if last is not None:
        is_taken = last is definition and path
        return [*edges, *_taken(definition, context, path)] if is_taken else edges
    for pred in _telling(things, definition, parts, block):
        state = things.state(definition, place, pred)
        edges.append(Edge(Demand(state, place, context.base, path), bool(path)))
    return edges


def _telling(
    things: Things, definition: Definition, parts: list[Watched], block: Block
) -> list[Block]:
    """The nearest blocks before ``block`` that define the name or write into what it holds."""
    found: list[Block] = []
    seen = {id(block)}
    waiting = list(block.preds)
    events = things.events
    while waiting:
        one = waiting.pop()
        if id(one) in seen and one is not block:
            continue
        seen.add(id(one))
        if definition.name in one.names or any(events.is_in(part.thing, one) for part in parts):
            if one not in found:
                found.append(one)
        elif one is not block:
            waiting.extend(one.preds)
    return found


def _watched(things: Things, definition: Definition, path: Path) -> list[Watched]:
    """The objects whose writes a read of the part ``path`` of a name sees."""
    key = (definition, path)
    found = things.watched.get(key)
    if found is not None:
        return found
    whole = things.of_definition(definition)
    own = {part.thing for part in whole}
    parts = [
        Watched(thing, joined(part, path), len(part), len(whole) == 1) for thing, part in whole
    ]
    for thing, part in things.of_definition(definition, path or (None,)):
        if thing not in own:
            kept = max(0, len(part) - max(0, len(path) - 1))  # the rest is read when it is asked
            parts.append(Watched(thing, part, kept, False))
    found = things.watched[key] = [part for part in parts if things.events.has(part.thing)]
    return found
