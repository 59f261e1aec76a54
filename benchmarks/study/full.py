"""The study at the size of the query experiment: 8 workflows x 3 stages x 300 epochs x 200 batches.

That is 1.4 million executions. The journal is written as the declared API would write it, event by
event, only without waiting for the events to happen: a run for each stage, two worker processes in
each run, whose epochs and batches are sections, and a loss for each batch.
"""

from __future__ import annotations

from pathlib import Path

from tests.support.journal import JournalBuilder, ProcessJournal, RunJournal
from whence.model.event import ActivityEnded, ActivityStarted, MetricLogged, MetricsLogged, encoder
from whence.model.kind import DATASET, MODEL, PROCESS, SECTION, STAGE
from whence.model.status import FINISHED

WORKERS = 2
WORKFLOWS = 8
STAGES = ("training", "validation", "evaluation")
HEADER = {"inline": [100, 750], "crossline": [300, 1250], "basin": "Southern North Sea",
          "field": "F3", "slices": 1602}  # fmt: skip
MILLISECOND = 1_000_000


def range_of(number: int) -> list[int]:
    """The range of slices of a workflow: each is that of two of them."""
    return [100 + number // 2 * 100, 199 + number // 2 * 100]


class Study:
    """Writes the journal of a study into a new store below ``folder``."""

    def __init__(self, folder: Path, *, epochs: int = 300, batches: int = 200) -> None:
        self.journal, self.folder = JournalBuilder(folder), folder
        self.epochs, self.batches = epochs, batches

    def write(self) -> int:
        """Write all of it; give the number of executions of batches."""
        self._curation()
        for number in range(WORKFLOWS):
            self._preparation(number)
            for stage in STAGES:
                self._learning(number, stage)
        return WORKFLOWS * len(STAGES) * self.epochs * self.batches

    def _curation(self) -> None:
        survey = self.folder / "raw/survey.sgy"
        survey.parent.mkdir()
        survey.write_text("survey\n" * 40)
        with self.journal.run("curation") as run:
            run.params(clip=0.995)
            run.entity("file", "raw/survey.sgy", id=run.read(survey), **HEADER)
            run.write(self.folder / "curated/survey.h5", b"curated survey\n" * 20)

    def _preparation(self, number: int) -> None:
        with self.journal.run(f"preparation {number}") as run:
            run.params(tile_size=40, noise_threshold=0.30, inline_slices=range_of(number))
            run.read(self.folder / "curated/survey.h5")
            for name in ("slices", "held-out"):
                data = f"{name} {number}\n".encode() * 20
                run.write(self.folder / f"learning/{name}-{number}.npz", data, kind=DATASET)

    def _learning(self, number: int, stage: str) -> None:
        name = "slices" if stage == "training" else "held-out"
        with self.journal.run(f"{stage} {number}") as run:
            run.params(batch_size=60, max_epochs=300, learning_rates=[0.01, 0.001])
            activity = run.started(STAGE, stage, parent=run.id)
            if stage != "training":
                model = run.read(self.folder / f"models/model-{number}.pt", activity=activity)
                run.entity(MODEL, f"models/model-{number}.pt", id=model)
            run.read(self.folder / f"learning/{name}-{number}.npz", activity=activity)
            for rank in range(WORKERS):
                self._worker(run, activity, rank, number)
            if stage == "training":
                data = f"model {number}\n".encode() * 20
                path = self.folder / f"models/model-{number}.pt"
                made = run.write(path, data, kind=MODEL, activity=activity)
                run.entity(MODEL, f"models/model-{number}.pt", id=made, epoch=188)
            run.ended(activity)

    def _worker(self, run: RunJournal, stage: bytes, rank: int, number: int) -> None:
        process = run.ids.new()
        journal = self.journal.process(run.id, process)
        with journal:
            journal.started(PROCESS, "program.py (fork)", parent=stage, id=process, pid=rank)
            for epoch in range(self.epochs):
                self._epoch(journal, run.id, process, rank, epoch, number)

    def _epoch(
        self, journal: ProcessJournal, run: bytes, process: bytes, rank: int, epoch: int,
        number: int,
    ) -> None:  # fmt: skip
        append, encode, clock, new = (
            journal.writer.append, encoder.encode, journal.clock, journal.ids.new,
        )  # fmt: skip
        section, best = new(), 2.2e-3 * (1 + number / 10 + abs(epoch - 188) / 100)
        at, mono = clock.tick()
        details = {"section": "epoch", "number": epoch}
        append(
            encode(ActivityStarted(section, SECTION, f"epoch {epoch}", process, at, mono, details))
        )
        for batch in range(rank, self.batches, WORKERS):
            one, value = new(), best * (1 + batch % 5 / 20)
            details = {"section": "batch", "number": batch}
            append(
                encode(ActivityStarted(one, SECTION, f"batch {batch}", section, at, mono, details))
            )
            at, mono = clock.tick(MILLISECOND + (batch * 7919 + epoch) % 1000)
            append(encode(MetricLogged(run, "batch_loss", value, epoch * self.batches + batch, at)))
            append(encode(ActivityEnded(one, FINISHED, at, mono, {})))
        if rank == 0:
            scores = {"loss": best, "miou": 0.722 - abs(epoch - 188) / 1000}
            append(encode(MetricsLogged(run, scores, epoch, at)))
        append(encode(ActivityEnded(section, FINISHED, at, mono, {})))
