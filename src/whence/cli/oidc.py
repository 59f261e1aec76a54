"""The options that let people sign in to a server through an OpenID Connect provider."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from whence.server.access.oidc import Provider

Function = TypeVar("Function", bound=Callable[..., Any])


def oidc_options(function: Function) -> Function:
    """``--oidc-issuer URL`` and ``--oidc-client-id ID``."""
    function = click.option(
        "--oidc-client-id", metavar="ID",
        help="As what the server is known there. Its secret is in WHENCE_OIDC_SECRET.",
    )(function)  # fmt: skip
    return click.option(
        "--oidc-issuer",
        metavar="URL",
        help="Let people sign in to the page there; their rights are in the home's oidc.toml.",
    )(function)


def provider_of(issuer: str | None, client_id: str | None) -> Provider | None:
    """The provider that the options name. Raises UsageError, MissingExtraError."""
    if (issuer is None) != (client_id is None):
        raise click.UsageError("--oidc-issuer and --oidc-client-id go together")
    if issuer is None or client_id is None:
        return None
    import os

    from whence.server.access.oidc import VARIABLE, Provider

    return Provider(issuer, client_id, os.environ.get(VARIABLE) or None)
