"""The words of the model are complete: relations, kinds, gaps, places."""

import os

import pytest

from whence.model import gap, kind
from whence.model.kind import ACTIVITY_TERMS, AGENT_TERMS, ENTITY_TERMS, NodeType
from whence.model.place import Stamp, found_id, stamp_key
from whence.model.relation import BY_TERM, FIRST_NOT_FOLLOWED, WHY_FOLLOWED, Known, Relation

PROV_DM_RELATIONS = {
    "used", "wasGeneratedBy", "wasInformedBy", "wasStartedBy", "wasEndedBy", "wasInvalidatedBy",
    "wasDerivedFrom", "wasRevisionOf", "wasQuotedFrom", "hadPrimarySource", "wasAttributedTo",
    "wasAssociatedWith", "actedOnBehalfOf", "wasInfluencedBy", "specializationOf", "alternateOf",
    "hadMember", "hadPlan",
}  # fmt: skip


def test_every_relation_of_prov_dm_is_there_and_ours_are_few():
    assert {relation.term for relation in Relation} == PROV_DM_RELATIONS | {"partOf", "hasPart"}


def test_the_numbers_under_which_relations_are_stored_never_change():
    assert {relation.term: int(relation) for relation in Relation if relation.followed} == {
        "used": 1, "wasGeneratedBy": 2, "wasInformedBy": 3, "wasStartedBy": 4, "wasDerivedFrom": 5,
        "wasRevisionOf": 6, "wasQuotedFrom": 7, "hadPrimarySource": 8, "wasAttributedTo": 9,
        "wasAssociatedWith": 10, "actedOnBehalfOf": 11, "wasInfluencedBy": 12,
        "specializationOf": 13, "hadMember": 14, "hadPlan": 15, "partOf": 16, "hasPart": 17,
    }  # fmt: skip
    assert {relation.term: int(relation) for relation in Relation if not relation.followed} == {
        "wasEndedBy": 64, "wasInvalidatedBy": 65, "alternateOf": 66, "partOf": 67,
    }  # fmt: skip


def test_every_relation_says_whether_and_why_it_is_followed():
    assert set(WHY_FOLLOWED) == set(Relation)
    for relation, why in WHY_FOLLOWED.items():
        assert relation.followed == (relation < FIRST_NOT_FOLLOWED)
        assert why.startswith("not followed") == (not relation.followed), relation


def test_a_term_leads_to_its_relation():
    for relation in Relation:
        if relation is not Relation.PART_OF_GROUP:
            assert BY_TERM[relation.term] is relation
    assert BY_TERM["partOf"] is Relation.PART_OF


def test_how_an_edge_is_known_has_three_words():
    assert [known.term for known in Known] == ["observed", "declared", "inferred"]


def test_every_kind_that_whence_gives_is_mapped_once():
    names = {
        value for name, value in vars(kind).items() if name.isupper() and isinstance(value, str)
    }
    mapped = [*ACTIVITY_TERMS, *ENTITY_TERMS, *AGENT_TERMS]
    assert sorted(mapped) == sorted(names)


@pytest.mark.parametrize("name", ["run", "experiment", "project", "stage", "section", "fit"])
def test_the_levels_of_activity_have_a_prov_ml_class(name):
    assert ACTIVITY_TERMS[name].prov_ml


def test_a_project_and_an_experiment_are_groups_and_a_run_is_not():
    assert frozenset({"project", "experiment"}) == kind.GROUPS


def test_node_types_are_the_three_of_prov():
    assert {node_type.term: int(node_type) for node_type in NodeType} == {
        "entity": 1,
        "activity": 2,
        "agent": 3,
    }


def test_a_gap_code_is_lower_case_words_and_has_one_sentence():
    for code, sentence in gap.CODES.items():
        assert code == code.lower()
        assert " " not in code
        assert sentence == sentence.strip()
        assert not sentence.endswith(".")


def test_a_stamp_says_which_version_of_a_file_was_seen(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"one")
    first = Stamp.of(path.stat())
    again = Stamp.of(path.stat())
    path.write_bytes(b"other")
    os.utime(path, ns=(1, 1))
    second = Stamp.of(path.stat())
    assert stamp_key(b"fs", first) == stamp_key(b"fs", again)
    assert stamp_key(b"fs", first) != stamp_key(b"fs", second)
    assert stamp_key(b"fs", first) != stamp_key(b"other fs", first)
    assert found_id(b"fs", b"/a", first) != found_id(b"fs", b"/b", first)


def test_the_keys_of_versions_never_change():
    """They are stored: other bytes here would part old records from new ones."""
    stamp = Stamp(1, 2, 3, 4, 5)
    assert stamp_key(b"fs", stamp).hex() == "20c3575770b48846baee4ff657012ee2"
    assert found_id(b"fs", b"/a", stamp).hex() == "6031ca4aabbe854490d84a6371c755d4"


def test_a_stamp_key_does_not_rest_on_the_number_a_mount_happened_to_get():
    assert stamp_key(b"fs", Stamp(1, 2, 3, 4, 5)) == stamp_key(b"fs", Stamp(9, 2, 3, 4, 5))
