"""`parkloop schema`: the JSON Schema of what is read and written."""

from __future__ import annotations

from typing import Literal

import click


@click.command()
@click.option("--result", "of", flag_value="result", help="The schema of `solve --json` in place of the case's.")
@click.option("--explanation", "of", flag_value="explanation", help="The schema of `explain --json`.")
@click.option("--alternatives", "of", flag_value="alternatives", help="The schema of `alternatives --json`.")
def schema(of: Literal["result", "alternatives", "explanation"] | None) -> None:
    """Print the JSON Schema of a case file, for editors (or of what a command prints).

    \b
    parkloop schema > parkloop.schema.json
    # yaml-language-server: $schema=parkloop.schema.json
    """
    import json

    if of is None:
        from ..flows.schema import json_schema

        document = json_schema()
    else:
        from ..reports.json_result import schema_of

        document = schema_of(of)
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))
