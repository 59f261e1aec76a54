"""``whence ask``: the questions about learning."""

from __future__ import annotations

import json
from typing import Any

import click

from whence.cli.settings import json_option, path_completions, questions, store_option


@click.command(
    "ask",
    epilog="""\b
Examples:
  whence ask --list
  whence ask q1 --model models/model.pt --show region --show year
  whence ask q3 --dataset learning/train.npz --metric loss
  whence ask q5 --range rows=100..750 --section epoch --each batch
  whence ask q7 --attribute tile_size=40 --json
  whence ask q4 --sparql
""",
)
@click.argument("question", required=False, metavar="[QUESTION]")
@click.option("--list", "lists", is_flag=True, help="The questions with their arguments.")
@click.option(
    "--model", metavar="THING", shell_complete=path_completions,
    help="The trained model: a path, a digest, an id or a name.",
)  # fmt: skip
@click.option(
    "--dataset", metavar="THING", shell_complete=path_completions,
    help="The training set: a path, a digest, an id or a name.",
)  # fmt: skip
@click.option(
    "--attribute", "given", multiple=True, metavar="KEY=VALUE",
    help="What the training set was generated for: an attribute of it or a parameter of the run"
    " that made it. VALUE is JSON, else a text. May be given several times.",
)  # fmt: skip
@click.option(
    "--range", "ranges", multiple=True, metavar="KEY=FROM..TO",
    help="As --attribute, where the value is a range: a list of the two.",
)  # fmt: skip
@click.option("--metric", metavar="NAME", help="The metric that is least in the best model.")
@click.option("--section", metavar="NAME", help="What the outer sections are called [epoch].")
@click.option("--each", metavar="NAME", help="What the iterations in them are called [batch].")
@click.option(
    "--show", "attributes", multiple=True, metavar="KEY",
    help="Only this attribute of the raw data; may be given several times.",
)  # fmt: skip
@click.option("--sparql", is_flag=True, help="Print the question in SPARQL instead.")
@json_option
@store_option
def command(
    question: str | None, lists: bool, given: tuple[str, ...], ranges: tuple[str, ...],
    attributes: tuple[str, ...], sparql: bool, as_json: bool, store: str | None,
    **texts: str | None,
) -> None:  # fmt: skip
    """Ask one of seven questions about learning: q1 to q7.

    What did a model learn from, how was that prepared, which model is best, how long did it take.
    They are those of Souza et al. (WORKS 2019, CCPE 2021), for data of any domain.
    """
    from whence.cli.output import width, write_json, write_lines
    from whence.query.ask.registry import QUESTIONS
    from whence.query.outline.ask import ask_lines, list_lines
    from whence.service import asking

    if lists or question is None:
        write_lines(list_lines())
        return
    arguments: dict[str, Any] = {key: text for key, text in texts.items() if text is not None}
    values = dict(map(_value, given)) | dict(map(_range, ranges))
    arguments |= {"given": values} if values else {}
    arguments |= {"attributes": list(attributes)} if attributes else {}
    if sparql and not arguments and question in QUESTIONS:
        click.echo(asking.general(question), nl=False)
        return
    with questions(store) as asked:
        if sparql:
            click.echo(asking.sparql(asked.store, asked.node_of, question, arguments), nl=False)
            return
        found = asked.ask(question, **arguments)
    if as_json:
        write_json(found)
    else:
        write_lines(ask_lines(found.records(), found.completeness, width()))


def _value(text: str) -> tuple[str, Any]:
    """``KEY=VALUE``."""
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise click.UsageError(f"--attribute is KEY=VALUE, such as tile_size=40; it is {text!r}")
    return key, _parsed(value)


def _range(text: str) -> tuple[str, list[Any]]:
    """``KEY=FROM..TO``."""
    key, _, value = text.partition("=")
    first, dots, last = value.partition("..")
    if not key or not dots or not first or not last:
        raise click.UsageError(f"--range is KEY=FROM..TO, such as rows=100..750; it is {text!r}")
    return key, [_parsed(first), _parsed(last)]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=str)
    except (ValueError, RecursionError):
        return text
