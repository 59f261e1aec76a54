"""Four workflows of one study, told with the Python API: from a survey to a validated model.

    python program.py                  # in a new folder: plays everything, then ask
    whence ask q3 --dataset learning/slices-0.npz

Curation cleans a seismic survey, preparation cuts tiles out of a range of its slices, training fits
a model in several processes, validation scores it. Each is a program of its own, as on a cluster;
only files go from one to the next. Files are small stand-ins, numbers are those of an experiment
that was published (Souza et al., WORKS 2019, figure 7). Nothing of this is known to Whence.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import whence

SURVEY = Path("raw/netherlands.sgy")
CURATED = Path("curated/netherlands.h5")
HEADER = {
    "inline": [100, 750],
    "crossline": [300, 1250],
    "geox1": 6054167,
    "geoy1": 60735564,
    "basin": "Southern North Sea",
    "field": "F3",
    "slices": 1602,
}
INLINES = [[100, 425], [426, 750]]
CROSSLINES = [[300, 775], [776, 1250]]
LOSS, MIOU, BEST_EPOCH = 2.2e-3, 0.722, 188


def curate() -> None:
    """Clean the survey."""
    write(SURVEY)
    with whence.run("curation", params={"clip": 0.995}) as run, run.stage("curation"):
        run.use(SURVEY, role="survey", attributes=HEADER)
        write(CURATED)
        run.produce(CURATED, attributes={"traces": 619_101})


def prepare(number: int) -> None:
    """Cut tiles out of a range of slices."""
    ranges = {"inline_slices": INLINES[number % 2], "crossline_slices": CROSSLINES[number % 2]}
    params = {"tile_size": 40, "noise_threshold": 0.30, **ranges}
    with whence.run(f"preparation {number}", params=params) as run, run.stage("preparation"):
        run.use(CURATED, role="survey")
        for name, tiles in (("slices", 8), ("held-out", 2)):
            path = Path(f"learning/{name}-{number}.npz")
            write(path)
            run.produce(path, kind="dataset", attributes={"tiles": tiles * 1000})


def train(number: int, epochs: int, batches: int, workers: int) -> None:
    """Fit a model, each worker on its share of the batches; the best epoch is kept."""
    params = {"batch_size": 60, "max_epochs": 300, "learning_rates": [0.01, 0.001]}
    model = Path(f"models/model-{number}.pt")
    with whence.run(f"training {number}", params=params) as run, run.stage("training"):
        run.use(f"learning/slices-{number}.npz", role="training", kind="dataset")
        context = multiprocessing.get_context("fork")
        started = [
            context.Process(target=work, args=(run, number, rank, workers, epochs, batches))
            for rank in range(workers)
        ]
        for process in started:
            process.start()
        for process in started:
            process.join()
        write(model)
        run.produce(model, kind="model", attributes={"epoch": BEST_EPOCH})


def work(run, number: int, rank: int, workers: int, epochs: int, batches: int) -> None:
    """What one worker does: the last epochs, every so many-th batch; the first one keeps score."""
    for epoch in range(BEST_EPOCH + 2 - epochs, BEST_EPOCH + 2):
        with run.section("epoch", epoch):
            for batch in range(rank, batches, workers):
                with run.section("batch", batch):
                    step = epoch * batches + batch
                    run.log_metric("batch_loss", loss(number, epoch) * (1 + batch % 5 / 20), step)
            if rank == 0:
                run.log_metrics(
                    {"loss": loss(number, epoch), "miou": miou(number, epoch)}, step=epoch
                )


def validate(number: int) -> None:
    """Score the model on data that it has not seen."""
    name, params = f"validation {number}", {"overlap": 0.5}
    with whence.run(name, params=params) as run, run.stage("validation"):
        run.use(f"models/model-{number}.pt", role="model", kind="model")
        run.use(f"learning/held-out-{number}.npz", role="validation", kind="dataset")
        scores = {"loss": loss(number, BEST_EPOCH) * 1.5, "miou": MIOU - 0.02 - number / 100}
        run.log_metrics(scores, step=0)


def loss(number: int, epoch: int) -> float:
    """The loss of an epoch: least in the best one, and in the first model."""
    return LOSS * (1 + number / 10 + abs(epoch - BEST_EPOCH) / 100)


def miou(number: int, epoch: int) -> float:
    """The mean intersection over union of an epoch."""
    return MIOU - number / 100 - abs(epoch - BEST_EPOCH) / 1000


def write(path: Path) -> None:
    """A stand-in for a large file, unlike any other."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{path.name}\n" * 20)


def play(models: int, epochs: int, batches: int, workers: int) -> None:
    """All workflows, one after the other, each in a process of its own."""
    Path(".whence").mkdir(exist_ok=True)
    steps = [["curate"]]
    for number in map(str, range(models)):
        sizes = ["--epochs", str(epochs), "--batches", str(batches), "--workers", str(workers)]
        steps += [["prepare", number], ["train", number, *sizes], ["validate", number]]
    for step in steps:
        environment = os.environ | {"WHENCE_HOME": os.fspath(Path(".whence").absolute())}
        subprocess.run([sys.executable, __file__, *step], check=True, env=environment)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    steps = {"curate": curate, "prepare": prepare, "train": train, "validate": validate}
    parser.add_argument("step", nargs="?", choices=steps, help="one workflow; all if left out")
    parser.add_argument("number", nargs="?", type=int, default=0, help="which model")
    parser.add_argument("--models", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batches", type=int, default=6)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if options.step is None:
        play(options.models, options.epochs, options.batches, options.workers)
    elif options.step == "curate":
        curate()
    elif options.step == "train":
        train(options.number, options.epochs, options.batches, options.workers)
    else:
        steps[options.step](options.number)


if __name__ == "__main__":
    main()
