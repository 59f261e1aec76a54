"""Watches scikit-learn: what is fitted and scored, on what, with which hyperparameters."""

from whence.observers.sklearn.observer import SklearnObserver

__all__ = ["SklearnObserver"]
