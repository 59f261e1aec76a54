"""The published shapes accept an export that is whole, and each rejects what breaks it."""

import pytest
from pyshacl import validate
from rdflib import RDF, SH, Graph

from docs.ontology import graph
from whence.model import gap, status
from whence.standards.vocabulary import terms

PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in terms.PREFIXES.items())
PREFIXES += "@prefix : <http://example.org/> .\n@prefix shape: <https://w3id.org/whence/shape#> .\n"

DIGEST = f'"sha256:{"0a" * 32}"'
GOOD = f"""{PREFIXES}
:run a prov:Activity, provml:LearningProcessExecution, mls:Run ;
    rdfs:label "train.py" ; whence:status "finished" ;
    prov:startedAtTime "2026-01-01T10:00:00Z"^^xsd:dateTime ;
    prov:endedAtTime "2026-01-01T10:05:00.000000001Z"^^xsd:dateTime ;
    prov:used :table, :lr ;
    prov:wasAssociatedWith :ada ;
    prov:qualifiedUsage [ a prov:Usage ; prov:entity :table ; whence:known whence:inferred ] ;
    prov:qualifiedAssociation [ a prov:Association ; prov:agent :ada ; prov:hadPlan :plan ],
        [ a prov:Association ; prov:hadPlan :script ] .
:epoch a prov:Activity, provml:LearningStageSectionExecution ;
    whence:partOf :run ; whence:status "running" ; prov:wasInformedBy :run .
:survey a prov:Activity, whence:Activity ; whence:kind "survey" .
:ada a prov:Agent, provml:Persona .
:plan a prov:Entity, whence:Plan .
:script a prov:Entity, prov:Plan, whence:Code .
:table a prov:Entity, whence:File ; prov:specializationOf :bytes ; prov:hadMember :age ;
    whence:digest {DIGEST} ; whence:size 120 ; whence:path "/data/table.csv" .
:bytes a prov:Entity, whence:Content ; whence:digest {DIGEST} ; whence:size 120 .
:age a prov:Entity, whence:Column ; rdfs:label "age" .
:model a prov:Entity, provml:Model, mls:Model ; rdfs:label "m.joblib" ;
    prov:wasGeneratedBy :run ; prov:wasDerivedFrom :table ; prov:hadMember :depth .
:lr a prov:Entity, provml:LearningHyperparameterValue ; rdfs:label "lr" ; prov:value 0.1e0 .
:depth a prov:Entity, whence:Parameter ; rdfs:label "depth" ; prov:value "null"^^rdf:JSON .
:loss a prov:Entity, provml:ModelEvaluation ; rdfs:label "loss" ; prov:value "NaN"^^xsd:double ;
    whence:count 3 ; prov:wasGeneratedBy :epoch ;
    prov:qualifiedGeneration [ a prov:Generation ; prov:activity :epoch ] .
:note a prov:Entity, whence:Relation ; whence:source :model ; whence:known whence:declared ;
    whence:property prov:alternateOf ; whence:target :table .
:gap a prov:Entity, whence:Gap ; whence:gapCode "file-unexplained" ; whence:count 2 ;
    whence:gapActivity :run .
"""

BROKEN = {
    "Type": ":x a provml:Model, provml:TrainingExecution ; rdfs:label 'x' .",
    "OwnKind": ":x a prov:Entity, whence:Entity .",
    "Activity": ":run whence:status 'failed' .",
    "Containment": ":model whence:partOf :run .",
    "Usage": ":run prov:used :epoch .",
    "Generation": ":table prov:wasGeneratedBy :ada .",
    "Derivation": ":model prov:wasDerivedFrom :run .",
    "Communication": ":run prov:wasInformedBy :table .",
    "Association": ":run prov:qualifiedAssociation [ a prov:Association ] .",
    "Plan": ":run prov:qualifiedAssociation [ a prov:Association ; prov:hadPlan :table ] .",
    "Known": ":run prov:qualifiedUsage [ a prov:Usage ; whence:known 'inferred' ] .",
    "Relation": ":note whence:target :run .",
    "Digest": ":model whence:digest 'md5:00' .",
    "Content": ":bytes prov:wasDerivedFrom :table .",
    "Model": ":model prov:wasGeneratedBy :epoch .",
    "Parameter": ":x a prov:Entity, provml:LearningHyperparameterValue ; prov:value 1 .",
    "Metric": ":x a prov:Entity, whence:Metric ; rdfs:label 'x' ; prov:value 1 .",
    "Column": ":x a prov:Entity, whence:Column ; rdfs:label 'x' .",
    "Gap": ":gap whence:count 0 .",
}
"""For each shape what breaks it, and no other, when it is added to the good example."""

ALSO_BROKEN = [
    ("Activity", ":x a prov:Activity ; prov:startedAtTime '2026-01-01'^^xsd:date ."),
    ("Activity", ":x a prov:Activity ; whence:status 'done' ."),
    (
        "Activity",
        ":x a prov:Activity ; prov:startedAtTime '2026-01-02T00:00:00Z'^^xsd:dateTime ;"
        " prov:endedAtTime '2026-01-01T00:00:00Z'^^xsd:dateTime .",
    ),
    ("Content", ":x a whence:Content ; whence:size 1 ."),
    ("Content", ":bytes rdfs:label 'a name' ."),
    ("Derivation", ":run prov:wasDerivedFrom :plan ."),
    ("Digest", f":x a whence:File ; whence:digest {DIGEST.upper().replace('SHA', 'sha')} ."),
    ("Metric", ":loss prov:wasGeneratedBy :run ."),
    ("Metric", ":x a whence:Metric ; rdfs:label 'x' ; prov:value 'high' . :run whence:metric :x ."),
    ("Model", ":x a provml:Model ."),
    ("Parameter", ":lr prov:value 0.2e0 ."),
    ("Column", ":x a whence:Column ; whence:columnOf :run ; rdfs:label 'x' ."),
    ("Gap", ":x a whence:Gap ; whence:gapCode 'Not a code' ; whence:count 1 ."),
    ("Known", ":note whence:known whence:inferred ."),
]


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return graph(terms.SHAPES)


@pytest.fixture(scope="module")
def ontologies() -> Graph:
    return graph()


def broken_by(turtle: str, shapes: Graph, ontologies: Graph) -> set[tuple[str, str]]:
    """The shapes that the data break, each with its message."""
    data = Graph().parse(data=turtle, format="turtle")
    _, report, _ = validate(data, shacl_graph=shapes, ont_graph=ontologies)
    found = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        source = report.value(result, SH.sourceShape)
        shape = shapes.value(None, SH.property, source) or source
        message = report.value(result, SH.resultMessage)
        assert message in set(shapes.objects(source, SH.message)), f"{shape} has no message"
        found.add((str(shape).partition("#")[2], str(message)))
    return found


def test_the_shapes_are_shapes(shapes):
    conforms, _, text = validate(Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


def test_a_whole_export_conforms(shapes, ontologies):
    assert broken_by(GOOD, shapes, ontologies) == set()


def test_there_is_a_broken_example_for_every_shape(shapes):
    names = {str(s).partition("#")[2] for s in shapes.subjects(RDF.type, SH.NodeShape)}
    assert names == set(BROKEN)


def test_each_shape_rejects_what_breaks_it_and_no_other_does(shapes, ontologies):
    wrong = {}
    for shape, addition in [*BROKEN.items(), *ALSO_BROKEN]:
        found = {name for name, _ in broken_by(f"{GOOD}\n{addition}", shapes, ontologies)}
        if found != {shape}:
            wrong[f"{shape}: {addition}"] = found
    assert wrong == {}


def test_the_shapes_know_every_state_and_every_gap(shapes, ontologies):
    words = (status.RUNNING, status.FINISHED, status.FAILED, status.INTERRUPTED)
    parts = [f":a{n} a prov:Activity ; whence:status '{w}' ." for n, w in enumerate(words)]
    parts += [
        f":g{n} a prov:Entity, whence:Gap ; whence:gapCode '{code}' ; whence:count 1 ."
        for n, code in enumerate(gap.CODES)
    ]
    assert broken_by(PREFIXES + "\n".join(parts), shapes, ontologies) == set()
