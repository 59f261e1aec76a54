"""Watches torch: trainings, the data they were given, checkpoints and seeds."""

from whence.observers.torch.observer import TorchObserver

__all__ = ["TorchObserver"]
