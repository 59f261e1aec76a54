"""The published vocabulary: ontologies, terms, JSON-LD context and the page made from them."""

import json
import re
from importlib.resources import files
from pathlib import Path

import owlrl
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.namespace import DCTERMS

from docs import context, vocabulary
from docs.ontology import declared, graph
from whence.model.kind import ACTIVITY_TERMS, AGENT_TERMS, ENTITY_TERMS, STAGES, NodeType
from whence.model.relation import Known
from whence.standards.vocabulary import terms

KINDS = {**ACTIVITY_TERMS, **ENTITY_TERMS, **AGENT_TERMS}
TYPES = {
    NodeType.ACTIVITY: (ACTIVITY_TERMS, terms.PROV + "Activity"),
    NodeType.ENTITY: (ENTITY_TERMS, terms.PROV + "Entity"),
    NodeType.AGENT: (AGENT_TERMS, terms.PROV + "Agent"),
}
ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")

PROV_AXIOMS = """
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
prov:Activity owl:disjointWith prov:Entity .
prov:Activity owl:disjointWith prov:Location .
prov:Plan rdfs:subClassOf prov:Entity .
prov:Collection rdfs:subClassOf prov:Entity .
prov:SoftwareAgent rdfs:subClassOf prov:Agent .
prov:used rdfs:domain prov:Activity ; rdfs:range prov:Entity .
prov:wasGeneratedBy rdfs:domain prov:Entity ; rdfs:range prov:Activity .
prov:generated owl:inverseOf prov:wasGeneratedBy .
prov:wasInformedBy rdfs:domain prov:Activity ; rdfs:range prov:Activity .
prov:wasDerivedFrom rdfs:domain prov:Entity ; rdfs:range prov:Entity .
prov:hadMember rdfs:domain prov:Collection ; rdfs:range prov:Entity .
prov:hadPlan rdfs:range prov:Plan .
prov:wasAssociatedWith rdfs:domain prov:Activity ; rdfs:range prov:Agent .
"""
"""What PROV-O says that could contradict us, in our own words."""

NOT_BELOW = {
    "project": "provml:Study is a plan, and a project an activity",
    "experiment": "provml:LearningExperiment is a plan, and an experiment an activity",
}
"""Kinds whose class is not below the PROV-ML class that `whence.model.kind` names, and why."""

PAPER = set(
    """
    Study LearningExperiment LearningProcessExecution BaseLearningStage BaseLearningStageExecution
    LearningStage LearningStageExecution Training TrainingExecution Validation ValidationExecution
    Evaluation EvaluationExecution LearningStageSection LearningStageSectionExecution Persona
    LearningTask LearningTaskValue LearningDataSetReference LearningDataset DatasetCharacteristic
    DatasetCharacteristicValue FeatureExtraction FeatureExtractionExecution FeatureSet
    FeatureSetData FeatureSetCharacteristic Algorithm Implementation Software
    ImplementationCharacteristicValue LearningHyperparameter LearningHyperparameterValue
    ModelHyperparameter ModelHyperparameterValue ModelSchema ModelProspection Model
    DataStoreInstance EvaluationMeasure ModelEvaluation EvaluationSpecification EvaluationProcedure
    """.split()  # noqa: SIM905
)
STEREOTYPES = set(
    """
    Project Workflow DataTransformation Attribute DataSchema DatasetSchema DatabaseSchema Database
    DataStore WorkflowExecution DataTransformationExecution AttributeValue DataReference Program
    """.split()  # noqa: SIM905
)


@pytest.fixture(scope="module")
def said() -> Graph:
    return graph()


@pytest.fixture(scope="module")
def closure() -> Graph:
    """All that OWL 2 RL concludes from the ontologies, PROV and one thing of each class."""
    whole = graph().parse(data=PROV_AXIOMS, format="turtle")
    for cls in set(whole.subjects(RDF.type, OWL.Class)):
        whole.add((URIRef(f"urn:one:{cls}"), RDF.type, cls))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(whole)
    return whole


def ours(said: Graph) -> list[URIRef]:
    return [iri for name in terms.ONTOLOGIES for iri in declared(name)]


def classes(said: Graph) -> list[URIRef]:
    return [iri for iri in ours(said) if (iri, RDF.type, OWL.Class) in said]


def below(said: Graph, lower: str, upper: str) -> bool:
    return URIRef(upper) in said.transitive_objects(URIRef(lower), RDFS.subClassOf)


def test_prov_ml_has_every_class_of_the_papers_table_and_no_other(said):
    found = {str(c).removeprefix(terms.PROVML) for c in classes(said) if terms.PROVML in str(c)}
    assert found == PAPER | STEREOTYPES


def test_the_ontologies_say_who_made_them_and_under_which_licence(said):
    for name in ("prov-ml", "whence"):
        ontology = URIRef(f"https://w3id.org/{name}")
        assert (ontology, RDF.type, OWL.Ontology) in said
        assert str(said.value(ontology, OWL.versionIRI)).startswith(f"{ontology}/")
        assert str(said.value(ontology, DCTERMS.creator)) == "The Whence founders"
        assert "LICENSE-2.0" in str(said.value(ontology, DCTERMS.license))
        assert said.value(ontology, DCTERMS.title)


def test_every_class_and_property_has_one_label_one_definition_and_a_source(said):
    for iri in ours(said):
        for predicate in (RDFS.label, SKOS.definition, RDFS.isDefinedBy, DCTERMS.source):
            assert len(list(said.objects(iri, predicate))) == 1, (iri, predicate)
        assert str(said.value(iri, SKOS.definition)).endswith("."), iri
    labels = [(str(said.value(c, RDFS.label)), str(c).partition("#")[0]) for c in classes(said)]
    assert len(set(labels)) == len(labels)


def test_every_class_is_below_one_of_prov(said):
    roots = [terms.PROV + name for name in ("Entity", "Activity", "Agent", "Influence")]
    loose = [c for c in classes(said) if not any(below(said, c, root) for root in roots)]
    assert loose == [URIRef(terms.WHENCE + "Knowledge")]


def test_only_what_the_papers_state_is_equal_to_ml_schema(said):
    stated = {
        (str(a).removeprefix(terms.PROVML), str(b).removeprefix(terms.MLS))
        for a, b in said.subject_objects(OWL.equivalentClass)
    }
    assert stated == {
        ("LearningProcessExecution", "Run"),
        ("EvaluationSpecification", "EvaluationSpecification"),
        ("EvaluationProcedure", "EvaluationProcedure"),
    }


def test_the_ontologies_are_consistent_with_prov(closure):
    assert list(closure.objects(None, ERROR)) == []
    assert list(closure.subjects(RDF.type, OWL.Nothing)) == []


def test_a_thing_that_is_planned_and_executed_is_found_inconsistent():
    whole = graph().parse(data=PROV_AXIOMS, format="turtle")
    for name in ("Training", "TrainingExecution"):
        whole.add((URIRef("urn:x"), RDF.type, URIRef(terms.PROVML + name)))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(whole)
    errors = {str(error) for error in whole.objects(None, ERROR)}
    assert errors
    assert all("urn:x" in error for error in errors)


def test_what_ran_is_no_plan_and_what_was_planned_is_no_activity(said):
    pairs = list(said.subject_objects(vocabulary.RETROSPECTIVE))
    assert len(pairs) == 21
    for planned, ran in pairs:
        assert below(said, planned, terms.PROV + "Entity"), planned
        assert not below(said, ran, terms.PROV + "Plan"), ran
        if below(said, ran, terms.PROV + "Activity"):
            assert below(said, planned, terms.PROV + "Plan"), planned


def test_each_kind_has_one_class_of_its_own_and_is_read_back_from_it(said):
    assert set(terms.CLASSES) == set(KINDS)
    assert len(set(terms.CLASSES.values())) == len(KINDS)
    for node_type, (kinds, root) in TYPES.items():
        for kind in kinds:
            iri = terms.class_of(kind, node_type)
            assert (URIRef(iri), RDF.type, OWL.Class) in said, kind
            assert below(said, iri, root), kind
            assert terms.kind_of(iri) == kind
            assert terms.class_of(kind) == iri


def test_the_class_of_a_kind_is_below_the_prov_ml_class_that_the_model_names(said):
    apart = {
        kind
        for kind, names in KINDS.items()
        if names.prov_ml and not below(said, terms.class_of(kind), terms.PROVML + names.prov_ml)
    }
    assert apart == set(NOT_BELOW)


def test_the_ml_schema_class_of_a_kind_is_one_that_its_class_is_aligned_to(said):
    for kind, names in KINDS.items():
        mls = terms.mls_of(kind)
        assert mls == (terms.MLS + names.ml_schema if names.ml_schema else None)
        above = list(said.transitive_objects(URIRef(terms.class_of(kind)), RDFS.subClassOf))
        aligned = {
            str(other)
            for predicate in (OWL.equivalentClass, SKOS.closeMatch)
            for cls in above
            for other in said.objects(cls, predicate)
        }
        assert mls is None or mls in aligned, kind
    assert terms.mls_of("a kind of my own") is None


def test_a_kind_of_ones_own_has_the_class_of_its_type():
    assert terms.class_of("survey") == terms.WHENCE + "Entity"
    assert terms.class_of("survey", NodeType.ACTIVITY) == terms.WHENCE + "Activity"
    assert terms.class_of("robot", NodeType.AGENT) == terms.WHENCE + "Agent"
    assert terms.class_of("model", NodeType.ACTIVITY) == terms.WHENCE + "Activity"
    assert terms.kind_of(terms.WHENCE + "Activity") is None
    assert terms.kind_of("http://example.org/Thing") is None


def test_a_stage_has_the_class_of_its_name_and_is_read_back_as_a_stage(said):
    named = {name: terms.stage_class(name) for name in STAGES}
    assert {n for n, iri in named.items() if iri != terms.class_of("stage")} == {
        "training", "validation", "evaluation",
    }  # fmt: skip
    for iri in named.values():
        assert below(said, iri, terms.class_of("stage"))
        assert terms.kind_of(iri) == "stage"


def test_every_term_that_exports_use_is_defined(said):
    known = {str(iri) for iri in said.subjects(RDF.type, None)}
    used = {
        value
        for name, value in vars(terms).items()
        if name.isupper() and isinstance(value, str) and re.match(r"https://w3id\S*#.", value)
    }
    used |= {*terms.KNOWN_VALUES.values(), *terms.CLASSES.values(), *terms.OTHER_CLASSES.values()}
    assert used - known == set()
    assert set(terms.KNOWN_VALUES) == set(Known)


def test_the_context_expands_every_class_and_property_to_itself(said):
    found = json.loads(terms.text_of(terms.CONTEXT))["@context"]
    examples = {"xsd:dateTime": "2026-01-01T00:00:00Z", "xsd:boolean": True, "xsd:integer": 1}
    node = {"@context": found, "id": "urn:x"} | {
        word: examples.get(term["@type"] if isinstance(term, dict) else "", "urn:y")
        for word, term in found.items()
        if not word.startswith("@") and word not in ("id", "type", *terms.PREFIXES)
    }
    read = Graph().parse(data=json.dumps(node), format="json-ld")
    expanded = {str(predicate) for predicate in read.predicates()}
    defined = {str(iri) for iri in said.subjects(RDF.type, None)}
    foreign = {iri for iri in expanded if iri.startswith((terms.PROV, terms.RDFS))}
    assert expanded - foreign - defined == set()
    assert {str(iri) for iri in ours(said)} - expanded == {
        terms.PROVML + "Database",
        *(terms.WHENCE + name for name in ("Entity", "Activity", "Agent", "Plan")),
    }, "those whose word is that of another vocabulary are written with a prefix"


def test_a_document_in_the_context_reads_as_it_is_meant():
    document = {
        **json.loads(terms.text_of(terms.CONTEXT)),
        "id": "urn:edge",
        "type": ["Usage", "whence:Entity"],
        "known": "inferred",
        "partOf": "urn:run",
    }
    read = Graph().parse(data=json.dumps(document), format="json-ld")
    assert {(str(p), str(o)) for p, o in read.predicate_objects(URIRef("urn:edge"))} == {
        (str(RDF.type), terms.PROV + "Usage"),
        (str(RDF.type), terms.WHENCE + "Entity"),
        (terms.KNOWN, terms.WHENCE + "inferred"),
        (terms.PART_OF, "urn:run"),
    }


def test_the_context_and_the_page_are_up_to_date():
    again = "run `python -m docs.vocabulary`"
    assert context.FILE.read_text("utf-8") == context.text(), again
    assert vocabulary.PAGE.read_text("utf-8") == vocabulary.page(), again


def test_the_files_of_the_vocabulary_come_with_the_package():
    folder = files("whence.standards.vocabulary")
    for name in (*terms.ONTOLOGIES, terms.SHAPES, terms.CONTEXT):
        assert Path(str(folder.joinpath(name))).suffix in (".ttl", ".jsonld")
        assert terms.text_of(name)
