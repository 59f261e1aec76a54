"""Strongly connected components and paths, without recursion, so that depth does not matter."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator


def components(edges: list[list[int]]) -> list[int]:
    """The number of the strongly connected component of each node (Tarjan 1972).

    ``edges[node]`` lists the nodes it leads to. Two nodes have one number when each can be reached
    from the other.
    """
    count = 0
    found = [0] * len(edges)  # 0: not seen; else the order of discovery, from 1
    low = [0] * len(edges)
    component = [-1] * len(edges)
    open_nodes: list[int] = []
    for root in range(len(edges)):
        if found[root]:
            continue
        count += 1
        found[root] = low[root] = count
        open_nodes.append(root)
        path: list[tuple[int, Iterator[int]]] = [(root, iter(edges[root]))]
        while path:
            node, ahead = path[-1]
            for target in ahead:
                if not found[target]:
                    count += 1
                    found[target] = low[target] = count
                    open_nodes.append(target)
                    path.append((target, iter(edges[target])))
                    break
                if component[target] < 0 and found[target] < low[node]:
                    low[node] = found[target]
            else:
                path.pop()
                if path and low[node] < low[path[-1][0]]:
                    low[path[-1][0]] = low[node]
                if low[node] == found[node]:
                    while component[node] < 0:
                        component[open_nodes.pop()] = node
    return component


def way_back(edges: list[list[int]], component: list[int], start: int, end: int) -> list[int]:
    """The nodes of a shortest path from ``start`` to ``end``, which share a component."""
    before = {start: start}
    ahead = deque([start])
    while end not in before:
        node = ahead.popleft()
        for target in edges[node]:
            if component[target] == component[end] and target not in before:
                before[target] = node
                ahead.append(target)
    path = [end]
    while path[-1] != start:
        path.append(before[path[-1]])
    return path[::-1]
