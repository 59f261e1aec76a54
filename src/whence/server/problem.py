"""Errors as the HTTP API tells them: RFC 9457, problem details, one shape for all."""

from __future__ import annotations

import logging
from math import ceil

import msgspec
from starlette.responses import Response

from whence._base.errors import (
    NotSignedInError,
    StoreAwayError,
    TooLargeError,
    TooManyError,
    WhenceError,
)

MEDIA_TYPE = "application/problem+json"

log = logging.getLogger("whence.server")

STATUS = {
    "usage": 400,
    "filter": 400,
    "analysis": 422,
    "document": 422,
    "not-signed-in": 401,
    "not-allowed": 403,
    "not-known": 404,
    "store-not-found": 404,
    "ambiguous": 409,
    "segment-conflict": 409,
    "too-large": 413,
    "segment-format": 422,
    "too-many": 429,
    "missing-extra": 501,
    "not-audited": 503,
    "store-away": 503,
    "took-too-long": 503,
    "disk-full": 507,
}
"""The HTTP status of each error code; what is not here is a fault of the server's, 500."""

TITLES = {
    400: "The request is wrong",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not known",
    405: "Not possible here",
    409: "Several things fit, or something else is there",
    413: "Too large",
    415: "Not a media type that is read here",
    422: "Does not read",
    429: "Too many requests",
    500: "The server failed",
    501: "A library is missing on the server",
    503: "Not possible now",
    507: "The server's disk is full",
}


AWAY_S = 5
"""When to come again while the database is away."""
AWAY = (
    "The server's index is away or busy, and its log says why. What is sent is kept meanwhile. "
    "Ask again later"
)


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong: ``code`` is stable, ``detail`` is for people."""

    type: str
    title: str
    status: int
    detail: str = ""
    code: str = ""


def problem(status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> Response:
    """The response that tells a problem."""
    body = Problem(f"/errors/{code}", TITLES.get(status, "Error"), status, detail, code)
    return Response(msgspec.json.encode(body), status, headers, MEDIA_TYPE)


def problem_of(error: WhenceError) -> Response:
    """The response that tells one of our errors."""
    headers, detail = {}, str(error)
    if isinstance(error, NotSignedInError):
        headers["WWW-Authenticate"] = "Bearer"
    elif isinstance(error, TooManyError):
        headers["Retry-After"] = str(ceil(error.retry_s))
    elif isinstance(error, StoreAwayError):
        headers["Retry-After"] = str(AWAY_S)
        log.error("no answer", extra={"told": {"problem": detail}})
        detail = AWAY  # where the database lies is not for everyone
    elif isinstance(error, TooLargeError):
        headers["Connection"] = "close"  # what is left of the body is not read
    return problem(STATUS.get(error.code, 500), error.code, detail, headers)
