"""In which turn of a loop a frame is changed: the loop's name stands for that frame then.

``for frame in (train, test): frame["x"] = frame["y"]`` changes each by what it holds itself. So
where the change of ``train`` is followed, ``frame`` is ``train`` on the right side, too. The same
is said of ``train, test = [clean(frame) for frame in (train, test)]``, element by element.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whence.analysis.context import Context
from whence.analysis.definition import ASSIGN, Comprehension, Definition, Place, Write
from whence.analysis.path import Key, Path, match
from whence.analysis.things import Things, Watched, comprehension_targets

if TYPE_CHECKING:
    from whence.analysis.world import World


def turn_of_write(
    world: World, definition: Definition, path: Path, part: Watched, write: Write, context: Context
) -> Context:
    """The context of a write that changes what ``definition`` gives at ``path``.

    Where the write goes by the name of a loop, the name is pinned to the object that is meant.
    """
    target, place = write.target, write.place
    if not isinstance(target, ast.Name) or target.id == definition.name:
        return context.base
    things = world.things(place.scope)
    written = _written_part(things, target, place, part)
    if written is None or not (write.is_one_of or None in written):
        return context.base
    prefix = _prefix(path, part, written)
    flow = place.scope.flow
    names, from_outside = flow.reaching(target.id, place, target)
    if prefix is None or from_outside or not names:
        return context.base
    if definition not in flow.reaching(definition.name, place).definitions:
        return context.base
    key = (names, definition, prefix)
    return world.pinned(context, key, lambda: dict.fromkeys(names, (definition, prefix)))


def turn_of_element(
    world: World, node: Comprehension, place: Place, context: Context, key: Key
) -> Context:
    """The context in which a comprehension makes its element ``key``; ``place`` is inside it."""
    generator = node.generators[0]
    if key is None or len(node.generators) > 1 or generator.ifs:
        return context.base
    by_key = isinstance(node, ast.DictComp)
    if by_key is not isinstance(key, str) or (by_key and not _is_by_key(node)):
        return context.base
    names = comprehension_targets(node, place)
    turn = (id(node), key)
    return world.pinned(context, turn, lambda: {one: (_element(one, key), ()) for one in names})


def _element(name: Definition, key: Key) -> Definition:
    """What the name of a comprehension takes in the turn of its element ``key``."""
    return Definition(ASSIGN, name.name, name.value, name.place, (key, *name.path[1:]))


def _is_by_key(node: ast.AST) -> bool:
    """Whether it is a dictionary with the keys of another: ``{k: f(v) for k, v in d.items()}``."""
    assert isinstance(node, ast.DictComp)
    target, values = node.generators[0].target, node.generators[0].iter
    return (
        isinstance(target, ast.Tuple)
        and isinstance(values, ast.Call)
        and isinstance(values.func, ast.Attribute)
        and values.func.attr == "items"
        and ast.dump(node.key).replace("Load", "Store") == ast.dump(target.elts[0])
    )


def _written_part(things: Things, target: ast.Name, place: Place, part: Watched) -> Path | None:
    """Which part of the watched object, that is read, the name of a write is; None if not known."""
    found = [
        one.path
        for one in things.of(target, place)
        if one.thing is part.thing and match(one.path, part.read) is not None
    ]
    return found[0] if len(found) == 1 else None


def _prefix(path: Path, part: Watched, written: Path) -> Path | None:
    """The part of what the definition gives that is the written object; None if not known.

    The read at ``path`` is ``part.read`` of the watched object, of which ``written`` is written.
    """
    keys = part.read[: len(written)]
    inside = len(path) - len(part.read)
    if len(keys) < max(len(written), -inside):
        return None
    prefix = path[:inside] + keys if inside >= 0 else keys[-inside:]
    return None if None in prefix else prefix
