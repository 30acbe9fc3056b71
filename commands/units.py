"""`parkloop units`: the known units, and conversions."""

from __future__ import annotations

import click

from .common import color, json_option


@click.command()
@click.argument("quantity", required=False)
@click.argument("unit", required=False)
@json_option
def units(quantity: str | None, unit: str | None, as_json: bool) -> None:
    """List the known units, or convert: parkloop units '120 万t/a' kt/a."""
    from ..flows.problems import InputError, Problem
    from ..flows.units import QuantityError, known_units, parse_quantity
    from ..reports.summary import Paper

    if quantity is None:
        rows = known_units()
        if as_json:
            import json

            click.echo(
                json.dumps(
                    [{"unit": name, "meaning": meaning} for name, meaning in rows],
                    ensure_ascii=False,
                )
            )
            return
        paper = Paper.on(color=color())
        table = paper.table("", [("unit", "left"), ("meaning", "left")])
        for name, meaning in rows:
            table.add_row(name, meaning)
        paper.print(table)
        return
    try:
        parsed = parse_quantity(quantity)
        value = parsed.to(unit) if unit else parsed.value
    except QuantityError as error:
        raise InputError([Problem(None, error.what, error.mend)]) from error
    click.echo(
        f"{value:.12g} {unit or parsed.unit}".strip() + ("" if unit else f"   ({parsed.dimension or 'dimensionless'})")
    )
