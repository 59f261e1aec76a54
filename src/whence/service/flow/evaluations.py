"""Evaluations: which model was scored, or asked for predictions, on which data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from whence.analysis.program import Program
from whence.model.kind import CALL, FIT
from whence.query.flow import Role
from whence.service.flow.anchors import Anchors, Watched, last_of_each_place
from whence.service.flow.identity import Identity
from whence.service.flow.join import Join, Joined
from whence.service.flow.roles import Judged, Roles, Sided, generators
from whence.store.protocol import Store

PREDICTED = frozenset(
    {"y_pred", "y_score", "y_prob", "y_proba", "probas_pred", "pred_decision", "labels_pred",
     "labels", "sample_weight"}
)  # fmt: skip
"""Arguments of metrics that are no data of one's own, but what a model made of them."""


class Evaluated(NamedTuple):
    """A call that evaluated, what it took from where, and what the data were to the model.

    ``joined`` has the sources, one each; None where none was found. ``fit`` made the model.
    """

    call: Watched
    joined: Joined | None
    fit: Watched | None
    role: Role | None
    sided: Sided


class Evaluations:
    """The evaluations of one run. Repeated calls from one place are taken as one."""

    def __init__(
        self, store: Store, anchors: Anchors, identity: Identity, program: Program, roles: Roles
    ) -> None:
        self._store, self._identity, self._roles = store, identity, roles
        self._fits = {watched.node.number: watched for watched in anchors.sinks}
        self._calls = {watched.node.number: watched for watched in anchors.others}
        wanted = [*anchors.evaluations, *(w for w in anchors.others if _predicts(w))]
        own = {watched.node.number: watched for watched in wanted}
        join = Join(anchors._replace(sinks=[_as_sink(one) for one in wanted]), identity, program)
        self._joined: dict[int, list[Joined]] = {number: [] for number in own}
        for joined in join.edges:
            self._joined[joined.sink.node.number].append(joined)
        self._asked = last_of_each_place(wanted)

    def told(self, trained: Sequence[Joined]) -> list[Evaluated]:
        """All of them in the order in which they ran; ``trained`` are the edges into fits."""
        reads: dict[int, set[bytes]] = {}
        for joined in trained:
            ids = {source.anchor.id for source in joined.sources}
            reads.setdefault(joined.sink.node.number, set()).update(ids)
        found: list[Evaluated] = []
        for watched in sorted(self._asked, key=lambda one: one.anchor.order):
            fit, sided = self._fit_of(watched), self._sided(watched)
            edges = self._joined[watched.node.number]
            role = sided.role or self._compared(watched, fit, edges, reads)
            ends: Sequence[Joined | None] = edges or (None,)
            found += [Evaluated(watched, one, fit, role, sided) for one in ends]
        return found

    def _sided(self, watched: Watched) -> Sided:
        """Where the first argument lies of which that is known; else what it was predicted of."""
        for argument in _data(watched):
            sided = self._roles.of(watched, argument)
            if sided.sides:
                return sided
        predicted = self._prediction(watched)
        return Sided() if predicted is None else self._sided(predicted)

    def _prediction(self, watched: Watched) -> Watched | None:
        """The call that predicted what a metric was given."""
        for argument in watched.attributes["given"]:
            entity = self._identity.given(watched, argument)
            for node in self._makers(entity, CALL):
                call = self._calls.get(node)
                if call is not None and _predicts(call):
                    return call
        return None

    def _fit_of(self, watched: Watched) -> Watched | None:
        model = self._identity.given(watched, "model")
        if model is None:
            predicted = self._prediction(watched)
            model = None if predicted is None else self._identity.given(predicted, "model")
        return next((self._fits[n] for n in self._makers(model, FIT) if n in self._fits), None)

    def _makers(self, entity: int | None, kind: str) -> list[int]:
        """The activities of a kind that made an entity, or what it was derived from."""
        found: list[int] = []
        waiting, seen = [] if entity is None else [entity], set[int]()
        while waiting and not found:
            one = waiting.pop()
            seen.add(one)
            found = [node.number for node in generators(self._store, one, (kind,))]
            waiting += [above for above in self._identity.derived_from(one) if above not in seen]
        return found

    def _compared(
        self,
        watched: Watched,
        fit: Watched | None,
        edges: list[Joined],
        reads: dict[int, set[bytes]],
    ) -> Judged | None:
        """Without a split: the very data of the fit, or data that were read by other calls."""
        if fit is None:
            return None
        for argument in _data(watched):
            given = self._identity.given(watched, argument)
            if given is not None and given in self._identity.all_given(fit):
                return "train"
        own = {source.anchor.id for one in edges for source in one.sources}
        trained = reads.get(fit.node.number, set())
        return "test" if own and trained and not own & trained else None


def _predicts(watched: Watched) -> bool:
    return watched.attributes.get("makes") == "prediction"


def _data(watched: Watched) -> dict[str, int]:
    given = watched.attributes["given"]
    return {name: position for name, position in given.items() if name not in PREDICTED}


def _as_sink(watched: Watched) -> Watched:
    """The call as `Join` takes it: with its data, and apart from others of the same line."""
    told = {"data": _data(watched), "class": watched.attributes["call"]}
    return watched._replace(attributes=watched.attributes | told)
