"""Answers as Python gives them: typed values that print as the command line does.

Each has ``str()``, a plain form in notebooks, and ``to_pandas()`` where pandas is installed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from whence._base.errors import MissingExtraError
from whence.model.kind import COLUMN
from whence.query import columns, diff, flow, sheet
from whence.query.answer import Answer, AnswerNode
from whence.query.columns import ModelColumn, Reached
from whence.query.ground import Ground
from whence.query.outline.line import Line, plain_text

if TYPE_CHECKING:
    import pandas as pd

Direction = Literal["up", "down"]


class Printed:
    """What all replies do with their lines."""

    __slots__ = ()

    def lines(self) -> Iterable[Line]:
        raise NotImplementedError

    def __str__(self) -> str:
        return plain_text(self.lines())

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


class Lineage(Printed, Answer, frozen=True):
    """What lies upstream or downstream of something, or between two things.

    ``nodes`` begin with the subjects; ``edges`` read ``source relation target``; ``completeness``
    says whether anything is missing.
    """

    def lines(self) -> Iterable[Line]:
        yield from self.drawing()
        yield from self.closing()

    def drawing(self, full: bool = False) -> Iterable[Line]:
        """The tree and what stands below it; ``full`` shortens no group."""
        from whence.query.outline.tree import WIDTH, Tree

        direction: Direction = "down" if self.query.get("direction") == "down" else "up"
        tree = Tree(self.drawn(), direction, None if full else WIDTH)
        yield from tree.lines(self.query["subjects"])
        yield ()
        yield from self.more_lines(full)

    def drawn(self) -> Answer:
        """The part of the answer that is drawn as a tree."""
        return self

    def more_lines(self, full: bool = False) -> Iterable[Line]:
        """What stands below the tree."""
        return ()

    def closing(self) -> Iterable[Line]:
        """The last lines: complete, or what is missing."""
        from whence.query.outline.closing import closing_lines

        direction: Direction = "down" if self.query.get("direction") == "down" else "up"
        return closing_lines(self, "upstream" if direction == "up" else "downstream")

    def to_pandas(self) -> pd.DataFrame:
        """The nodes as a table, one row each. Raises MissingExtraError without pandas."""
        return frame([msgspec.structs.asdict(node) for node in self.nodes], _NODE_COLUMNS)

    def edges_to_pandas(self) -> pd.DataFrame:
        """The edges as a table, one row each. Raises MissingExtraError without pandas."""
        return frame([msgspec.structs.asdict(edge) for edge in self.edges], _EDGE_COLUMNS)


class ColumnTrace(Lineage, frozen=True, kw_only=True):
    """A trace with the columns of its models, each back to those of the files it came from.

    ``nodes`` and ``edges`` have the columns too; ``grounds`` are the statements that the edges
    between them rest on.
    """

    columns: list[ModelColumn]
    grounds: list[Ground]

    def drawn(self) -> Answer:
        columns = {one.id for one in self.nodes if one.kind == COLUMN and "of" in one.attributes}
        nodes = [node for node in self.nodes if node.id not in columns]
        edges = [e for e in self.edges if not {e.source, e.target} & columns]
        return Answer(self.query, nodes, edges, self.completeness)

    def more_lines(self, full: bool = False) -> Iterable[Line]:
        from whence.query.outline.trail import model_lines

        return model_lines(self, self.columns, full)

    def columns_to_pandas(self) -> pd.DataFrame:
        """The columns of the models, one row for each column of a file that one comes from.

        Raises MissingExtraError without pandas.
        """
        names = {node.id: node.name for node in self.nodes}
        rows = [
            {"model": names[one.model], "column": one.column, "use": one.use, "of": origin.of,
             "origin": origin.column, "known": origin.known}
            for one in self.columns
            for origin in one.origins
        ]  # fmt: skip
        return frame(rows, ("model", "column", "use", "of", "origin", "known"))


class ColumnImpact(Lineage, frozen=True, kw_only=True):
    """What one column of a file reaches: columns, files, models, metrics and predictions.

    What may be reached, but could not be told for certain, is a gap. ``grounds`` are the
    statements that the edges rest on.
    """

    reached: list[Reached]
    grounds: list[Ground]

    def drawing(self, full: bool = False) -> Iterable[Line]:
        from whence.query.outline.trail import reached_lines

        yield from reached_lines(self, self.reached, full)
        yield ()

    def closing(self) -> Iterable[Line]:
        from whence.query.outline.trail import reached_closing

        return reached_closing(self.reached, self.completeness)

    def reached_to_pandas(self) -> pd.DataFrame:
        """What is reached, one row each. Raises MissingExtraError without pandas."""
        rows = [msgspec.structs.asdict(one) for one in self.reached]
        for row in rows:
            del row["cell"]  # the line tells the cell too
        return frame(rows, ("kind", "name", "of", "known", "file", "line", "value", "id"))


class Why(Lineage, frozen=True, kw_only=True):
    """The paths between two things; ``grounds`` are the statements that inferred edges rest on."""

    grounds: list[Ground]

    def more_lines(self, full: bool = False) -> Iterable[Line]:
        from whence.query.outline.grounds import ground_lines

        return ground_lines(self, self.grounds, full)


class Sheet(Printed, sheet.Sheet, frozen=True, kw_only=True):
    """What is known of one thing; see `whence.show`."""

    def lines(self) -> Iterable[Line]:
        from whence.query.outline.sheet import sheet_lines

        return sheet_lines(self)

    def to_pandas(self) -> pd.DataFrame:
        """The subject and what it is joined to, one row each. Raises MissingExtraError."""
        return frame([msgspec.structs.asdict(node) for node in self.nodes], _NODE_COLUMNS)


class Diff(Printed, diff.Diff, frozen=True, kw_only=True):
    """Two runs compared; see `whence.diff`."""

    def lines(self) -> Iterable[Line]:
        from whence.query.outline.diff import diff_lines

        return diff_lines(self)

    def to_pandas(self) -> pd.DataFrame:
        """One row for each difference. Raises MissingExtraError without pandas."""
        rows = [
            {"section": section.name, "key": one.key, "change": one.change, "left": one.left,
             "right": one.right}
            for section in self.sections
            for one in section.differences
        ]  # fmt: skip
        return frame(rows, ("section", "key", "change", "left", "right"))


class Flow(Printed, flow.Flow, frozen=True):
    """Which data fed which model; see `whence.flow`."""

    def lines(self) -> Iterable[Line]:
        from whence.query.outline.flow import flow_lines

        return flow_lines(self)

    def to_pandas(self) -> pd.DataFrame:
        """One row for each edge. Raises MissingExtraError without pandas."""
        rows = [
            {"source": one.source.origin or one.source.call, "source_file": one.source.file,
             "source_line": one.source.line, "sink": one.sink.class_ or one.sink.call,
             "sink_file": one.sink.file, "sink_line": one.sink.line, "role": one.role,
             "known": one.known, "arguments": one.arguments, "features": one.columns.features,
             "labels": one.columns.labels, "unused": one.columns.unused}
            for one in self.edges
        ]  # fmt: skip
        return frame(rows, ("source", "source_file", "source_line", "sink", "sink_line"))


class ColumnUses(Printed, columns.ColumnUses, frozen=True):
    """What each column was for; see `whence.columns`."""

    def lines(self) -> Iterable[Line]:
        from whence.query.outline.columns import column_lines

        return column_lines(self)

    def to_pandas(self) -> pd.DataFrame:
        """One row for each use of a column. Raises MissingExtraError without pandas."""
        rows = [
            {"column": one.column, "use": one.use, "source": one.source.origin or one.source.call,
             "sinks": [sink.class_ or sink.call for sink in one.sinks]}
            for one in self.columns
        ]  # fmt: skip
        return frame(rows, ("column", "use", "source", "sinks"))


class Runs(Printed, Answer, frozen=True):
    """Runs, newest first unless ordered.

    The attributes of each have, beside its own, ``short_id``, ``commit``, ``inputs``, ``outputs``,
    ``params``, ``metrics`` (the last values) and ``tags``; one that took place in another run, as
    `whence.run` in a launched script, has that run's id and name as ``part_of``, ``part_of_name``.
    """

    def lines(self) -> Iterable[Line]:
        from whence.query.outline.runs import none_line, run_lines

        if not self.nodes:
            return [none_line(self.query.get("filter") is not None)]
        return run_lines(self.nodes, nested=not self.query.get("order_by"))

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[AnswerNode]:
        return iter(self.nodes)

    def to_pandas(self) -> pd.DataFrame:
        """One row a run, with a column for each ``params.…``, ``metrics.…`` and ``tags.…``.

        Raises MissingExtraError without pandas.
        """
        rows = []
        for node in self.nodes:
            row = {"run_id": node.id, "name": node.name}
            for key, value in node.attributes.items():
                if key in ("params", "metrics", "tags"):
                    row |= {f"{key}.{name}": one for name, one in value.items()}
                else:
                    row[key] = value
            rows.append(row)
        return frame(rows, ("run_id", "name", "status", "started_at", "ended_at"))


_NODE_COLUMNS = ("id", "type", "kind", "name", "digest", "places", "attributes")
_EDGE_COLUMNS = ("source", "target", "relation", "role", "known", "at")


def frame(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    """The rows as a frame whose first columns are those, also when there are no rows."""
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtraError(
            "to_pandas() needs pandas. Run: pip install 'whence[pandas]'"
        ) from error
    others = dict.fromkeys(key for row in rows for key in row if key not in columns)
    return pd.DataFrame(rows, columns=[*columns, *others])
