"""`parkloop schema`: the JSON Schema of what is read and written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

PRINTED: dict[str, tuple[str, str]] = {
    "result": ("reports", "solve"),
    "explanation": ("reports", "explain"),
    "alternatives": ("reports", "alternatives"),
    "pareto": ("reports", "pareto"),
    "sweep": ("reports", "sweep"),
    "comparison": ("audit", "compare"),
    "shares": ("audit", "shares"),
    "check": ("checks", "check"),
    "robustness": ("audit", "robustness"),
    "abatement": ("audit", "measures"),
    "ledger": ("audit", "ledger"),
    "circularity": ("audit", "circularity"),
}
"""room that ships the schema of what a command prints, as `NAME.schema.json`, and that command"""


def printed_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for the schema of each thing that is printed."""
    for name, (_, printer) in reversed(PRINTED.items()):
        text = f"The schema of `{printer} --json`."
        command = click.option(f"--{name}", "of", flag_value=name, help=text)(command)
    return command


@click.command()
@printed_options
def schema(of: str | None) -> None:
    """Print the JSON Schema of a case file, for editors (or of what a command prints).

    \b
    parkloop schema > parkloop.schema.json
    # yaml-language-server: $schema=parkloop.schema.json
    """
    import json
    from importlib.resources import files

    if of is None:
        from ..flows.schema import json_schema

        click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
        return
    root = __package__.rpartition(".")[0]
    text = files(f"{root}.{PRINTED[of][0]}").joinpath(f"{of}.schema.json").read_text(encoding="utf-8")
    click.echo(json.dumps(json.loads(text), indent=2, ensure_ascii=False))
