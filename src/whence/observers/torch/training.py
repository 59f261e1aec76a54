"""One training: an optimizer's steps, the data that they were given, and the model they change."""

from __future__ import annotations

import weakref
from typing import Any

from whence.capture.guard import asked
from whence.observers.notes import clocks
from whence.observers.torch.loading import Loader
from whence.observers.torch.models import Model, version_of

TRAIN, VALIDATION, TEST = "train", "validation", "test"
_MOST_LOADERS = 100


class Given:
    """The data that a loader gave to a training. ``at``: the weights' version at its evaluation."""

    def __init__(self, loader: Loader, role: str, at: int | None) -> None:
        self.loader, self.role, self.at = loader, role, at


class Training:
    """An optimizer, and from its first step on the ``activity`` of its steps.

    ``version`` is what the counters of its weights were when they were looked at last, ``at`` the
    time when they were seen changed, ``steps`` how many there were, where the optimizer says so.
    ``told`` are the loaders that are in the record, ``place`` is the file and the function of the
    first step, ``handle`` takes the hook away that waits for it.
    """

    def __init__(self, optimizer: Any, model: Model, weights: list[Any]) -> None:
        self.optimizer: weakref.ref[Any] = weakref.ref(optimizer)
        self.model = model
        self.activity = b""
        self.place = ("", "")
        self.handle: Any = None
        self.version: int | None = None
        self.at = (0, 0)
        self.steps: int | None = None
        self.told: list[Loader] = []
        self._weights = [weakref.ref(weight) for weight in weights]
        self._given: dict[int, Given] = {}

    def begin(self, activity: bytes) -> None:
        """The first step was made: from here on one weight that it changed tells of the others."""
        self.activity, self.at = activity, clocks()
        learning = [ref for ref in self._weights if _has_gradient(ref())]
        self._weights = (learning or self._weights)[:1]
        self.version = self._version_now()

    def has_changed(self) -> bool:
        """Whether there were steps since the last look."""
        version = self._version_now()
        if version is None or version == self.version:
            return False
        self.version, self.at = version, clocks()
        self.steps = _steps(self.optimizer()) or self.steps
        return True

    def trains_on(self, loader: Loader) -> None:
        """The loader's data are what the steps learn from."""
        self._take(loader, TRAIN)

    def is_evaluated_on(self, loader: Loader) -> None:
        """The loader's data were gone through and nothing was learned."""
        given = self._given.get(id(loader))
        if given is None:
            self._take(loader, TEST)
        elif given.role == TEST and given.at != self.version:
            given.role = VALIDATION

    def data(self) -> dict[str, Given]:
        """What the training was given, by the names that its arguments have in the record.

        Data that are evaluated before a later step are for validation, those that are only after
        all steps for a test.
        """
        counts: dict[str, int] = {}
        found: dict[str, Given] = {}
        for role in (TRAIN, VALIDATION, TEST):
            for given in self._given.values():
                if self._role(given) == role:
                    count = counts[role] = counts.get(role, 0) + 1
                    found[f"{role}_data" if count == 1 else f"{role}_data_{count}"] = given
        return found

    def anchors(self) -> dict[str, Any]:
        """The attributes by which the data are found in the code (`whence.service.flow.giving`).

        Without a loader to learn from, the data are what ``backward`` was called on.
        """
        data = self.data()
        roles = {name: self._role(given) for name, given in data.items()}
        places: dict[str, Any] = {name: given.loader.given for name, given in data.items()}
        if TRAIN not in roles.values():
            roles, places = {"loss": TRAIN, **roles}, {"loss": "backward", **places}
        return {"data": dict.fromkeys(roles, 0), "given_at": places, "roles": roles}

    def _role(self, given: Given) -> str:
        is_over = given.role != TEST or given.at == self.version
        return given.role if is_over else VALIDATION

    def _take(self, loader: Loader, role: str) -> None:
        known = self._given.get(id(loader))
        if known is not None:
            known.role = role
        elif len(self._given) < _MOST_LOADERS:
            self._given[id(loader)] = Given(loader, role, self.version)

    def _version_now(self) -> int | None:
        return version_of([weight for ref in self._weights if (weight := ref()) is not None])


def _has_gradient(weight: Any) -> bool:
    return asked(lambda: weight.grad is not None, False)


def _steps(optimizer: Any) -> int | None:
    """The number of steps as the optimizer itself counts them; many kinds do not."""
    if optimizer is None:
        return None
    return asked(lambda: _counted(next(iter(optimizer.state.values()))["step"]), None)


def _counted(step: Any) -> int | None:
    if getattr(step, "is_cuda", False):
        return None  # Asking would have the program wait for the device.
    return int(step)
