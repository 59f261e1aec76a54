"""The questions: wording, arguments, the call, and the same question in SPARQL."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any, Literal

import msgspec

from whence.query.ask.answer import Asked
from whence.query.ask.learning import q3, q4, q5, q7
from whence.query.ask.sources import q1, q2, q6

Sort = Literal["thing", "given", "keys", "text"]
"""What an argument is: a thing of the store, values by name, names, or a text."""


class Argument(msgspec.Struct, frozen=True):
    """An argument of a question; one without a default has to be given, but for ``keys``."""

    name: str
    sort: Sort
    meaning: str
    default: str | None = None

    @property
    def is_required(self) -> bool:
        return self.default is None and self.sort != "keys"


class Question(msgspec.Struct, frozen=True):
    """A question that can be asked of any store."""

    id: str
    wording: str
    arguments: tuple[Argument, ...]
    call: Callable[..., Asked[Any]]

    @property
    def sparql(self) -> str:
        """The question over the PROV-O and PROV-ML projection of the store. A comment
        ``# given NAME`` stands where the argument of that name goes; without it, the question is
        asked of all."""
        return text_of(f"{self.id}.rq")


def text_of(file: str) -> str:
    """One of the texts beside this file."""
    return files("whence.query.ask").joinpath(file).read_text("utf-8")


_MODEL = Argument("model", "thing", "the trained model")
_DATASET = Argument("dataset", "thing", "the training set")
_GIVEN = Argument(
    "given",
    "given",
    "what the training set was generated for: parameters or attributes by name"
    " (--attribute, --range)",
)
_ATTRIBUTES = Argument(
    "attributes", "keys", "the attributes that are wanted; all if left out (--show)"
)
_SECTION = Argument("section", "text", "what the outer sections are called", "epoch")
_EACH = Argument("each", "text", "what the iterations in them are called", "batch")

QUESTIONS: dict[str, Question] = {
    one.id: one
    for one in (
        Question(
            "q1",
            "Given a trained model, what is said of the raw data in the past of its training set?",
            (_MODEL, _ATTRIBUTES),
            q1,
        ),
        Question(
            "q2",
            "Given a trained model, with which parameters was its training set prepared?",
            (_MODEL,),
            q2,
        ),
        Question(
            "q3",
            "Given a training set, what are the hyperparameters and the evaluation measures of the"
            " trained model with the least loss?",
            (_DATASET, Argument("metric", "text", "the metric that is least in the best", "loss")),
            q3,
        ),
        Question(
            "q4",
            "Given a training set, how long did each batch take within each epoch of the training:"
            " on average, at least and at most?",
            (_DATASET, _SECTION, _EACH),
            q4,
        ),
        Question(
            "q5",
            "Given what the training set was generated for, how long did a batch take on average,"
            " epoch by epoch, and what are the evaluation metrics of the models trained with it?",
            (_GIVEN, _SECTION, _EACH),
            q5,
        ),
        Question(
            "q6",
            "Given what the training set was generated for, from which raw data does it come, and"
            " what is said of these?",
            (_GIVEN, _ATTRIBUTES),
            q6,
        ),
        Question(
            "q7",
            "Given what the training set was generated for, which models came of it, best first:"
            " with the least batch loss, hyperparameters and measures of learning, beside those of"
            " the model's validation?",
            (_GIVEN, Argument("metric", "text", "the metric to rank by", "batch_loss")),
            q7,
        ),
    )
}
"""The questions by id, in the order of the papers."""
