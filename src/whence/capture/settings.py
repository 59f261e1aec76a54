"""Settings of a store: what ``.whence/config.toml`` says, checked when a run is launched.

[files]
include = ["/etc/my-data/**"]      # recorded although a rule leaves them out
exclude = ["scratch/**", "*.log"]  # left out; relative to the folder that holds .whence
hash_limit = "16 GiB"              # larger files are known by version stamp only

[environment]
variables = ["MY_SETTING", "APP_*"]   # recorded besides the ones Whence always records
untracked = ["*.json", "!out/**"]     # untracked files that are uncommitted code as well; ! is not

[observers]
off = ["numpy"]                    # libraries that are not watched; "*" is all

[server]
url = "https://whence.example.org/projects/churn"   # where all that is recorded is sent

[masking]
patterns = ["corp-[0-9a-f]{32}"]   # regular expressions; what they match is written as ***
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from whence._base.errors import UsageError

FILE_NAME = "config.toml"
HASH_LIMIT = 16 << 30

_UNITS = {"": 1, "b": 1, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40}
_UNITS |= {"kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a user may set. ``hash_limit`` is in bytes; globs are as in `capture.glob`."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    hash_limit: int = HASH_LIMIT
    variables: tuple[str, ...] = ()
    untracked: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    url: str = ""


def load_settings(store: Path) -> Settings:
    """The settings of ``store``; the defaults when it has no ``config.toml``.

    Raises UsageError when the file does not parse or holds what is no setting.
    """
    path = os.path.join(store, FILE_NAME)
    try:
        with open(path, "rb") as f:
            data = f.read()
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except OSError as error:
        raise UsageError(f"Settings {path} can't be read: {error.strerror}") from error
    return parse_settings(data, path)


def settings_if_valid(store: Path) -> Settings | None:
    """The settings of ``store``; None when they are wrong.

    Then it is not known what they mask, and nothing may be kept that they could.
    """
    try:
        return load_settings(store)
    except UsageError:
        return None


def parse_settings(data: bytes, name: str) -> Settings:
    """The settings in the TOML text ``data``; ``name`` is what messages call it.

    Raises UsageError.
    """
    import tomllib

    try:
        tables = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"Settings {name} are not valid TOML: {error}") from error
    fields: dict[str, Any] = {}
    for table, keys in tables.items():
        if table not in _KNOWN or not isinstance(keys, dict):
            raise UsageError(f"Settings {name} have no table [{table}]; known: {_listed(_KNOWN)}")
        for key, value in keys.items():
            read = _KNOWN[table].get(key)
            if read is None:
                known = _listed(_KNOWN[table])
                raise UsageError(f"Settings {name}: [{table}] has no {key!r}; known: {known}")
            fields[key] = read(value, f"Settings {name}: [{table}] {key}")
    return Settings(**fields)


def edited(text: str, table: str, key: str, value: str) -> str:
    """The TOML ``text`` with a text set, or taken out where it is empty; all else untouched."""
    import json

    lines, kept, where, is_there = text.splitlines(), [], "", False
    line_of = f"{key} = {json.dumps(value)}"
    for line in lines:
        word = line.partition("#")[0].strip()
        where = word.strip("[] ") if word.startswith("[") else where
        if where == table and word.partition("=")[0].strip() == key:
            continue
        kept.append(line)
        if value and word == f"[{table}]" and not is_there:
            kept.append(line_of)
            is_there = True
    if value and not is_there:
        kept += ["", f"[{table}]", line_of] if kept else [f"[{table}]", line_of]
    return "\n".join(kept) + "\n"


def _listed(names: Any) -> str:
    return ", ".join(sorted(names))


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise UsageError(f'{where} must be a list of texts, like ["a", "b"]; it is {value!r}')
    return tuple(value)


def _size(value: Any, where: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if isinstance(value, str):
        number = value.strip().rstrip("BbiKkMmGgTt ")
        unit = value.strip()[len(number) :].strip().lower()
        if number.isdecimal() and unit in _UNITS:
            return int(number) * _UNITS[unit]
    raise UsageError(f'{where} must be a size, like "10 GiB" or a number of bytes; it is {value!r}')


def _expressions(value: Any, where: str) -> tuple[str, ...]:
    import re

    for pattern in _texts(value, where):
        try:
            matches_nothing = re.compile(pattern).match("") is not None
        except re.error as error:
            raise UsageError(f"{where}: {pattern!r} is no regular expression: {error}") from error
        if matches_nothing:
            raise UsageError(f"{where}: {pattern!r} matches the empty text; make it more exact")
    return tuple(value)


def _address(value: Any, where: str) -> str:
    from whence.journal.remote import Remote

    if not isinstance(value, str):
        raise UsageError(f"{where} must be an address, like https://HOST/projects/NAME")
    try:
        return Remote(value).url
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from error


_KNOWN: dict[str, dict[str, Any]] = {
    "files": {"include": _texts, "exclude": _texts, "hash_limit": _size},
    "environment": {"variables": _texts, "untracked": _texts},
    "observers": {"off": _texts},
    "server": {"url": _address},
    "masking": {"patterns": _expressions},
}
