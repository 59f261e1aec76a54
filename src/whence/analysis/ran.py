"""What calls that ran tell of the code: which call entered which function."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from whence.analysis.answer import Unknown
from whence.analysis.callee import callees
from whence.analysis.context import ANY, CALLBACK, TOP, Context, Target
from whence.analysis.locating import Located, locate
from whence.analysis.site import Anchor, Site
from whence.analysis.world import World

_PARTS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")


class Stack(NamedTuple):
    """The frames of a call that ran, found in the code; the innermost first.

    A frame that cannot be found is None. ``missing`` says why one is. ``is_part`` says of each
    frame whether its code is a comprehension, whose names are those of the function around it.
    """

    frames: tuple[Located | None, ...]
    is_part: tuple[bool, ...]
    missing: Unknown | None

    @property
    def innermost(self) -> Located | None:
        return self.frames[0] if self.frames else None

    @property
    def nodes(self) -> set[int]:
        """The ids of all expressions that the frames were at."""
        return {id(node) for frame in self.frames if frame is not None for node in frame.nodes}


class Ran:
    """The calls that ran, joined to the code of ``world``."""

    def __init__(self, world: World, sources: Sequence[Anchor], others: Sequence[Anchor]) -> None:
        self.world = world
        self._located: dict[tuple[Site, str], Located | Unknown] = {}
        self._contexts: dict[tuple[int, ...], Context] = {}
        self._by_node: dict[int, list[tuple[list[frozenset[int]], list[Anchor]]]] = {}
        groups: dict[tuple[tuple[Site, ...], str], list[Anchor]] = {}
        for anchor in sources:
            groups.setdefault((anchor.stack, anchor.call), []).append(anchor)
        stacks = {key: self.stack(*key) for key in groups}
        for key, stack in stacks.items():
            self._add_source(stack, groups[key])
        for one in dict.fromkeys((anchor.stack, anchor.call) for anchor in others):
            self._note_entered(self.stack(*one))
        for stack in stacks.values():
            self._note_entered(stack)

    @cached_property
    def has_classes(self) -> bool:
        """Whether the code defines classes."""
        return any(
            scope.is_class
            for module in self.world.modules.values()
            for scope in module.scopes.values()
        )

    def anchors_at(self, node: ast.AST) -> list[tuple[list[frozenset[int]], list[Anchor]]]:
        """The sources that are calls of ``node``, by the frames that led to them."""
        return self._by_node.get(id(node), [])

    def stack(self, sites: tuple[Site, ...], call: str) -> Stack:
        """The frames of a stack, found in the code."""
        frames: list[Located | None] = []
        missing: Unknown | None = None
        for number, site in enumerate(sites):
            found = self._locate(site, call if number == 0 else "")
            if isinstance(found, Unknown):
                missing = missing or found
                frames.append(None)
            else:
                frames.append(found)
            if site.function == "<module>":
                break  # what is further out imported the module
        is_part = tuple(site.function.endswith(_PARTS) for site in sites[: len(frames)])
        return Stack(tuple(frames), is_part, missing)

    def _locate(self, site: Site, call: str) -> Located | Unknown:
        key = (site, call)
        found = self._located.get(key)
        if found is None:
            found = self._located[key] = self._search(site, call)
        return found

    def _search(self, site: Site, call: str) -> Located | Unknown:
        module = self.world.modules.get(site.file)
        if module is None:
            return Unknown(site, f"the source of {site.file} is not at hand")
        return locate(module, site, call) or Unknown(site, "the source has no call there")

    def _add_source(self, stack: Stack, anchors: list[Anchor]) -> None:
        if stack.innermost is None:
            return
        outer = [
            frozenset(id(node) for node in frame.nodes) if frame is not None else frozenset()
            for frame in stack.frames[1:]
        ]
        for node in stack.innermost.nodes:
            self.world.sources.setdefault(id(node), [])
            self._by_node.setdefault(id(node), []).append((outer, anchors))

    def _note_entered(self, stack: Stack) -> None:
        pairs = zip(stack.frames, stack.frames[1:], stack.is_part, strict=False)
        for inner, outer, is_part in pairs:
            if inner is None or outer is None or is_part:
                continue
            scope = inner.place.scope
            for node in outer.nodes:
                self.world.entered.setdefault(id(node), {})[scope] = None
                self.world.callers.setdefault(scope, {})[id(node)] = (node, outer.place)

    def context(self, stack: Stack) -> Context:
        """The context of the innermost frame of a stack."""
        context = ANY
        outer: Located | None = None
        for frame, is_part in zip(reversed(stack.frames), reversed(stack.is_part), strict=True):
            if frame is None:
                context = ANY
            elif is_part and outer is not None and outer.place.scope is frame.place.scope:
                continue
            elif not frame.place.scope.is_function:
                context = TOP if frame.place.scope.is_module else context
            elif outer is None or is_part:
                context = ANY
            else:
                context = self._entered(frame, outer, context)
            outer = frame
        return context

    def _entered(self, frame: Located, outer: Located, around: Context) -> Context:
        scope = frame.place.scope
        call = outer.nodes[0]
        target = Target(scope, ANY if scope.enclosing and scope.enclosing.is_function else TOP)
        if isinstance(call, ast.Call):
            known = [
                one for one in callees(self.world, call, outer.place, around) if one.scope is scope
            ]
            target = known[0] if known else target._replace(mode=CALLBACK)
        return self.world.enter(target, scope, call, outer.place, around)
