"""What is known of torch in one session, shared with the observers of libraries built on it."""

from __future__ import annotations

import weakref

from whence.capture.session import Session
from whence.observers.notes import Notes
from whence.observers.torch.loading import Loaders
from whence.observers.torch.models import Models
from whence.observers.torch.optimizing import Optimizers


class Torch:
    """The models, optimizers and data loaders of one session."""

    def __init__(self, session: Session) -> None:
        notes = Notes(session)
        self.models = Models(notes)
        self.optimizers = Optimizers(notes, self.models)

    @property
    def loaders(self) -> Loaders:
        return self.optimizers.loaders


_of_session: weakref.WeakKeyDictionary[Session, Torch] = weakref.WeakKeyDictionary()


def torch_of(session: Session) -> Torch:
    """What is known of torch in ``session``."""
    found = _of_session.get(session)
    if found is None:
        found = _of_session[session] = Torch(session)
    return found
