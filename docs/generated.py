"""The reference pages, made from the code so that they can't go out of date.

`pages` gives their text by path; ``docs/hook.py`` adds them to the site and ``tests/docs`` proves
that nothing is missing from them.
"""

from __future__ import annotations

import inspect
import json
import re
import tomllib
import typing
from collections.abc import Iterable, Iterator
from importlib import import_module, resources
from pathlib import Path

import click
import msgspec

from docs.http_api import http_api_page
from docs.standards import formats_page, lints_page, scores_page
from docs.views import views_page
from whence._base.errors import WhenceError
from whence.model import event, gap, kind
from whence.model.relation import WHY_FOLLOWED

ROOT = Path(__file__).parents[1]


def pages() -> dict[str, str]:
    """The text of every generated page, by its path below ``docs``."""
    makers = {
        "commands": commands_page,
        "python": python_page,
        "answer": answer_page,
        "settings": settings_page,
        "relations": relations_page,
        "kinds": kinds_page,
        "errors": errors_page,
        "gaps": gaps_page,
        "events": events_page,
        "observers": observers_page,
    }
    made = {name: make() for name, make in makers.items()}
    on_standards = {"formats": formats_page, "lints": lints_page, "scoreboard": scores_page}
    on_standards |= {"views": views_page, "http-api": http_api_page}
    made |= {name: make(table) for name, make in on_standards.items()}
    return {f"reference/{name}.md": text for name, text in made.items()}


def table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    headings = list(headings)
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def first_line(thing: object) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


# Commands


def command_group() -> click.Group:
    """The whole command line."""
    from whence.cli.app import app

    return app


def commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command with its full name and a context of it, groups before what they hold."""
    group = command_group()
    yield from _walk("whence", group, click.Context(group, info_name="whence"))


def _walk(
    name: str, command: click.Command, context: click.Context
) -> Iterator[tuple[str, click.Command, click.Context]]:
    yield name, command, context
    if isinstance(command, click.Group):
        for part in command.list_commands(context):
            found = command.get_command(context, part)
            if found is not None and not found.hidden:
                inner = click.Context(found, info_name=part, parent=context)
                yield from _walk(f"{name} {part}", found, inner)


def surface() -> dict[str, list[str]]:
    """Every command with its arguments and options: what scripts of users rest on."""
    return {name: [_spelled(p) for p in command.params] for name, command, _ in commands()}


def _spelled(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return ", ".join([*parameter.opts, *parameter.secondary_opts])
    return parameter.make_metavar(click.Context(click.Command("whence")))


def commands_page() -> str:
    parts = [
        "# Commands\n\nExit codes: 0 found, 1 nothing known of it, 2 wrong use."
        " `whence verify` has 3 too: something changed or is missing."
    ]
    for name, command, context in commands():
        parts.append(f"## `{name}`\n\n```text\n{command.get_help(context)}\n```")
    return "\n\n".join(parts) + "\n"


# Python


def python_page() -> str:
    import whence

    parts = ["# Python", first_line(whence)]
    for name in sorted(whence.__all__, key=str.lower):
        thing = getattr(whence, name)
        if callable(thing):
            parts.append(f"::: {thing.__module__}.{thing.__qualname__}")
    return "\n\n".join(parts) + "\n"


# The answer


def answer_page() -> str:
    schema = resources.files("whence.query").joinpath("answer.schema.json").read_text()
    head = """# The JSON answer

Every command that reads takes `--json` and prints one document. Its shape is a public contract:
fields are added, never renamed or removed. An edge reads source-relation-target:
`model wasGeneratedBy run`. `known` says how the edge is known: `observed`, `declared` or
`inferred`. The schema is also printed by `whence schema`.
"""
    return f"{head}\n```json\n{json.dumps(json.loads(schema), indent=2)}\n```\n"


# Settings


def settings() -> list[tuple[str, str]]:
    """Every setting of ``config.toml``: its table and its name."""
    known = import_module("whence.capture.settings")._KNOWN
    return [(table_name, key) for table_name, keys in known.items() for key in keys]


def environment_variables() -> list[str]:
    """Every variable of the environment that the code reads."""
    texts = (path.read_text() for path in (ROOT / "src").rglob("*.py"))
    return sorted({name for text in texts for name in re.findall(r'"(WHENCE_[A-Z_]+)"', text)})


VARIABLES = {
    "WHENCE_HOME": "The store to use: a `.whence` folder, or the folder that holds or gets one; or "
    "a project of a server, `https://HOST/projects/NAME`: what is recorded is sent there.",
    "WHENCE_OIDC_SECRET": "The secret of `whence server` at the OIDC provider that it names.",
    "WHENCE_NOTEBOOK": "The notebook that a kernel runs, where its front end does not tell.",
    "WHENCE_KERNEL": "Made by `whence run` for the kernel of a notebook; not to be set.",
    "WHENCE_TOKEN": "The token for the server that a store is sent to, or that is asked.",
    "WHENCE_RUN": "Set by `whence run` for the program and its children. Not for you to set.",
}


def settings_page() -> str:
    module = import_module("whence.capture.settings")
    rules = _rule_of("file.rules")
    untracked = _rule_of("environment.untracked")
    masking = _rule_of("masking")
    summary, _, example = (inspect.getdoc(module) or "").partition("\n\n")
    rows = [(f"`{name}`", VARIABLES.get(name, "")) for name in environment_variables()]
    fields = [(f"`[{name}]`", f"`{key}`") for name, key in settings()]
    return f"""# Settings

{summary}

```toml
{example}
```

{table(["table", "setting"], fields)}

## Environment variables

{table(["variable", "what it does"], rows)}

## Files that are left out

{rules}

## Uncommitted changes

What `git diff` says of tracked files is part of them; one of more than 1 MiB by its hash only. Of
files that git does not track:

{untracked}

## Secrets

{masking}
"""


def _rule_of(module: str) -> str:
    """The rule that a module of capture states in its documentation, after the first line."""
    text = inspect.getdoc(import_module(f"whence.capture.{module}")) or ""
    return text.partition("\n\n")[2]


# The model


def relations_page() -> str:
    rows = [
        (f"`{r.term}`", int(r), "yes" if r.followed else "no", why)
        for r, why in WHY_FOLLOWED.items()
    ]
    return f"""# Relations

Each reads `source relation target`, and the target lies upstream: a trace walks from source to
target, an impact from target to source. `partOf` is Whence's own, since PROV has no containment of
activities; as number 67 it joins a run to its experiment or project.

{table(["relation", "number", "followed", "why"], rows)}
"""


def kinds_page() -> str:
    parts = [
        "# Kinds\n\nEvery node has a type of PROV-DM and a kind. A kind is text, so you may add "
        "your own; these are the ones that Whence gives, with their names in PROV-ML and ML-Schema."
    ]
    groups = (
        ("Activities", kind.ACTIVITY_TERMS),
        ("Entities", kind.ENTITY_TERMS),
        ("Agents", kind.AGENT_TERMS),
    )
    for heading, terms in groups:
        rows = [(f"`{name}`", t.prov_ml, t.ml_schema) for name, t in terms.items()]
        parts.append(f"## {heading}\n\n{table(['kind', 'PROV-ML', 'ML-Schema'], rows)}")
    parts.append("A stage is one of: " + ", ".join(f"`{name}`" for name in kind.STAGES) + ".")
    return "\n\n".join(parts) + "\n"


def errors() -> list[type[WhenceError]]:
    """Every error, parents first."""

    def below(cls: type[WhenceError]) -> Iterator[type[WhenceError]]:
        yield cls
        for child in cls.__subclasses__():
            yield from below(child)

    import_module("whence._base.errors")
    return list(below(WhenceError))


def errors_page() -> str:
    rows = [(f"`{cls.code}`", f"`{cls.__name__}`", first_line(cls)) for cls in errors()]
    return f"# Errors\n\nCodes are stable.\n\n{table(['code', 'class', 'when'], rows)}\n"


def gaps_page() -> str:
    rows = [(f"`{code}`", sentence) for code, sentence in gap.CODES.items()]
    return f"""# Gaps

A gap says what is missing from the record. It is counted, never silent, and makes the answers that
it touches incomplete (see [When an answer is complete](../explanation/completeness.md)).

{table(["code", "what happened"], rows)}
"""


def events_page() -> str:
    parts = ["# Events", (inspect.getdoc(event) or "").replace("`whence._base.ids`", "ids")]
    for cls in typing.get_args(event.Event):
        fields = msgspec.structs.fields(cls)
        rows = [(f"`{f.name}`", f"`{_type_name(f.type)}`", _default(f)) for f in fields]
        number = cls.__struct_config__.tag
        heading = f"## {number} {cls.__name__}\n\n{inspect.getdoc(cls)}"
        parts.append(f"{heading}\n\n{table(['field', 'type', 'default'], rows)}")
    return "\n\n".join(parts) + "\n"


def _type_name(annotation: object) -> str:
    text = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return text.replace("typing.", "").replace("whence.model.place.", "")


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return ""
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    return f"`{value!r}`"


# Observers


def observers() -> dict[str, str]:
    """The observers that come with Whence: library -> ``module:class``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    points: dict[str, str] = project["entry-points"]["whence.observers"]
    return points


def observers_page() -> str:
    parts = [
        "# Observers\n\nEach watches one library, attached when the program imports it. Others are "
        "added by packages: see [Write an observer](../how-to/write-an-observer.md)."
    ]
    for library, target in observers().items():
        module_name, _, class_name = target.partition(":")
        module = import_module(module_name)
        cls = getattr(module, class_name)
        tested = f"Tested with {library} {cls.tested}." if cls.tested else "A part of Python."
        parts.append(f"## {library}\n\n{inspect.getdoc(module)}\n\n{tested}")
    return "\n\n".join(parts) + "\n"
