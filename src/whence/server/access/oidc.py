"""Signing people in through an OpenID Connect provider: code flow with PKCE, state and nonce."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import msgspec

from whence._base.errors import MissingExtraError, NotSignedInError, UsageError
from whence.server.access.choice import is_loopback
from whence.server.access.secret import new_secret

VARIABLE = "WHENCE_OIDC_SECRET"
SCOPE = "openid profile email groups"
TIMEOUT_S = 10.0
LEEWAY_S = 60
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
"""Signatures with a key pair only: none and those with a shared secret are refused."""


class Login(msgspec.Struct, frozen=True):
    """A sign-in under way, which the browser keeps in a cookie until the provider sends it back."""

    state: str
    nonce: str
    verifier: str
    next: str


@dataclass
class Provider:
    """A provider at which this server is a client. What it says of itself is asked on first use."""

    issuer: str
    client_id: str
    secret: str | None = field(default=None, repr=False)
    scope: str = SCOPE

    def __post_init__(self) -> None:
        """Raises UsageError for an address that is not safe, MissingExtraError without Authlib."""
        parts = urlsplit(self.issuer)
        is_local = parts.scheme == "http" and is_loopback(parts.hostname or "")
        if parts.scheme != "https" and not is_local:
            raise UsageError(f"The OIDC issuer has to be an https:// address; it is {self.issuer}")
        try:
            import authlib.integrations.httpx_client  # noqa: F401
        except ImportError as error:
            raise MissingExtraError(
                "Signing in by OIDC needs Authlib. Run: pip install 'whence[oidc]'"
            ) from error
        self._lock = Lock()
        self._described: dict[str, Any] | None = None
        self._keys: Any = None

    def begin(self, redirect_uri: str, next: str) -> tuple[str, Login]:
        """Where to send the browser, and what it has to bring back. Raises NotSignedInError."""
        login = Login(new_secret(), new_secret(), new_secret(), next)
        endpoint = self._description()["authorization_endpoint"]
        with self._client(redirect_uri) as client:
            url, _ = client.create_authorization_url(
                endpoint, state=login.state, nonce=login.nonce, code_verifier=login.verifier
            )
        return str(url), login

    def finish(
        self, redirect_uri: str, login: Login, code: str
    ) -> tuple[str, dict[str, list[str]]]:
        """Who signed in, and the claims that rights hang on. Raises NotSignedInError."""
        import httpx2
        from authlib.common.errors import AuthlibBaseError
        from joserfc.errors import JoseError

        described = self._description()
        try:
            with self._client(redirect_uri) as client:
                token = client.fetch_token(
                    described["token_endpoint"], code=code, code_verifier=login.verifier
                )
                claims = self._verified(str(token.get("id_token", "")), login.nonce)
                if "userinfo_endpoint" in described and not {"groups", "email"} <= claims.keys():
                    more = client.get(described["userinfo_endpoint"]).raise_for_status().json()
                    claims |= more if more.get("sub") == claims["sub"] else {}
        except (httpx2.HTTPError, AuthlibBaseError, JoseError, ValueError, KeyError) as error:
            raise NotSignedInError(f"The sign-in failed: {_reason(error)}") from error
        return _person(claims), _kept(claims)

    def _verified(self, token: str, nonce: str) -> dict[str, Any]:
        """The claims of an ID token that the provider signed for us, just now, for this sign-in."""
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError

        try:
            found = jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
        except InvalidKeyIdError:  # it has new keys since
            found = jwt.decode(token, self._key_set(anew=True), algorithms=ALGORITHMS)
        claims = dict(found.claims)
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._description()["issuer"]},
            sub={"essential": True},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
        if claims.get("azp", self.client_id) != self.client_id:
            raise ValueError("the ID token is meant for another client")
        return claims

    def _client(self, redirect_uri: str | None = None) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(
            self.client_id, self.secret, scope=self.scope, redirect_uri=redirect_uri,
            code_challenge_method="S256", timeout=TIMEOUT_S,
            token_endpoint_auth_method="client_secret_basic" if self.secret else "none",
        )  # fmt: skip

    def _description(self) -> dict[str, Any]:
        with self._lock:
            if self._described is None:
                root = self.issuer.rstrip("/")
                found = self._get(f"{root}/.well-known/openid-configuration")
                if str(found.get("issuer", "")).rstrip("/") != root:
                    raise NotSignedInError(
                        f"The OIDC provider at {self.issuer} says it is {found.get('issuer')!r}"
                    )
                self._described = found
            return self._described

    def _key_set(self, *, anew: bool = False) -> Any:
        from joserfc.jwk import KeySet

        address = self._description()["jwks_uri"]
        with self._lock:
            if self._keys is None or anew:
                self._keys = KeySet.import_key_set(self._get(address))  # type: ignore[arg-type]
            return self._keys

    def _get(self, address: str) -> dict[str, Any]:
        import httpx2

        try:
            found = httpx2.get(address, timeout=TIMEOUT_S).raise_for_status().json()
        except (httpx2.HTTPError, ValueError) as error:
            raise NotSignedInError(
                f"The OIDC provider does not answer: {address}: {_reason(error)}"
            ) from error
        return dict(found)


def _person(claims: dict[str, Any]) -> str:
    """How the trail and the page name them."""
    named = claims.get("email") if claims.get("email_verified") is True else None
    return str(named or claims.get("preferred_username") or claims["sub"])


def _kept(claims: dict[str, Any]) -> dict[str, list[str]]:
    """The claims that rules may ask for; an address counts once the provider has verified it."""
    groups = claims.get("groups")
    listed = [str(one) for one in groups] if isinstance(groups, list) else []
    email = [str(claims["email"])] if claims.get("email_verified") is True else []
    return {"sub": [str(claims["sub"])], "groups": listed, "email": email}


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
