"""The versions of the user's own modules that a session loaded, and which was there when."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from whence._base.errors import WhenceError
from whence.analysis.module import Module, read_module
from whence.analysis.reloading import Reloaded, version_name
from whence.analysis.site import Site
from whence.model.kind import CELL
from whence.model.relation import Relation
from whence.query.diff import Kept
from whence.query.profile import Profile
from whence.store.protocol import Node, Store


class Versions:
    """The modules of one run that it loaded in several versions: the last goes by their name."""

    def __init__(self, store: Store, whole: Profile, code: list[Node], kept: Kept) -> None:
        self._kept = kept
        self.modules: dict[str, Module] = {}
        self.lines: dict[str, list[str]] = {}
        self._times: dict[str, list[tuple[int, str]]] = {}
        self._reloaded: dict[str, Reloaded] = {}
        versions: dict[str, list[Node]] = {}
        for node in code:
            versions.setdefault(node.name, []).append(node)
        several = {name: nodes for name, nodes in versions.items() if len(nodes) > 1}
        since = _since(store, whole) if several else {}
        for name, nodes in several.items():
            nodes.sort(key=lambda node: since.get(node.number, 0))
            for number, node in enumerate(nodes, 1):
                key = name if number == len(nodes) else version_name(name, number)
                self._times.setdefault(name, []).append((since.get(node.number, 0), key))
                self._read(key, node)

    def _read(self, key: str, node: Node) -> None:
        text = None if node.digest is None else self._kept(node.digest)
        try:
            module = None if text is None else read_module(text, key)
        except WhenceError:
            return  # without its code its calls can't be followed, which is told of them
        if module is not None and text is not None:
            self.lines[key] = text.decode("utf-8", "replace").splitlines()
            self.modules[key] = module
            self._reloaded[key] = Reloaded(module)

    def placed(self, site: Site, when: int) -> Site:
        """A place in a file, in the version of it that was there at that time."""
        versions = self._times.get(site.file)
        if versions is None:
            return site
        at = bisect_right(versions, when, key=lambda one: one[0])
        key = versions[max(at, 1) - 1][1]
        reloaded, moved = self._reloaded.get(key), site._replace(file=key)
        return moved if reloaded is None or at < 2 else reloaded.site(moved)


def _since(store: Store, whole: Profile) -> Mapping[int, int]:
    """Since when each code was used. What a cell used was there when it began."""
    edges = [edge for edge in whole.edges if edge.relation == Relation.USED and edge.at]
    users = store.nodes(list({edge.source for edge in edges}))
    began = {node.number: node.started_at for node in users if node.kind == CELL}
    found: dict[int, int] = {}
    for edge in edges:
        since = began.get(edge.source) or edge.at or 0
        found[edge.target] = min(found.get(edge.target, since), since)
    return found
