"""The document of the HTTP API: whole, current, and true under fuzzing."""

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from whence.server.app import OPERATIONS
from whence.server.openapi import document, operation_id

API = schemathesis.openapi.from_dict(json.loads(json.dumps(document(OPERATIONS))))
NAMES = {operation_id(one) for one in OPERATIONS}
LEFT_OUT = {"events", "segments"}
"""A stream without an end, and a body that the fuzzer has no way to write."""


@pytest.fixture(scope="module")
def found(server):
    return server.client.get("/api/v1/openapi.json").json()


@pytest.mark.parametrize("name", sorted(NAMES - LEFT_OUT))
def test_no_question_however_odd_makes_the_server_fail(server, name):
    @settings(
        max_examples=8,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=API.find_operation_by_id(name).as_strategy())
    def ask(case: schemathesis.Case) -> None:
        if "project" in (case.path_parameters or {}):
            case.path_parameters["project"] = "local"
        response = case.call(base_url=server.url)
        assert response.status_code < 500, response.text
        if response.status_code >= 400 and case.method != "HEAD":
            assert response.headers["content-type"] == ["application/problem+json"]

    ask()


def test_the_served_document_is_made_from_the_operations(found):
    assert found == json.loads(json.dumps(document(OPERATIONS)))


def test_every_operation_has_a_name_a_summary_a_heading_and_told_parameters(found):
    assert len(NAMES) == len(OPERATIONS)
    for path in found["paths"].values():
        for operation in path.values():
            assert operation["summary"]
            assert operation["description"]
            assert operation["tags"]
            assert "default" in operation["responses"]
            for parameter in operation.get("parameters", ()):
                assert parameter["description"], (operation["operationId"], parameter["name"])
