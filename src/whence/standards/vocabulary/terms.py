"""The names that exports use: namespaces, one class for each kind, and attributes.

Each kind of `whence.model.kind` has one class of its own, so that a reader gets the kind back from
the class. That is the PROV-ML class where it is the kind's alone, and a subclass of it in
Whence's namespace where several kinds share one. A kind of the user's own has the class
whence:Entity, whence:Activity or whence:Agent, and its name in whence:kind.

A project and an experiment are activities here, while PROV-ML's Study and LearningExperiment are
plans, and no thing is both: so they are whence:StudyExecution and whence:ExperimentExecution. What
each name means is said in ``prov-ml.ttl`` and ``whence.ttl`` beside this file.
"""

from __future__ import annotations

from importlib.resources import files

from whence.model import kind as kinds
from whence.model.kind import ACTIVITY_TERMS, AGENT_TERMS, ENTITY_TERMS, NodeType
from whence.model.relation import Known
from whence.standards.prov.statement import PROV, RDF, RDFS, XSD

PROVML = "https://w3id.org/prov-ml#"
WHENCE = "https://w3id.org/whence#"
MLS = "http://www.w3.org/ns/mls#"

PREFIXES: dict[str, str] = {
    "prov": PROV,
    "provml": PROVML,
    "whence": WHENCE,
    "mls": MLS,
    "xsd": XSD,
    "rdf": RDF,
    "rdfs": RDFS,
}
"""The prefixes that our documents declare."""

ONTOLOGIES = ("prov-ml.ttl", "whence.ttl")
SHAPES = "shapes.ttl"
CONTEXT = "context.jsonld"

LABEL = RDFS + "label"
"""The name of a node, and the key of a parameter or metric."""
VALUE = PROV + "value"
"""The value of a parameter, and the last value of a metric."""

KIND = WHENCE + "kind"
DIGEST = WHENCE + "digest"
SIZE = WHENCE + "size"
PATH = WHENCE + "path"
FILESYSTEM = WHENCE + "filesystem"
STAMP = WHENCE + "stamp"
STATUS = WHENCE + "status"
OWNER = WHENCE + "owner"
AT = WHENCE + "at"
PACKED = WHENCE + "packed"
"""The datatype of values for which neither XSD nor JSON has a form."""

KNOWN = WHENCE + "known"
PART_OF = WHENCE + "partOf"
IN_GROUP = WHENCE + "inGroup"
HAS_PART = WHENCE + "hasPart"

RELATION = WHENCE + "Relation"
"""The class of an entity that says how a relation is known to which PROV gives no attributes."""
SOURCE = WHENCE + "source"
PROPERTY = WHENCE + "property"
TARGET = WHENCE + "target"

PARAMETER = WHENCE + "Parameter"
PARAM = WHENCE + "param"
METRIC = WHENCE + "metric"
POINTS = WHENCE + "points"
STEP = WHENCE + "step"
COUNT = WHENCE + "count"
FIRST = WHENCE + "first"
MINIMUM = WHENCE + "minimum"
MAXIMUM = WHENCE + "maximum"
HYPERPARAMETER_VALUE = PROVML + "LearningHyperparameterValue"
MODEL_EVALUATION = PROVML + "ModelEvaluation"

GAP = WHENCE + "Gap"
GAP_CODE = WHENCE + "gapCode"
GAP_ACTIVITY = WHENCE + "gapActivity"
GAP_SUBJECT = WHENCE + "gapSubject"
DETAIL = WHENCE + "detail"
COMPLETE = WHENCE + "complete"

KNOWN_VALUES: dict[Known, str] = {known: WHENCE + known.term for known in Known}
"""How an edge is known -> the individual that says so."""

OTHER_CLASSES: dict[NodeType, str] = {
    NodeType.ENTITY: WHENCE + "Entity",
    NodeType.ACTIVITY: WHENCE + "Activity",
    NodeType.AGENT: WHENCE + "Agent",
}
"""The classes of nodes whose kind is the user's own."""

CLASSES: dict[str, str] = {
    kinds.STUDY: WHENCE + "StudyExecution",
    kinds.EXPERIMENT: WHENCE + "ExperimentExecution",
    kinds.RUN: PROVML + "LearningProcessExecution",
    kinds.STAGE: PROVML + "LearningStageExecution",
    kinds.SECTION: PROVML + "LearningStageSectionExecution",
    kinds.MODEL: PROVML + "Model",
    kinds.PERSON: PROVML + "Persona",
    kinds.SOFTWARE: PROVML + "Software",
} | {
    name: WHENCE + name.capitalize()
    for name in (
        kinds.PROCESS, kinds.COMMAND, kinds.CALL, kinds.CELL, kinds.STEP,
        kinds.FIT, kinds.SCORE, kinds.READ, kinds.WRITE,
        kinds.FILE, kinds.DIRECTORY, kinds.DATABASE, kinds.TABLE, kinds.URL, kinds.STREAM,
        kinds.DATASET, kinds.FRAME, kinds.ARRAY, kinds.COLUMN,
        kinds.CODE, kinds.ENVIRONMENT, kinds.COMMIT, kinds.DIFF,
        kinds.CONTENT, kinds.FIGURE, kinds.PLAN, kinds.NOTEBOOK, kinds.OUTPUT,
    )
}  # fmt: skip
"""Kind -> its class."""

STAGE_CLASSES: dict[str, str] = {
    "training": PROVML + "TrainingExecution",
    "validation": PROVML + "ValidationExecution",
    "evaluation": PROVML + "EvaluationExecution",
}
"""The name of a stage -> its class, where PROV-ML has one."""

_TYPES: dict[str, NodeType] = {
    **dict.fromkeys(ENTITY_TERMS, NodeType.ENTITY),
    **dict.fromkeys(ACTIVITY_TERMS, NodeType.ACTIVITY),
    **dict.fromkeys(AGENT_TERMS, NodeType.AGENT),
}

_KINDS: dict[str, str] = {
    PROVML + "WorkflowExecution": kinds.RUN,
    PROVML + "BaseLearningStageExecution": kinds.STAGE,
    PROVML + "LearningDataset": kinds.DATASET,
    PROVML + "Program": kinds.CODE,
    PROVML + "Implementation": kinds.CODE,
    **dict.fromkeys(STAGE_CLASSES.values(), kinds.STAGE),
    **{iri: name for name, iri in CLASSES.items()},
}


def class_of(kind: str, node_type: NodeType | None = None) -> str:
    """The IRI of the class of a kind.

    A kind of the user's own, and one of ours on a node of another ``node_type`` than it is meant
    for, has the class whence:Entity, whence:Activity or whence:Agent; the node then needs the
    kind's name in whence:kind. Without a ``node_type``, a kind of the user's own is an entity's.

    >>> class_of("model")
    'https://w3id.org/prov-ml#Model'
    """
    meant = _TYPES.get(kind)
    if meant is not None and node_type in (None, meant):
        return CLASSES[kind]
    return OTHER_CLASSES[NodeType.ENTITY if node_type is None else node_type]


def kind_of(class_iri: str) -> str | None:
    """The kind that a class stands for: what `class_of` was given.

    The class of a named stage gives the kind of stages, and some general classes of PROV-ML the
    kind that fits best. None for any other.
    """
    return _KINDS.get(class_iri)


def mls_of(kind: str) -> str | None:
    """The ML-Schema class that a node of this kind may have as one more type; None without one."""
    terms = ACTIVITY_TERMS.get(kind) or ENTITY_TERMS.get(kind) or AGENT_TERMS.get(kind)
    return MLS + terms.ml_schema if terms and terms.ml_schema else None


def stage_class(name: str) -> str:
    """The class of a stage of this name: its own in PROV-ML, else that of all stages."""
    return STAGE_CLASSES.get(name, CLASSES[kinds.STAGE])


def text_of(file: str) -> str:
    """The text of one of the files that this package publishes: an ontology, shapes, context."""
    return files("whence.standards.vocabulary").joinpath(file).read_text("utf-8")
