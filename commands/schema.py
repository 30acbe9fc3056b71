"""`parkloop schema`: the JSON Schema of what is read and written."""

from __future__ import annotations

import click


@click.command()
@click.option(
    "--result",
    "of_result",
    is_flag=True,
    help="The schema of `solve --json` in place of the case's.",
)
def schema(of_result: bool) -> None:
    """Print the JSON Schema of a case file, for editors (or of a result).

    \b
    parkloop schema > parkloop.schema.json
    # yaml-language-server: $schema=parkloop.schema.json
    """
    import json

    if of_result:
        from ..reports.json_result import result_schema

        document = result_schema()
    else:
        from ..flows.schema import json_schema

        document = json_schema()
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))
