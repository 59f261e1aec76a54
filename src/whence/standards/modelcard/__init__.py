"""Model cards in Markdown, with the front matter that the Hugging Face Hub reads."""

from __future__ import annotations

from typing import BinaryIO, ClassVar

from whence._base.errors import DocumentError
from whence.standards.modelcard.card import card_of, title_of
from whence.standards.prov.limit import Limits
from whence.standards.record.account import Account
from whence.standards.record.evaluation import models_of
from whence.standards.record.excerpt import Excerpt
from whence.standards.record.makers import with_makers

__all__ = ["ModelCard"]

LIMITS: Limits = (
    ("metric series", "a card shows the last value of each metric, and how many there are"),
    ("columns", "the columns of data are counted, their types left out"),
    ("known-ness", "a card does not tell what was declared from what was observed"),
    ("times", "to the second"),
    ("containment", "the parts of a run are left out, but for the fits"),
    ("tags", "those of the model's run are listed; others are left out"),
    ("relations", "only what led to the model is told, in words"),
    ("agents", "by name alone"),
)


class ModelCard:
    """A model card: what, data, training, evaluation, provenance, and what is not known."""

    name: ClassVar[str] = "model-card"
    title: ClassVar[str] = "Model card (Markdown, Hugging Face front matter)"
    media_type: ClassVar[str] = "text/markdown"
    suffixes: ClassVar[tuple[str, ...]] = (".md",)
    limits: ClassVar[Limits] = LIMITS

    def export(self, excerpt: Excerpt, out: BinaryIO) -> None:
        """Write the card; raises DocumentError where there is no model, or several."""
        account = Account(with_makers(excerpt))
        models = models_of(account)
        if not models:
            raise DocumentError(
                "A model card needs a model, and there is none among what was asked for. Name a "
                "model file, or the run that made it"
            )
        if len(models) > 1:
            names = ", ".join(title_of(model) for model in models[:10])
            raise DocumentError(
                f"A model card is of one model, and here are {len(models)}; name one: {names}"
            )
        out.write(card_of(account, models[0]).encode("utf-8", "replace"))
