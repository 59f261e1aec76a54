"""The reading half of the Python API: each call opens the store, asks, and closes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from whence.service.questions import Thing, open_questions
from whence.service.reply import ColumnUses, Diff, Flow, Lineage, Runs, Sheet, Why

if TYPE_CHECKING:
    from whence.service.asking import Asked


def trace(
    thing: Thing,
    *,
    all_versions: bool = False,
    max_depth: int | None = None,
    max_nodes: int | None = None,
    columns: bool = False,
    store: Thing | None = None,
) -> Lineage:
    """Everything upstream of ``thing``: what made it, from what, and so on.

    Args:
        thing: A path, a digest or a run's id (or the unique start of either), or a name.
        all_versions: Also of the other versions recorded at the path.
        max_depth: At most that many steps away; what is cut is said in ``completeness``.
        max_nodes: At most that many nodes; what is cut is said in ``completeness``.
        columns: Also each feature and label of the models, back to the columns of the files they
            came from; the answer is then a `ColumnTrace`.
        store: The store to ask; the one of the working folder if None.

    Raises:
        NotKnownError: Nothing is recorded of ``thing``.
        AmbiguousError: ``thing`` fits several things.
        StoreNotFoundError: There is no store here.

    Example:
        >>> print(whence.trace("models/model.joblib"))  # doctest: +SKIP
    """
    with open_questions(store) as asked:
        return asked.trace(
            thing,
            all_versions=all_versions,
            max_depth=max_depth,
            max_nodes=max_nodes,
            columns=columns,
        )


def impact(
    thing: Thing,
    *,
    all_versions: bool = False,
    max_depth: int | None = None,
    max_nodes: int | None = None,
    store: Thing | None = None,
) -> Lineage:
    """Everything downstream of ``thing``: who used it, what they made, and so on.

    ``FILE:COLUMN`` is one column of a table: the answer is then a `ColumnImpact`, with the columns,
    models, metrics, predictions and files that it reaches. Arguments and errors are those of
    `trace`.

    Example:
        >>> whence.impact("data/raw.csv").to_pandas()  # doctest: +SKIP
        >>> print(whence.impact("data/raw.csv:income"))  # doctest: +SKIP
    """
    with open_questions(store) as asked:
        return asked.impact(
            thing, all_versions=all_versions, max_depth=max_depth, max_nodes=max_nodes
        )


def why(source: Thing, target: Thing, *, store: Thing | None = None) -> Why:
    """Every path between two things; without nodes when there is none.

    ``grounds`` has for each inferred edge the statements of the code that it rests on.
    The order does not matter: the one that lies upstream is found. Errors are those of `trace`.

    Example:
        >>> print(whence.why("data/raw.csv", "models/model.joblib"))  # doctest: +SKIP
    """
    with open_questions(store) as asked:
        return asked.why(source, target)


def show(thing: Thing, *, store: Thing | None = None) -> Sheet:
    """What, when, why, where, who and how of one run, file or digest. Errors are those of `trace`.

    Example:
        >>> whence.show("train.py").metrics["acc"].last  # doctest: +SKIP
    """
    with open_questions(store) as asked:
        return asked.show(thing)


def diff(left: Thing, right: Thing, *, store: Thing | None = None) -> Diff:
    """What differs between two runs, and what doesn't. A file stands for the run that made it.

    Errors are those of `trace`.

    Example:
        >>> print(whence.diff("baseline", "candidate"))  # doctest: +SKIP
    """
    with open_questions(store) as asked:
        return asked.diff(left, right)


def runs(
    filter: str | None = None,
    *,
    order_by: str | Sequence[str] | None = None,
    limit: int | None = None,
    store: Thing | None = None,
) -> Runs:
    """The runs that fit, newest first unless ordered.

    Args:
        filter: Such as ``params.lr > 0.01 and metrics.acc >= 0.9``; see ``whence log --help``.
        order_by: Such as ``metrics.acc desc``, or several.
        limit: How many at most; all if None.
        store: The store to ask; the one of the working folder if None.

    Raises:
        FilterError: The filter or order does not parse; the message names the column.
        StoreNotFoundError: There is no store here.

    Example:
        >>> whence.runs("metrics.acc > 0.9", order_by="metrics.acc desc")  # doctest: +SKIP
    """
    with open_questions(store) as asked:
        return asked.runs(filter, order_by, limit)


def flow(thing: Thing, *, store: Thing | None = None) -> Flow:
    """Which data fed which model, with the calls at both ends of each edge.

    Args:
        thing: A run by its id, the unique start of it or its name; a file, which stands for the run
            that made it; or a script (``*.py``), which is read without being run.
        store: The store to ask; the one of the working folder if None.

    Raises:
        NotKnownError: Nothing is recorded of ``thing``.
        AmbiguousError: ``thing`` fits several things.
        StoreNotFoundError: There is no store here.
        AnalysisError: The script is no Python that can be read.

    Example:
        >>> whence.flow("models/model.joblib").to_pandas()  # doctest: +SKIP
    """
    with open_questions(store) as asked:
        return asked.flow(thing)


def columns(thing: Thing, *, store: Thing | None = None) -> ColumnUses:
    """What each column that a run read was for: feature, label, or read and not used.

    Arguments and errors are those of `flow`, but for scripts.

    Example:
        >>> print(whence.columns("models/model.joblib"))  # doctest: +SKIP
    """
    with open_questions(store) as asked:
        return asked.columns(thing)


def ask(question: str, *, store: Thing | None = None, **arguments: Any) -> Asked:
    """The answer to one of seven questions about learning, in rows.

    Args:
        question: Its id, ``q1`` to ``q7``; ``whence ask --list`` prints them with their arguments.
        store: The store to ask; the one of the working folder if None.
        arguments: Those of the question: ``model`` and ``dataset`` are things as `trace` takes
            them; ``given`` has parameters or attributes by name, such as ``{"tile_size": 40}``.

    Raises:
        UsageError: There is no such question or argument, or one is missing.
        NotKnownError: Nothing is recorded of a thing.
        AmbiguousError: It fits several things.
        StoreNotFoundError: There is no store here.

    Example:
        >>> print(whence.ask("q3", dataset="data/train.csv", metric="loss"))  # doctest: +SKIP
    """
    with open_questions(store) as asked:
        return asked.ask(question, **arguments)
