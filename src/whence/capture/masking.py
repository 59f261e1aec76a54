"""Secrets are written as ``***``. The whole rule is in this module; docs repeat it.

A **name** means a secret when one of its words (``--db-password``, ``apiKey``, ``AWS_SECRET``) is
``password``, ``passwd``, ``passphrase``, ``secret``, ``credential``, ``apikey``, ``bearer``,
``authorization``, ``auth``, ``cookie`` (or their plural); when it ends in ``pass``; in ``token``,
unless the word before says that it is one of a language model (``pad_token``, ``max_token``); when
``key`` follows ``api``, ``access``, ``private``, ``secret``, ``account`` and their like; or when it
is in capitals and ends in ``KEY``.

Masked are, in the command lines of programs and of the commands they start, in values of
environment variables, in messages of exceptions, in the remote's URL, in the uncommitted diff and
in kept snapshots of code:

- the value that is given to such a name (``--token X``, ``"--token", "X"``, ``--token=X``,
  ``KEY=X``, ``key: X``, ``password = "X"``, ``"token": "X"``);
- user and password in a URL, and such names in its query;
- private keys in PEM form;
- ``Bearer X`` and ``Basic X``;
- what has the shape of a key of a well-known service (AWS, GitHub, GitLab, Slack, Google, OpenAI,
  Anthropic, Hugging Face, npm, PyPI, Whence), and JSON web tokens;
- what a pattern of ``[masking] patterns`` in ``.whence/config.toml`` matches.

Parameters, tags and metrics that a program logs on purpose are kept as they are, and so are paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

MASK = "***"

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_OPTION = re.compile(r"[\w.+\-]+")
_SECRET_WORDS = frozenset(
    ("password", "passwords", "passwd", "passphrase", "secret", "secrets", "credential",
     "credentials", "apikey", "apikeys", "bearer", "authorization", "auth", "cookie", "cookies")
)  # fmt: skip
_SECRET_KEYS = frozenset(
    ("api", "access", "private", "secret", "account", "signing", "encryption", "auth", "ssh",
     "deploy", "license", "storage", "shared", "subscription", "master", "service")
)  # fmt: skip
_NO_SECRET_TOKENS = frozenset(
    ("pad", "eos", "bos", "unk", "sep", "cls", "mask", "max", "min", "num", "n", "next", "special",
     "end", "start", "stop", "per", "image", "begin", "prefix", "suffix", "word", "by", "new",
     "last", "first", "class", "text", "audio", "speaker", "register")
)  # fmt: skip
_TYPES = frozenset(
    ("str", "int", "bool", "bytes", "float", "none", "null", "true", "false", "any", "optional",
     "string", "self", "dict", "list", "object", "bearer", "basic")
)  # fmt: skip


class _Patterns(NamedTuple):
    url: re.Pattern[str]
    pem: re.Pattern[str]
    header: re.Pattern[str]
    shapes: re.Pattern[str]
    quoted: re.Pattern[str]
    bare: re.Pattern[str]
    option: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """The patterns of secrets in text; made when there is text that may hold one.

    A name is taken from its first letter, whole and of a bounded length, so that a long word which
    is no name (an image in base64) takes time in proportion to its length.
    """
    url = re.compile(
        r"\b([a-zA-Z][a-zA-Z0-9+.\-]{0,40}+://)(?:[^/\s@\"']+|[^/\s:@\"']*:[^\s@\"']+)@"
    )
    pem = re.compile(
        r"-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\Z)",
        re.S,
    )
    header = re.compile(
        r"\b(bearer|basic)([ \t]+)(?=[^\s\"']*[0-9=._\-+/])[A-Za-z0-9._~+/=\-]{8,}", re.I
    )
    shapes = re.compile(
        r"\b(?:(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}"
        r"|glpat-[\w\-]{20,}|xox[abeoprs]-[\w\-]{10,}|AIza[\w\-]{35}|sk-[\w\-]{20,}|hf_[A-Za-z0-9]{30,}"
        r"|npm_[A-Za-z0-9]{36}|wh_[0-9A-Za-z]{11}_[0-9A-Za-z]{43}|pypi-[\w\-]{50,}|eyJ[\w\-]{8,}\.eyJ[\w\-]{8,}\.[\w\-]+)"
    )
    quoted = re.compile(
        r"""(?<![A-Za-z_])(?P<name>[A-Za-z_][\w.\-]{0,200}+)(?P<between>["']?\]?\s*(?::[^=\n"']{0,60})?(?:=>|:=|=|:)\s*[rbfuRBFU]{0,2})"""
        r"""(?P<quote>\"\"\"|'''|"|')(?P<value>(?:\\.|(?!(?P=quote)).)+)(?P=quote)""",
        re.S,
    )
    bare = re.compile(
        r"""(?<![A-Za-z_])(?P<name>[A-Za-z_][\w.\-]{0,200}+)(?P<between>["']?(?:=|:[ \t]+))"""
        r"""(?P<value>[^\s"'&;,(){}\[\]]+)(?![\w(\[.])"""
    )
    option = re.compile(
        r"""(?P<name>--[A-Za-z][\w.\-]{0,200}+)"""
        r"""(?P<between>["'],\s*[rbfuRBFU]{0,2}["']|[ \t]+["']?)(?P<value>(?!-)[^\s"'\\]+)"""
    )
    return _Patterns(url, pem, header, shapes, quoted, bare, option)


_SHORTEST_KEY = 15
_SIGNS = frozenset("=:@ \n")


def _can_hold_secret(text: str) -> bool:
    """Whether any of the patterns may match: false for most words of a command line."""
    return len(text) >= _SHORTEST_KEY or not _SIGNS.isdisjoint(text)


def is_secret_name(name: str) -> bool:
    """Whether a value of this name is masked."""
    words = [word.lower() for word in _WORDS.findall(name)]
    if not words:
        return False
    if not _SECRET_WORDS.isdisjoint(words):
        return True
    if words[-1] == "pass":
        return True
    if words[-1] == "token":
        return len(words) == 1 or words[-2] not in _NO_SECRET_TOKENS
    if "key" in words:
        at = words.index("key")
        if at and words[at - 1] in _SECRET_KEYS:
            return True
    return words[-1] == "key" and name.isupper()


class Masker:
    """Masks by the rule of this module and the patterns of a store's settings."""

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self._own = [re.compile(pattern) for pattern in patterns]

    def text(self, text: str) -> str:
        """``text`` with secrets masked: a diff, a script, a URL, a value."""
        if _can_hold_secret(text):
            is_ = _patterns()
            text = is_.pem.sub(rf"-----BEGIN \1PRIVATE KEY-----{MASK}", text)
            text = is_.url.sub(rf"\1{MASK}@", text)
            text = is_.header.sub(rf"\1\2{MASK}", text)
            text = is_.shapes.sub(MASK, text)
            text = is_.quoted.sub(_masked_quoted, text)
            text = is_.bare.sub(_masked_bare, text)
            text = is_.option.sub(_masked_bare, text)
        for pattern in self._own:
            text = pattern.sub(MASK, text)
        return text

    def arguments(self, words: Sequence[str]) -> list[str]:
        """The words of a command line with secrets masked."""
        masked: list[str] = []
        follows = False
        for word in words:
            name, is_pair, value = word.partition("=")
            if follows and not (word.startswith("-") and is_secret_name(word.lstrip("-"))):
                masked.append(MASK)
                follows = False
            elif is_pair and value and _OPTION.fullmatch(name) and is_secret_name(name.lstrip("-")):
                masked.append(f"{name}={MASK}")
            else:
                follows = word.startswith("-") and not is_pair and is_secret_name(word.lstrip("-"))
                masked.append(self.text(word))
        return masked

    def variable(self, name: str, value: str) -> str:
        """The value of an environment variable with secrets masked."""
        return MASK if is_secret_name(name) else self.text(value)


def mask_arguments(words: Sequence[str], patterns: Iterable[str] = ()) -> list[str]:
    """The words of a command line with secrets masked."""
    return Masker(patterns).arguments(words)


def mask_text(text: str, patterns: Iterable[str] = ()) -> str:
    """``text`` with secrets masked."""
    return Masker(patterns).text(text)


def _masked_quoted(match: re.Match[str]) -> str:
    if not is_secret_name(match["name"].rpartition(".")[2]):
        return match[0]
    return f"{match['name']}{match['between']}{match['quote']}{MASK}{match['quote']}"


def _masked_bare(match: re.Match[str]) -> str:
    value = match["value"]
    if value == MASK or value.lower() in _TYPES:
        return match[0]
    if not is_secret_name(match["name"].rpartition(".")[2]):
        return match[0]
    return f"{match['name']}{match['between']}{MASK}"
