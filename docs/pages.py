"""Write the pages of the documentation that are made from the code, and the picture of the README.

    python docs/pages.py            writes docs/model.md and docs/command_line.md
    python docs/pages.py --check    exits 1 where a page is not what the code says
    python docs/pages.py --picture  writes docs/qarhan.svg from a real solve of the Qarhan case

The law and the equation of a family stand in its docstring only; this prints them.
"""

from __future__ import annotations

import argparse
import inspect
import io
import sys
from pathlib import Path

import click

from parkloop import cli

DOCS = Path(__file__).parent
FAMILIES = (
    ("balance", "mass_balance"),
    ("capacity", "capacity"),
    ("units", "shared_capacity"),
    ("commitment", "commitment"),
    ("campaign", "campaigns"),
    ("load", "load_order"),
    ("investment", "investment"),
    ("retirement", "retirement"),
    ("installed", "installed"),
    ("offers", "offer_limits"),
    ("returns", "returns"),
    ("substitution", "substitution"),
    ("exchange", "exchange"),
    ("transport", "transport"),
    ("stock", "stock"),
    ("ramp", "ramp"),
    ("indicator", "linear_accounts"),
    ("policy", "policy_bounds"),
    ("allowance", "allowances"),
    ("banking", "banking"),
    ("growth", "growth"),
    ("objective", "objective"),
    ("extension", "extended"),
)
SVG = """<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
    font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
    font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width;
}}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""
"""picture of a terminal that loads nothing from a network"""


def model_page() -> str:
    """Return the page of the linear program, family by family."""
    from importlib import import_module

    parts = [
        "# The linear program",
        "Made from the docstrings of `models/` by `make docs`; the order is that of `models/compile.py`.",
    ]
    for module_name, function_name in FAMILIES:
        module = import_module(f"parkloop.models.{module_name}")
        law = inspect.getdoc(getattr(module, function_name)) or ""
        title = (inspect.getdoc(module) or "").split("\n")[0].rstrip(".")
        parts += [f"## {title}", f"`models/{module_name}.py`", f"```text\n{law}\n```"]
    return "\n\n".join(parts) + "\n"


def command_page() -> str:
    """Return the page of the command line: the help of every command."""
    parts = [
        "# The command line",
        "Made from the help of each command by `make docs`.",
        _help(cli.cli, "parkloop"),
    ]
    for name, command in sorted(cli.cli.commands.items()):
        parts += [f"## parkloop {name}", _help(command, f"parkloop {name}")]
    return "\n\n".join(parts) + "\n"


def _help(command: click.Command, name: str) -> str:
    context = click.Context(command, info_name=name, max_content_width=100, terminal_width=100)
    return f"```\n{command.get_help(context)}\n```"


def picture() -> str:
    """Return a picture of a real answer: Qarhan with its loops and without, the long tables left out."""
    from rich.console import Console

    from parkloop.flows.build import build_network
    from parkloop.flows.case import read_tree
    from parkloop.reports import summary
    from parkloop.reports.run import run_case

    case = DOCS.parent / "cases" / "parks" / "qarhan.yaml"
    tree = read_tree(case)
    results = [run_case(build_network(tree.case(name))) for name in ("base", "standalone")]
    console = Console(record=True, width=112, file=io.StringIO(), force_terminal=True, highlight=False)
    paper = summary.Paper(console, fancy=True)
    paper.print("[bold]$ parkloop solve cases/parks/qarhan.yaml -s base -s standalone[/]\n")
    summary.print_highlights(results[0], paper)
    paper.print("\n[dim]… the same for standalone …[/]")
    summary.print_side_by_side(results, paper)
    return console.export_svg(title="parkloop", code_format=SVG, unique_id="parkloop")


def main() -> int:
    """Write or check the pages."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--picture", action="store_true")
    arguments = parser.parse_args()
    if arguments.picture:
        (DOCS / "qarhan.svg").write_text(picture(), encoding="utf-8")
        return 0
    pages = {"model.md": model_page(), "command_line.md": command_page()}
    stale = [name for name, text in pages.items() if _read(DOCS / name) != text]
    if arguments.check:
        for name in stale:
            print(f"docs/{name} is not what the code says: run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    for name, text in pages.items():
        (DOCS / name).write_text(text, encoding="utf-8")
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
