"""The six questions and the life of an artifact, as lines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from whence.model.kind import STAGES
from whence.query.fivew import FiveWOneH
from whence.query.lifecycle import Lifecycle, Step
from whence.query.outline.closing import gap_lines
from whence.query.outline.line import Line, Piece
from whence.query.spelling import escaped, short_id, value

_QUESTIONS = ("what", "when", "why", "where", "who", "how")
_UNANSWERED = {"why": 'not recorded; say it with run.set_tag("why", ...)'}
WIDTH = 20


def five_w_lines(sheet: FiveWOneH) -> Iterator[Line]:
    """Each question with its answers below it."""
    outer = sheet.part_of
    for question in _QUESTIONS:
        yield (Piece(question.capitalize(), "strong"),)
        answers: dict[str, Any] = getattr(sheet, question)
        if not answers:
            yield (Piece("  " + _UNANSWERED.get(question, "not recorded"), "dim"),)
        for key, answer in answers.items():
            of = (
                f"  (of {escaped(outer.name)})"
                if outer and f"{question}.{key}" in outer.answers
                else ""
            )
            yield (Piece(f"  {key:<{WIDTH}} ", "dim"), Piece(_spelled(answer)), Piece(of, "dim"))
    yield from gap_lines(sheet.completeness)


def lifecycle_lines(life: Lifecycle) -> Iterator[Line]:
    """The steps by phase, in the order of the phases, each with who and what came of it."""
    order = {phase: number for number, phase in enumerate(STAGES)}
    steps = sorted(life.steps, key=lambda one: order.get(one.phase, len(order)))
    for phase, some in groupby(steps, key=lambda one: one.phase):
        yield (Piece(phase.capitalize() or "Phase not known", "strong"),)
        for step in some:
            yield _step_line(step)
    if not life.steps:
        yield (Piece("No recorded run lies before or after it", "dim"),)
    yield from gap_lines(life.completeness)


def _step_line(step: Step) -> Line:
    people = ", ".join(f"{escaped(name)} ({escaped(role)})" for name, role in step.people.items())
    made = f"  -> {', '.join(escaped(name) for name in step.made[:4])}" if step.made else ""
    more = f" and {len(step.made) - 4} more" if len(step.made) > 4 else ""
    return (
        Piece("  "),
        Piece(escaped(step.name) or "unnamed", "activity"),
        Piece(f" {short_id(step.id)}  {step.status}  {(step.started_at or '')[:19]}", "dim"),
        Piece(f"  {people}" if people else "", "agent"),
        Piece(made + more),
        Piece("  (phase inferred)" if step.known == "inferred" else "", "dim"),
    )


def _spelled(answer: Any) -> str:
    if isinstance(answer, dict):
        return ", ".join(f"{escaped(str(key))} = {_spelled(one)}" for key, one in answer.items())
    if isinstance(answer, list):
        shown = ", ".join(_spelled(one) for one in answer[:12])
        return shown + (f" and {len(answer) - 12} more" if len(answer) > 12 else "")
    return escaped(answer) if isinstance(answer, str) else value(answer)
