"""The command line: its group of commands, and how it ends. Each command is a file of `commands/`.

Answers go to standard output, everything else to standard error. Nothing heavy is imported before a command runs, so
that help answers at once. Exit codes: 0 done, 1 the answer is no, 2 wrong usage or invalid input, 3 infeasible or
unbounded, 4 stopped without proof, 70 our own bug, 130 interrupted; where several cases run, the worst one.
"""

from __future__ import annotations

import errno
import gc
import io
import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn, TextIO

import click

from .commands.alternatives import alternatives
from .commands.check import check
from .commands.circularity import circularity
from .commands.common import EXIT_BUG, EXIT_DONE, EXIT_INTERRUPTED, EXIT_STOPPED, EXIT_USAGE
from .commands.compare import compare
from .commands.explain import explain
from .commands.export import export
from .commands.ledger import ledger
from .commands.measures import measures
from .commands.pareto import pareto
from .commands.report import report
from .commands.robustness import robustness
from .commands.schema import schema
from .commands.shares import shares
from .commands.show import show
from .commands.solve import solve
from .commands.sweep import sweep
from .commands.units import units
from .commands.validate import validate

LACK_OF_MEMORY = ("failed to map segment", "cannot allocate memory", "Cannot allocate memory", "can't start new thread")
"""how the linker and the threads of a library say that there is no memory"""

LEAST_MEMORY = 128_000_000
"""address space that no command can do without, bytes"""


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
    parkloop report CASE -o FILE.html    one page to read, with pictures of the flows and every source
    parkloop explain CASE [WHAT]  a shadow price, a limit, or why there is no answer, in plain words
    parkloop sweep CASE           many samples of some figures, in one file
    parkloop pareto CASE --between profit,co2    what one indicator costs in another
    parkloop alternatives CASE    what else is within 1 % of the optimum
    parkloop measures CASE        what measures abate and cost, the curve, and the best under a budget
    parkloop shares CASE          the joint saving split among companies or parks, and who would leave
    parkloop check PATH...        every case against its expectations and baselines, for pipelines
    parkloop robustness CASE      the numbers that a finding rests on, and how likely it holds
    parkloop ledger CASE          what each exchange is worth, and that it adds up
    parkloop circularity CASE     what became of by-products and wastes, and the official indicators
    parkloop validate CASE        language, units, closure of every recipe, sources and sinks
    parkloop show CASE            what the case contains, down to the source of a figure

    Exit codes: 0 done, 1 no, 2 invalid input, 3 infeasible or unbounded, 4 stopped, 70 bug, 130 interrupted.
    """
    context.obj = {"quiet": quiet, "debug": debug}
    _check_memory()


for command in (
    alternatives,
    check,
    circularity,
    compare,
    explain,
    export,
    measures,
    ledger,
    pareto,
    report,
    robustness,
    schema,
    shares,
    show,
    solve,
    sweep,
    units,
    validate,
):
    cli.add_command(command)


def _check_memory() -> None:
    """Raise MemoryError where the limit of the process is too low for numpy, which would end the process itself."""
    with suppress(ImportError):
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit != resource.RLIM_INFINITY and limit < LEAST_MEMORY:
            raise MemoryError


def _report_bug(error: BaseException) -> int:
    """Save the traceback of our own bug and say where it is."""
    import tempfile
    import traceback

    text = "".join(traceback.format_exception(error))
    if "--debug" in sys.argv:
        click.echo(text, err=True)
        return EXIT_BUG
    click.echo(f"error: this is a bug in parkloop ({type(error).__name__}: {error})", err=True)
    try:
        handle, log = tempfile.mkstemp(prefix="parkloop-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(" ".join(sys.argv) + "\n" + text)
    except OSError:  # no folder for it, or no room
        click.echo(f"{text}  help: please report it with these lines", err=True)
    else:
        click.echo(f"  help: please report it with the file {log}", err=True)
    return EXIT_BUG


def main() -> NoReturn:
    """Run the command line and translate every failure into its exit code."""
    gc.set_threshold(100_000)  # a command makes many small objects and few cycles; sweeping often only costs time
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # sums come out alike on any machine, and take less memory
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # none are used; looking for them costs 20 ms
    _open_streams()
    code = run()
    try:
        sys.stdout.flush()
    except OSError as error:  # the disk behind standard output is full
        code = max(code, _expected_failure(error))
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)  # the interpreter would first take every object apart, which costs a user 20 to 30 ms


def _open_streams() -> None:
    """Give the process three streams that take every character; those that its parent closed lead nowhere.

    Without them the first file that is opened would be standard output, and a library that prints would write into it.
    """
    missing = []
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            missing.append(number)
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if number in missing or getattr(sys, name) is None:
            setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8", closefd=False))  # noqa: SIM115
    sys.stdout, sys.stderr = map(_Stream.of, (sys.stdout, sys.stderr))


UNSEEN = re.compile(
    "\x1b\\[[0-9;]*[A-Za-z]?|[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
"""what a terminal acts on or hides, but for ends of lines"""
STYLE = re.compile("\x1b\\[([0-9;]*m|K)")
"""colours, and the end of a line of progress: what a terminal may be told"""


def _neutral(text: str, allowed: re.Pattern[str] | None) -> str:
    """Write a control as an escape, as JSON does, unless it is allowed."""
    if allowed and allowed.fullmatch(text):
        return text
    return "".join(f"\\u{ord(one):04x}" if UNSEEN.match(one) else one for one in text)


class _Stream(io.TextIOWrapper):
    """A stream that goes on where nobody reads any more, so that the exit code still says what was found.

    Names of files and texts of a case pass through it: what would act on a terminal is written as an escape. Those who
    print neutralise such texts themselves; this is for those who forget.
    """

    @classmethod
    def of(cls, stream: TextIO) -> TextIO:
        """Return a stream over the same file; characters that it cannot encode are written as escapes."""
        if not isinstance(stream, io.TextIOWrapper):
            return stream
        encoding, by_line = stream.encoding, stream.line_buffering
        return cls(stream.detach(), encoding=encoding, errors="backslashreplace", line_buffering=by_line)

    def write(self, text: str) -> int:
        if not text.isprintable():
            allowed = STYLE if self.isatty() or os.environ.get("FORCE_COLOR") else None
            text = UNSEEN.sub(lambda found: _neutral(found[0], allowed), text)
        try:
            return super().write(text)
        except BrokenPipeError:
            self._nobody_reads()
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except BrokenPipeError:
            self._nobody_reads()

    def _nobody_reads(self) -> None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())


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
        if _was_interrupted(error):
            click.echo("interrupted", err=True)
            return EXIT_INTERRUPTED
        return _expected_failure(error)
    return EXIT_DONE


def _was_interrupted(error: BaseException | None) -> bool:
    """Tell whether an error came of Ctrl-C; pydantic, building its models, turns it into an error that only says so."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        if type(error).__name__ == "SchemaError" and "KeyboardInterrupt" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _expected_failure(error: Exception) -> int:
    """Say what failed, and return the exit code: the input, the system, the memory, or else a bug of ours."""
    if _lacks_memory(error):
        click.echo("error: there is not enough memory", err=True)
        mend = "end other programs, raise the limit (`ulimit -v`), or take fewer or longer periods"
        click.echo(f"  help: {mend}", err=True)
        return EXIT_STOPPED
    from .flows.problems import InputError

    if isinstance(error, InputError):
        click.echo(str(error), err=True)
        return EXIT_USAGE
    if isinstance(error, OSError):
        where = error.filename or ("standard output" if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EIO) else "")
        click.echo(f"error: {error.strerror or error}: {where}".rstrip(": "), err=True)
        return EXIT_USAGE
    return _report_bug(error)


def _lacks_memory(error: BaseException | None) -> bool:
    """Tell whether an error, or one that it came of, says that the memory is used up; libraries say it in many ways."""
    while error is not None:
        if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
            return True
        if isinstance(error, ImportError | RuntimeError) and any(words in str(error) for words in LACK_OF_MEMORY):
            return True
        error = error.__cause__ or error.__context__
    return False


if __name__ == "__main__":
    main()
