"""How complete an answer is: what was not recorded of its nodes, and what a limit cut off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from whence._base.ids import format_id
from whence.query.answer import Completeness, GapNote, Truncation
from whence.store.protocol import Edge, Gap, Store

NOTHING_MISSING = Completeness(True, [], [])

BY_CONTENT = "inferred-by-content"


def completeness(
    store: Store,
    numbers: Sequence[int],
    truncated: Sequence[Truncation] = (),
    inferred: Iterable[Edge] = (),
) -> Completeness:
    """The completeness of an answer made of ``numbers``: no gap of theirs, and nothing cut.

    ``inferred`` are its edges to origins that were found by equal bytes only: each found file is a
    gap.
    """
    gaps = [*store.gaps(numbers), *_inferred(inferred)]
    subjects = {_subject(gap) for gap in gaps} - {None}
    ids = {n.number: format_id(n.uid) for n in store.nodes([s for s in subjects if s is not None])}
    notes = gap_notes(gaps, ids)
    return Completeness(not notes and not truncated, list(truncated), notes)


def gap_notes(gaps: Iterable[Gap], ids: Mapping[int, str]) -> list[GapNote]:
    """The gaps as answers show them, by code and subject; equal ones are summed."""
    counts: Counter[tuple[str, str | None, str]] = Counter()
    for gap in gaps:
        subject = _subject(gap)
        counts[gap.code, None if subject is None else ids.get(subject), gap.detail] += gap.count
    ordered = sorted(counts.items(), key=lambda item: (item[0][0], item[0][1] or "", item[0][2]))
    return [GapNote(code, subject, count, detail) for (code, subject, detail), count in ordered]


def _subject(gap: Gap) -> int | None:
    return gap.activity if gap.subject is None else gap.subject


def _inferred(edges: Iterable[Edge]) -> list[Gap]:
    counts = Counter(edge.source for edge in edges)
    return [Gap(BY_CONTENT, source, None, count) for source, count in counts.items()]
