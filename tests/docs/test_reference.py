"""Nothing is undocumented: commands, settings, errors, gaps, relations, kinds, events, names."""

import ast
import re
import typing
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest

from docs import generated
from whence._base.errors import WhenceError
from whence.model import gap, kind
from whence.model.event import Event
from whence.model.relation import Relation

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "whence").rglob("*.py"))


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return generated.pages()


def test_every_generated_page_is_in_the_contents_of_the_site(pages):
    contents = (ROOT / "mkdocs.yml").read_text()
    assert [path for path in pages if f": {path}\n" not in contents] == []


def test_every_written_page_is_in_the_contents_of_the_site():
    contents = (ROOT / "mkdocs.yml").read_text()
    written = [page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")]
    assert [page for page in written if f" {page}\n" not in contents] == []


def test_every_command_and_option_is_documented_and_has_an_example(pages):
    page = pages["reference/commands.md"]
    for name, command, context in generated.commands():
        assert f"## `{name}`" in page
        help_text = command.get_help(context)
        assert help_text in page
        if name != "whence":
            example = help_text.partition("xample")[2]
            assert re.search(rf"{name}\b", example), f"{name} has no example"
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.hidden or option.help, f"{name} {option.opts} has no help"


def test_every_setting_is_documented(pages):
    page = pages["reference/settings.md"]
    example = page.partition("```toml")[2].partition("```")[0]
    for table, key in generated.settings():
        assert f"[{table}]" in example
        assert re.search(rf"^{key} = ", example, re.MULTILINE), key


def test_every_variable_of_the_environment_is_documented():
    assert set(generated.environment_variables()) <= set(generated.VARIABLES)


def test_every_error_code_is_documented_once(pages):
    classes = generated.errors()
    assert WhenceError in classes
    codes = [cls.code for cls in classes]
    assert len(set(codes)) == len(codes)
    for cls in classes:
        assert f"| `{cls.code}` | `{cls.__name__}` | " in pages["reference/errors.md"]
        assert "code" in vars(cls), f"{cls.__name__} has the code of its parent"


def test_the_tree_at_the_top_of_the_errors_names_every_one():
    import whence._base.errors as module

    drawn = set(re.findall(r"\w+Error", module.__doc__))
    assert drawn == {
        cls.__name__ for cls in generated.errors() if cls.__module__ == module.__name__
    }


def test_every_relation_says_whether_it_is_followed(pages):
    for relation in Relation:
        followed = "yes" if relation.followed else "no"
        row = f"| `{relation.term}` | {int(relation)} | {followed} | "
        assert row in pages["reference/relations.md"]


def test_every_kind_event_and_gap_is_documented(pages):
    for name in [*kind.ACTIVITY_TERMS, *kind.ENTITY_TERMS, *kind.AGENT_TERMS]:
        assert f"| `{name}` |" in pages["reference/kinds.md"]
    for cls in typing.get_args(Event):
        assert f" {cls.__name__}\n" in pages["reference/events.md"]
    for code in gap.CODES:
        assert f"| `{code}` |" in pages["reference/gaps.md"]


def test_every_observer_is_documented(pages):
    ours = [p for p in entry_points(group="whence.observers") if p.value.startswith("whence.")]
    assert ours
    for point in ours:
        assert f"## {point.name}\n" in pages["reference/observers.md"]


def test_every_public_name_is_documented(pages):
    import whence

    for name in whence.__all__:
        if callable(getattr(whence, name)):
            assert f".{getattr(whence, name).__qualname__}\n" in pages["reference/python.md"] + "\n"


GAP_CALLS = {"guarded": 0, "count_gap": 0, "GapRecorded": 0}


def gap_codes_used() -> dict[str, str]:
    """Every gap code that the source spells at a call, with where."""
    used = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if called in GAP_CALLS and isinstance(first, ast.Constant):
                used[first.value] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return used


def test_every_gap_that_the_code_records_has_a_code_of_the_table():
    assert {code: at for code, at in gap_codes_used().items() if code not in gap.CODES} == {}
