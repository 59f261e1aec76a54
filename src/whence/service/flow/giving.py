"""Where the data of a call that learns stand in the code: in that call, or in an earlier one.

An optimizer's step has no data among its arguments. They came by a data loader, which was made
elsewhere, or by what ``backward`` was called on; a trainer may have got them when it was made. The
record says so by ``given_at``: by argument, the call with its place, or `BACKWARD`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from whence.analysis.backward import backwards
from whence.analysis.module import Module
from whence.analysis.program import RECEIVER
from whence.analysis.site import Anchor
from whence.service.flow.anchors import Watched, anchor_of

BACKWARD = "backward"


class Place(NamedTuple):
    """An argument, by name and position, of a call that ran."""

    call: Anchor
    argument: str | int
    position: int


def places_of(
    sink: Watched, argument: str, position: int, modules: Mapping[str, Module]
) -> list[Place]:
    """Where to look in the code for what ``sink`` was given as ``argument``."""
    given = sink.attributes.get("given_at", {}).get(argument)
    if given == BACKWARD:
        return list(_backward(sink.anchor, modules))
    if isinstance(given, dict) and "line" in given:
        return [_elsewhere(sink, given)]
    return [Place(sink.anchor, argument, position)]


def reads_inside(sink: Watched, argument: str, reads: Iterable[Watched]) -> list[Watched]:
    """The reads that ran inside the call that learned, or inside the iteration of its data.

    A data set may read each of its items when it is asked for it, and a trainer has methods of the
    user's code bring the data.
    """
    given = sink.attributes.get("given_at", {}).get(argument, {})
    loop = given.get("iterated_at") if isinstance(given, dict) else None
    around = [(sink.anchor.stack[0].file, sink.anchor.stack[0].line)]
    if loop is not None:
        around = [(loop["file"], loop["line"])]
    return [
        read
        for read in reads
        if any((site.file, site.line) in around for site in read.anchor.stack[1:])
        and read.anchor.order >= (sink.anchor.order if loop is None else 0)
    ]


def _elsewhere(sink: Watched, given: dict[str, Any]) -> Place:
    call = anchor_of(sink.node, given)
    # What is read lazily is read after the call that it was given to.
    call = call._replace(order=max(call.order, sink.anchor.order))
    return Place(call, given["argument"], given["position"])


def _backward(sink: Anchor, modules: Mapping[str, Module]) -> Iterator[Place]:
    module = modules.get(sink.stack[0].file)
    for one in backwards(module, sink.stack) if module is not None else ():
        call = sink._replace(call=BACKWARD, stack=one.stack)
        yield Place(call, RECEIVER, RECEIVER)
        if one.is_given:  # as in ``accelerator.backward(loss)``
            yield Place(call, 0, 0)
