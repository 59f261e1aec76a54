"""What ``whence run`` was asked: its own options, the interpreter's flags, and the program.

    whence run [--name N] [--store PATH] [--experiment E] [--tag K=V]... [PYTHON FLAGS]
               (SCRIPT | -m MODULE | -c CODE | -) [ARGUMENTS]...
    whence run [--name N] ... NOTEBOOK.ipynb [OPTIONS]...

Everything from the first word that is neither an option of ours nor a flag of the interpreter is
the program's and is passed on untouched. Flags of the interpreter (``-I -E -O -u -X dev -W error``
and the rest that ``python --help`` lists) are passed to the interpreter untouched too.
"""

from __future__ import annotations

from whence._base.errors import UsageError

NOTEBOOK = ".ipynb"
_OURS = {"--name": "name", "--store": "store", "--experiment": "experiment", "--tag": "tag"}
_FLAGS = frozenset("bBdEiIOPqRsSuvxt")
_FLAGS_WITH_VALUE = frozenset("WX")
_LONG_WITH_VALUE = frozenset({"--check-hash-based-pycs"})


class Request:
    """A parsed request.

    ``flags`` go to the interpreter; ``program`` is the script with its arguments, or begins with
    ``-m`` or ``-c``; ``kind`` is one of ``script``, ``module``, ``code``, ``stdin``, ``notebook``.
    """

    __slots__ = ("experiment", "flags", "kind", "name", "program", "store", "tags")

    def __init__(self) -> None:
        self.name = self.store = self.experiment = ""
        self.tags: list[tuple[str, str]] = []
        self.flags: list[str] = []
        self.program: list[str] = []
        self.kind = "script"

    @property
    def skips_site(self) -> bool:
        """Whether the interpreter is told not to load what capture starts from (``-S``)."""
        return any("S" in _letters(flag) for flag in self.flags)


def parse_request(arguments: list[str]) -> Request:
    """What the words after ``whence run`` ask for. Raises UsageError."""
    request, rest = Request(), list(arguments)
    while rest:
        word = rest[0]
        if word.startswith("--") and word != "--":
            _take_option(request, rest)
        elif word == "-" or not word.startswith("-"):
            request.kind = "stdin" if word == "-" else "script"
            request.program = rest
            break
        elif _take_flags(request, rest):
            break
    if not request.program:
        raise UsageError(
            "Nothing to run: name a script, -m MODULE or -c CODE, like: whence run train.py"
        )
    if request.kind == "script" and request.program[0].endswith(NOTEBOOK):
        request.kind = "notebook"
    return request


def _take_option(request: Request, rest: list[str]) -> None:
    word, has_value, value = rest.pop(0).partition("=")
    if word in _LONG_WITH_VALUE:
        request.flags.append(word)
        request.flags.append(value if has_value else _next_word(word, rest))
        return
    field = _OURS.get(word)
    if field is None:
        if any(one.endswith(NOTEBOOK) for one in rest):
            raise UsageError(f"{word} is no option here; those of a notebook come after its name")
        raise UsageError(f"whence run has no option {word}; see: whence run --help")
    value = value if has_value else _next_word(word, rest)
    if field == "tag":
        key, is_pair, text = value.partition("=")
        if not is_pair or not key:
            raise UsageError(f"--tag takes KEY=VALUE; it is {value!r}")
        request.tags.append((key, text))
    else:
        setattr(request, field, value)


def _take_flags(request: Request, rest: list[str]) -> bool:
    """Take a word of short flags; true when it named the program (``-m``, ``-c``)."""
    word = rest.pop(0)
    for place, letter in enumerate(word[1:], 1):
        if letter in "mc":
            if place > 1:
                request.flags.append(word[:place])
            argument = (
                [word[place + 1 :]] if word[place + 1 :] else [_next_word(f"-{letter}", rest)]
            )
            request.kind = "module" if letter == "m" else "code"
            request.program = [f"-{letter}", *argument, *rest]
            return True
        if letter in _FLAGS_WITH_VALUE:
            request.flags.append(word)
            if not word[place + 1 :]:
                request.flags.append(_next_word(f"-{letter}", rest))
            return False
        if letter not in _FLAGS:
            raise UsageError(
                f"whence run and python have no flag -{letter} here; see: whence run --help"
            )
    request.flags.append(word)
    return False


def _next_word(option: str, rest: list[str]) -> str:
    if not rest:
        raise UsageError(f"{option} needs a value")
    return rest.pop(0)


def _letters(flag: str) -> str:
    """The flags in a word, without the value that the last one may carry."""
    if flag.startswith("--") or not flag.startswith("-"):
        return ""
    for place, letter in enumerate(flag[1:], 1):
        if letter in _FLAGS_WITH_VALUE:
            return flag[1 : place + 1]
    return flag[1:]
