"""The command line: its group of commands, and how it ends. Each command is a file of `commands/`.

Answers go to standard output, everything else to standard error. Nothing heavy is imported before a command runs, so
that help answers at once. Exit codes: 0 done, 1 the answer is no, 2 wrong usage or invalid input, 3 infeasible or
unbounded, 4 stopped without proof, 70 our own bug, 130 interrupted; where several cases run, the worst one.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from .commands.alternatives import alternatives
from .commands.common import EXIT_BUG, EXIT_DONE, EXIT_INTERRUPTED, EXIT_USAGE
from .commands.compare import compare
from .commands.explain import explain
from .commands.export import export
from .commands.pareto import pareto
from .commands.schema import schema
from .commands.shares import shares
from .commands.show import show
from .commands.solve import solve
from .commands.sweep import sweep
from .commands.units import units
from .commands.validate import validate


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="parkloop", message="parkloop %(version)s")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only on standard error.")
@click.option("--debug", is_flag=True, help="Show the traceback of an internal error.")
@click.pass_context
def cli(context: click.Context, quiet: bool, debug: bool) -> None:
    """Optimise the material flows of industrial parks: by-product reuse, energy and emissions.

    \b
    parkloop solve CASE           the best allocation, with what binds and what it is worth
    parkloop solve CASE -s all    every scenario of the case
    parkloop compare CASE         scenarios, cases and saved results side by side
    parkloop explain CASE [WHAT]  a shadow price, a limit, or why there is no answer, in plain words
    parkloop sweep CASE           many samples of some figures, in one file
    parkloop pareto CASE --between profit,co2    what one indicator costs in another
    parkloop alternatives CASE    what else is within 1 % of the optimum
    parkloop shares CASE          the joint saving split among companies or parks, and who would leave
    parkloop validate CASE        language, units, closure of every recipe, sources and sinks
    parkloop show CASE            what the case contains, down to the source of a figure

    Exit codes: 0 done, 1 no, 2 invalid input, 3 infeasible or unbounded, 4 stopped, 70 bug, 130 interrupted.
    """
    context.obj = {"quiet": quiet, "debug": debug}


for command in (alternatives, compare, explain, export, pareto, schema, shares, show, solve, sweep, units, validate):
    cli.add_command(command)


def _report_bug(error: BaseException) -> int:
    """Save the traceback of our own bug and say where it is."""
    import tempfile
    import traceback

    text = "".join(traceback.format_exception(error))
    if "--debug" in sys.argv:
        click.echo(text, err=True)
        return EXIT_BUG
    with tempfile.NamedTemporaryFile("w", prefix="parkloop-", suffix=".log", delete=False, encoding="utf-8") as file:
        file.write(" ".join(sys.argv) + "\n" + text)
    click.echo(f"error: this is a bug in parkloop ({type(error).__name__}: {error})", err=True)
    click.echo(f"  help: please report it with the file {file.name}", err=True)
    return EXIT_BUG


def main() -> NoReturn:
    """Run the command line and translate every failure into its exit code."""
    gc.set_threshold(100_000)  # a command makes many small objects and few cycles; sweeping often only costs time
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # none are used; looking for them costs 20 ms
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 must not lose the answer
    code = run()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        pass  # nobody reads any more
    except OSError as error:  # the disk behind standard output is full
        code = max(code, _expected_failure(error))
    os._exit(code)  # the interpreter would first take every object apart, which costs a user 20 to 30 ms


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line (default: the arguments of the process) and return its exit code."""
    try:
        cli.main(arguments, prog_name="parkloop", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE
    except (click.Abort, KeyboardInterrupt) as stop:
        proved = getattr(stop, "proved", "") or getattr(stop.__cause__, "proved", "")
        click.echo(f"interrupted; {proved}" if proved else "interrupted", err=True)
        return EXIT_INTERRUPTED
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else EXIT_DONE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_DONE
    except Exception as error:
        return _expected_failure(error)
    return EXIT_DONE


def _expected_failure(error: Exception) -> int:
    from .flows.problems import InputError

    if isinstance(error, InputError):
        click.echo(str(error), err=True)
        return EXIT_USAGE
    if isinstance(error, OSError):
        click.echo(f"error: {error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True)
        return EXIT_USAGE
    return _report_bug(error)


if __name__ == "__main__":
    main()
