"""How a URL is shown: without user, password and fragment, secret values of its query masked."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from whence.capture.masked import masked_text

MASK = "***"
MAX_LENGTH = 2000

_KEPT = 100
_LONG_WORD = re.compile(r"[\w.+\-]{400,}")

_SIGNATURES = frozenset(
    {"key", "sig", "signature", "sas", "hmac", "code", "session", "jwt", "ticket", "state"}
)
"""Words that in the query of a URL stand for what lets somebody in."""

_CLOUD = re.compile(r"^(x-amz-|x-goog-|awsaccesskeyid$|googleaccessid$)", re.I)
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def elided(text: str) -> str:
    """A text without its very long words (a picture in base 64), which take long to be masked."""
    return _LONG_WORD.sub(lambda found: f"{found[0][:_KEPT]}...", text)


def shown_url(url: str) -> str:
    """A URL as it may be recorded."""
    url = elided(url[: 4 * MAX_LENGTH])
    try:
        parts = urlsplit(url)
    except ValueError:
        return masked_text(re.split(r"[?#]", url, maxsplit=1)[0])[:MAX_LENGTH]
    host = parts.netloc.rpartition("@")[2]
    query = "&".join(_shown(pair) for pair in parts.query.split("&")) if parts.query else ""
    shown = urlunsplit((parts.scheme, host, masked_text(parts.path), query, ""))
    return shown[:MAX_LENGTH]


def _shown(pair: str) -> str:
    name, equals, value = pair.partition("=")
    if not equals or not value:
        return masked_text(pair)
    return f"{name}={MASK}" if _is_secret(name) else f"{name}={masked_text(value)}"


def _is_secret(name: str) -> bool:
    from whence.capture.masking import is_secret_name

    words = {word.lower() for word in _WORDS.findall(name)}
    is_signature = not _SIGNATURES.isdisjoint(words) or bool(_CLOUD.match(name))
    return is_signature or is_secret_name(name)
