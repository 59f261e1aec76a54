"""Optimizers: which model each changes, its first step, and which data its steps were given.

Only the first step is watched, by a hook that takes itself away: the loop itself runs as it does
without us. Later steps are known by the counters of the weights, looked at where the iteration of
a data loader begins or ends, and at the end.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable
from types import FrameType
from typing import Any

from whence.capture.guard import asked, guarded
from whence.model import kind as kinds
from whence.model.event import ActivityEnded, ActivityStarted
from whence.model.relation import Relation
from whence.model.status import FINISHED
from whence.observers.call import Call
from whence.observers.callsite import site_of, user_frame
from whence.observers.notes import Notes
from whence.observers.torch.cutting import came_out_of
from whence.observers.torch.distributed import rank
from whence.observers.torch.finding import module_giving, module_of
from whence.observers.torch.loading import Loader, Loaders, is_learning
from whence.observers.torch.models import Models
from whence.observers.torch.training import TRAIN, Training

MOST_TRAININGS = 1000
"""Of more, the rest is counted as a gap."""

_HOOKS = "_optimizer_step_post_hooks"


class Optimizers:
    """The optimizers of one session and what they train."""

    def __init__(self, notes: Notes, models: Models) -> None:
        self._notes, self._models = notes, models
        self.loaders = Loaders(notes, self)
        self._begun: list[Training] = []
        self._latest: list[Training] = []
        self._left: list[Any] = []
        self._left_out = 0
        self.is_on = True

    def making(self, call: Call) -> None:
        """Note whose parameters an optimizer is about to be given."""
        call.note = module_giving(call.arguments.get("params"))

    def made(self, call: Call) -> None:
        """Wait for the first step of an optimizer."""
        optimizer = call.first
        weights: list[Any] = asked(
            lambda: [p for g in optimizer.param_groups for p in g["params"]], []
        )
        if call.error is not None or not weights:
            return
        module = call.note if call.note is not None else module_of(weights)
        model = self._models.known(module, weights, _class_path(optimizer))
        hooks = asked(lambda: vars(optimizer)[_HOOKS], None)
        if isinstance(hooks, OrderedDict):
            training = Training(optimizer, model, weights)
            training.handle = optimizer.register_step_post_hook(self._hook(training))

    def settle(self, loaders: list[Loader]) -> bool:
        """Those loaders train whatever has changed since the last look; true if anything has."""
        while self._left:
            self._left.pop().remove()
        changed = [training for training in self._begun if training.has_changed()]
        for training in changed:
            for loader in loaders:
                training.trains_on(loader)
        if changed:
            self._latest = changed
        return bool(changed)

    def evaluated(self, loader: Loader) -> None:
        """A loader was iterated and nothing learned: it evaluates what learned last."""
        for training in self._latest:
            training.is_evaluated_on(loader)

    def end(self) -> None:
        """Record what the trainings came to: their data, steps and models."""
        self.is_on = False
        self.settle(self.loaders.at_work())
        over, self._begun = self._begun, []
        for training in over:
            with guarded("observer-failed", "torch: the end of a training"):
                self._end(training)
        if self._left_out:
            session, detail = self._notes.session, f"trainings beyond the first {MOST_TRAININGS}"
            session.recorder.count_gap(
                "flow-unresolved", session.process, count=self._left_out, detail=detail
            )

    def _hook(self, training: Training) -> Callable[..., None]:
        is_compiling = asked(lambda: sys.modules["torch"].compiler.is_compiling, bool)
        stepped, guard = self._stepped, guarded("observer-failed", "torch: the first step")

        def first_step(optimizer: Any, args: Any, kwargs: Any) -> None:
            if is_compiling() or training.activity:
                return
            with guard:
                stepped(training, optimizer, sys._getframe(1))

        return first_step

    def _stepped(self, training: Training, optimizer: Any, frame: FrameType) -> None:
        outer = user_frame(frame)
        if not self.is_on or outer is None or is_learning():
            return
        if not _take_away(optimizer):
            self._left.append(training.handle)
        if len(self._begun) >= MOST_TRAININGS:
            self._left_out += 1
            return
        training.begin(self._notes.new_id())
        self._begun.append(training)
        call = Call(f"{type(optimizer).__name__}.step", site_of(outer), True)
        training.place = (outer.f_code.co_filename, outer.f_code.co_qualname)
        self._record(training, call, optimizer)
        if self._latest and self._latest[0].at != training.at:
            self._latest = []
        self._latest.append(training)

    def _record(self, training: Training, call: Call, optimizer: Any) -> None:
        notes, model, activity = self._notes, training.model, training.activity
        for loader in self.loaders.at_work():
            training.trains_on(loader)
        about = {"class": model.class_path, "library": "torch", "role": TRAIN}
        told = {
            **notes.site(call), **about, **notes.anchor(call), **training.anchors(), **rank(),
        }  # fmt: skip
        parent = notes.session.activity()
        notes.record(
            ActivityStarted(
                activity, kinds.FIT, call.name, parent, call.started_at, call.mono, told
            )
        )
        settings: dict[str, Any] = asked(lambda: dict(optimizer.defaults), {})
        notes.params(activity, {"optimizer": type(optimizer).__name__, **settings})
        if model.entity is not None:
            notes.relate(activity, Relation.USED, model.entity, "model")
        for name, given in training.data().items():
            self._used(training, name, given.loader)
        model.fits[activity] = None

    def _used(self, training: Training, name: str, loader: Loader) -> None:
        self._notes.relate(training.activity, Relation.USED, loader.entity, name)
        training.told.append(loader)

    def _end(self, training: Training) -> None:
        notes = self._notes
        for name, given in training.data().items():
            if given.loader not in training.told:
                self._used(training, name, given.loader)
        self._models.state(training.model)
        outcome = training.anchors()
        if training.steps is not None:
            outcome["steps"] = training.steps
        ended = notes.session.status
        status = ended if ended and ended != FINISHED and _is_cut_short(training) else FINISHED
        notes.record(ActivityEnded(training.activity, status, *training.at, outcome))


def _is_cut_short(training: Training) -> bool:
    """Whether the program ended by an exception that came out of the training's loop."""
    places = [one.loader.given for one in training.data().values() if one.role == TRAIN]
    loops = [place["iterated_at"] for place in places if "iterated_at" in place]
    file, function = training.place
    if not loops:
        return came_out_of(file, None, function)
    return any(came_out_of(loop["file"], loop["line"], function) for loop in loops)


def _take_away(optimizer: Any) -> bool:
    """Take our hook from an optimizer that is at its hooks just now.

    False with others beside it: they are being gone through, and their handles know the collection
    that they are in, so ours does nothing until it can be taken out.
    """
    hooks = asked(lambda: vars(optimizer)[_HOOKS], None)
    if hooks is None or len(hooks) != 1:
        return False
    vars(optimizer)[_HOOKS] = OrderedDict()
    return True


def _class_path(thing: object) -> str:
    return f"{type(thing).__module__}.{type(thing).__qualname__}"
