"""What cells showed, in the record: each output by digest, its bytes in the store if they are few.

Secrets are masked in text that is kept. To mask takes time, so of a long text only the digest is.
"""

from __future__ import annotations

from typing import Any

from whence._base.clock import wall_ns
from whence._base.text import plain
from whence.capture.environment.keeping import keep
from whence.capture.masked import masked_text
from whence.capture.session import Session
from whence.jupyter.outputs import TEXT, Output, Outputs
from whence.model import kind as kinds
from whence.model.event import EntityRecorded, RelationRecorded
from whence.model.relation import Known, Relation

MOST_KEPT = 4 << 20
"""Of one execution no more bytes are kept."""

LONGEST_MASKED = 64 << 10


def record_outputs(session: Session, activity: bytes, name: str, outputs: Outputs) -> None:
    """Record what the execution ``activity``, called ``name``, showed."""
    rest = MOST_KEPT
    for number, output in enumerate(outputs.all(), 1):
        is_kept = _is_kept(output, rest)
        if is_kept:
            rest -= output.size
            _keep(session, output)
        entity, now = session.recorder.new_id(), wall_ns()
        attributes: dict[str, Any] = {
            "mime": plain(output.mime), "output": output.sort, "kept": is_kept
        }  # fmt: skip
        if output.stream:
            attributes["stream"] = plain(output.stream)
        session.recorder.record(
            EntityRecorded(
                entity, kinds.OUTPUT, f"{name} {number}", now, attributes,
                output.digest, output.size,
            )
        )  # fmt: skip
        session.recorder.record(
            RelationRecorded(
                entity, Relation.WAS_GENERATED_BY, activity, Known.OBSERVED, now, "output"
            )
        )
    if outputs.left_out:
        detail = f"outputs of a cell: {outputs.left_out} more were shown"
        session.recorder.count_gap("sampled", activity, count=outputs.left_out, detail=detail)


def _is_kept(output: Output, rest: int) -> bool:
    is_long = output.mime == TEXT and output.size > LONGEST_MASKED
    return output.data is not None and output.size <= rest and not is_long


def _keep(session: Session, output: Output) -> None:
    data = output.data or b""
    if output.mime == TEXT:
        data = masked_text(data.decode("utf-8", "replace")).encode("utf-8", "replace")
    keep(session.store, data, output.digest)
