"""The kinds of nodes, and what each is called in PROV-ML and ML-Schema.

A kind is text, so a user may add one; the kinds here are those that Whence itself gives and maps.
The PROV-ML names are those of Souza et al., "Workflow Provenance in the Lifecycle of Scientific
Machine Learning" (CCPE 34(14), 2021); the ML-Schema names those of the W3C group's note.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class NodeType(IntEnum):
    """The three PROV-DM types, by the number under which they are stored."""

    ENTITY = 1
    ACTIVITY = 2
    AGENT = 3

    @property
    def term(self) -> str:
        return self.name.lower()


class Terms(NamedTuple):
    """What a kind is called elsewhere; empty where the vocabulary has no word."""

    prov_ml: str = ""
    ml_schema: str = ""


STUDY, EXPERIMENT, RUN, STAGE, SECTION = "project", "experiment", "run", "stage", "section"
PROCESS, COMMAND, CALL, CELL, STEP = "process", "command", "call", "cell", "step"
FIT, SCORE, READ, WRITE = "fit", "score", "read", "write"

FILE, DIRECTORY, DATASET, MODEL, FRAME, ARRAY, COLUMN = (
    "file", "directory", "dataset", "model", "frame", "array", "column",
)  # fmt: skip
DATABASE, TABLE, URL = "database", "table", "url"
CONTENT, CODE, ENVIRONMENT, COMMIT, DIFF, STREAM, FIGURE, PLAN = (
    "content", "code", "environment", "commit", "diff", "stream", "figure", "plan",
)  # fmt: skip
NOTEBOOK, OUTPUT = "notebook", "output"
PERSON, SOFTWARE = "person", "software"

GROUPS = frozenset({STUDY, EXPERIMENT})
"""Activities whose parts are runs of their own and do not share memory."""

LIVE = frozenset({FRAME, ARRAY, COLUMN, MODEL})
"""Kinds of things that, without a place and a digest, live in a program's memory only."""

SURROUNDINGS = frozenset({CODE, COMMIT, DIFF, ENVIRONMENT, NOTEBOOK})
"""Kinds of things that a run uses and that are no data."""

STAGES = (
    "curation", "preparation", "training", "validation", "evaluation", "deployment", "inference",
)  # fmt: skip
"""The names a stage may have."""

ACTIVITY_TERMS: dict[str, Terms] = {
    STUDY: Terms("Study", "Study"),
    EXPERIMENT: Terms("LearningExperiment", "Experiment"),
    RUN: Terms("LearningProcessExecution", "Run"),
    STAGE: Terms("LearningStageExecution"),
    SECTION: Terms("LearningStageSectionExecution"),
    PROCESS: Terms("DataTransformationExecution"),
    COMMAND: Terms("DataTransformationExecution"),
    CALL: Terms("DataTransformationExecution"),
    CELL: Terms("DataTransformationExecution"),
    STEP: Terms("DataTransformationExecution"),
    FIT: Terms("TrainingExecution"),
    SCORE: Terms("EvaluationExecution"),
    READ: Terms("DataTransformationExecution"),
    WRITE: Terms("DataTransformationExecution"),
}

ENTITY_TERMS: dict[str, Terms] = {
    FILE: Terms("DataReference"),
    DIRECTORY: Terms("DataReference"),
    DATASET: Terms("LearningDataset", "Dataset"),
    MODEL: Terms("Model", "Model"),
    FRAME: Terms("LearningDataset", "Dataset"),
    ARRAY: Terms("FeatureSetData"),
    COLUMN: Terms("FeatureSetData", "Feature"),
    DATABASE: Terms("DataReference"),
    TABLE: Terms("DataReference"),
    URL: Terms("DataReference"),
    CONTENT: Terms(),
    CODE: Terms("Program", "Implementation"),
    NOTEBOOK: Terms("Program", "Implementation"),
    ENVIRONMENT: Terms("ImplementationCharacteristicValue", "ImplementationCharacteristic"),
    COMMIT: Terms("ImplementationCharacteristicValue", "ImplementationCharacteristic"),
    DIFF: Terms("ImplementationCharacteristicValue", "ImplementationCharacteristic"),
    STREAM: Terms("DataReference"),
    FIGURE: Terms(),
    OUTPUT: Terms(),
    PLAN: Terms(),
}

AGENT_TERMS: dict[str, Terms] = {
    PERSON: Terms("Persona"),
    SOFTWARE: Terms("Software", "Software"),
}


def is_live(kind: str, has_place: bool, has_digest: bool) -> bool:
    """Whether an entity is an object in a program's memory, which ends with the program."""
    return kind in LIVE and not has_place and not has_digest
