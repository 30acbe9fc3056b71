"""The command line: parse, call, print.

Answers go to standard output, everything else to standard error. Nothing heavy is imported before a command runs, so
that help answers at once. Exit codes: 0 done, 1 the answer is no, 2 wrong usage or invalid input, 3 infeasible or
unbounded, 4 stopped without proof, 70 our own bug, 130 interrupted; where several cases run, the worst one.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from .flows.case import CaseTree
    from .flows.network import Network
    from .flows.sampling import Sampling
    from .reports.result import Result
    from .solver.watch import Progress, Watcher

EXIT_DONE, EXIT_NO, EXIT_USAGE, EXIT_NO_ANSWER, EXIT_STOPPED, EXIT_BUG, EXIT_INTERRUPTED = (
    0,
    1,
    2,
    3,
    4,
    70,
    130,
)
SAY_EVERY, LINE_EVERY = 0.5, 10.0
"""time between two words on a solve, on a terminal and elsewhere, s"""
STATUS_EXITS = {"optimal": EXIT_DONE, "infeasible": EXIT_NO_ANSWER, "unbounded": EXIT_NO_ANSWER}

Command = TypeVar("Command", bound=Callable[..., Any])


def case_options(command: Command) -> Command:
    """Add what every command on a case takes: the case, scenarios and settings."""
    for decorate in (
        click.option(
            "--set",
            "sets",
            metavar="PATH=VALUE",
            multiple=True,
            help="Replace one value of the case, e.g. parks.qarhan.buy.coal.price='600 CNY/t'. Repeatable.",
        ),
        click.option(
            "-s",
            "--scenario",
            "scenarios",
            metavar="NAME",
            multiple=True,
            help="Scenario of the case (default: base; a grid for all of its; `all` for every one). Repeatable.",
        ),
        click.argument("case"),
    ):
        command = decorate(command)
    return command


language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(["en", "zh"]),
    default="en",
    show_default=True,
    help="Language of names.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON in place of tables.")


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
    parkloop explain CASE [WHAT]  a shadow price, a limit, or why there is no answer, in plain words
    parkloop sweep CASE           many samples of some figures, in one file
    parkloop pareto CASE --between profit,co2    what one indicator costs in another
    parkloop validate CASE        language, units, closure of every recipe, sources and sinks
    parkloop show CASE            what the case contains, down to the source of a figure

    Exit codes: 0 done, 1 no, 2 invalid input, 3 infeasible or unbounded, 4 stopped, 70 bug, 130 interrupted.
    """
    context.obj = {"quiet": quiet, "debug": debug}


@cli.command()
@click.argument("cases", nargs=-1, required=True, metavar="CASE...")
@json_option
@click.pass_obj
def validate(obj: dict[str, bool], cases: tuple[str, ...], as_json: bool) -> None:
    """Check cases or libraries without solving them.

    Checks the language, every unit, that every recipe closes on mass and on each element, and that every material can
    come from somewhere and go somewhere, in every scenario.
    """
    from .reports.checking import check_file

    worst = EXIT_DONE
    for number, path in enumerate(cases):
        _progress(obj, f"validate {path} ({number + 1}/{len(cases)})")
        report = check_file(path)
        _progress(obj, "")
        if as_json:
            click.echo(report.to_json())
        elif report.valid:
            click.echo(report.sentence)
        _say_problems(report.problems, obj)
        worst = max(worst, EXIT_DONE if report.valid else EXIT_USAGE)
    sys.exit(worst)


@cli.command()
@case_options
@click.option("--objective", metavar="SENSE:INDICATOR", help="Optimise something else, e.g. minimise:co2.")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for result.json and csv tables.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Budget of the solver.",
)
@click.option(
    "--memory-limit",
    type=click.FloatRange(min=0, min_open=True),
    metavar="GB",
    help="Stop the solver when the process holds more memory.",
)
@click.option(
    "--extend",
    "extension",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.py",
    help="Python file with constraints of your own; it is run, so use only files you trust (docs/extend.md).",
)
@json_option
@language_option
@click.pass_obj
def solve(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    objective: str | None,
    output: Path | None,
    time_limit: float | None,
    memory_limit: float | None,
    extension: Path | None,
    as_json: bool,
    language: Literal["en", "zh"],
) -> None:
    """Find the best allocation of a case.

    Prints money, energy and carbon, what each plant runs at, what became of the by-products, and the limits that bind
    hardest. With --json one object a scenario (one a line where there are several).
    """
    from .reports.json_result import dump_result, save_result
    from .solver.watch import held_memory

    if memory_limit is not None and held_memory() is None:
        raise click.BadParameter("this system does not tell what a process holds", param_hint="--memory-limit")
    tree = _read(case)
    worst = EXIT_DONE
    chosen = _scenarios(tree, scenarios)
    answered = []
    settings = [*sets, *_objective_setting(objective)]
    for number, scenario in enumerate(chosen):
        _progress(obj, f"solve {scenario} ({number + 1}/{len(chosen)})")
        result = _solve_one(obj, tree, scenario, settings, (time_limit, memory_limit), extension)
        _progress(obj, "")
        if output is not None:
            save_result(result, output / scenario if len(chosen) > 1 else output)
        if as_json:
            click.echo(dump_result(result, indent=None if len(chosen) > 1 else 2))
        else:
            _print_summary(result, language)
            _print_diagnosis(result)
            answered += [result] if result.optimal else []
        worst = max(worst, STATUS_EXITS.get(result.status, EXIT_STOPPED))
    if len(answered) > 1:
        _print_side_by_side(answered, language)
    sys.exit(worst)


def _solve_one(
    obj: dict[str, bool],
    tree: CaseTree,
    scenario: str,
    sets: Sequence[str],
    limits: tuple[float | None, float | None],
    extension: Path | None = None,
) -> Result:
    """Solve one scenario; the limits are those of time in s and of memory in GB."""
    clock = time.perf_counter()
    network = _network(obj, tree, scenario, sets)
    from dataclasses import asdict, replace

    from .flows.fingerprint import fingerprint
    from .reports.run import run_case  # not before the input is known to be good: it imports the solver
    from .solver.solution import SolveOptions

    read = asdict(fingerprint(tree, tree.case(scenario, sets), sets))
    options = SolveOptions(time_limit=limits[0], memory_limit=limits[1], watcher=_watcher(obj, scenario))
    result = run_case(network, options, read_seconds=time.perf_counter() - clock, extend=extension)
    result = replace(result, input=read)
    if result.status in ("infeasible", "unbounded"):
        from .reports.diagnosing import with_diagnosis

        _progress(obj, f"solve {scenario}: {result.status}, looking for the cause")
        return with_diagnosis(result, tree, scenario, sets, replace(options, watcher=None), extension)
    return result


def _watcher(obj: dict[str, bool], scenario: str) -> Watcher | None:
    """Say how far a solve is: on a terminal at once and in one line, elsewhere in a line every ten seconds."""
    if obj["quiet"]:
        return None
    fancy = sys.stderr.isatty()
    said = [time.perf_counter()]

    def watch(progress: Progress) -> None:
        now = time.perf_counter()
        if now - said[0] < (SAY_EVERY if fancy else LINE_EVERY):
            return
        said[0] = now
        parts = [f"solve {scenario}: {progress.seconds:.0f} s"]
        parts += [f"step {progress.iterations}"] if progress.iterations else []
        parts += [f"objective {progress.objective:.6g}"] if progress.objective is not None else []
        parts += [f"bound {progress.bound:.6g}"] if progress.bound is not None else []
        parts += [f"gap {progress.gap:.2%}"] if progress.gap is not None else []
        text = ", ".join(parts)
        click.echo(f"\r\x1b[K{text}" if fancy else text, nl=not fancy, err=True)

    return watch


def _network(obj: dict[str, bool], tree: CaseTree, scenario: str, sets: Iterable[str]) -> Network:
    from .flows.build import build_network
    from .flows.problems import Findings

    findings = Findings()
    network = build_network(tree.case(scenario, sets), findings)
    _say_problems(findings.problems, obj)
    return network


def _print_summary(result: Result, language: Literal["en", "zh"]) -> None:
    from .reports.summary import Paper, print_summary

    print_summary(result, Paper.on(color=_color()), language)
    click.echo()


def _print_diagnosis(result: Result) -> None:
    if result.diagnosis is not None:
        from .reports.diagnosing import print_short
        from .reports.summary import Paper

        print_short(result, Paper.on(color=_color()))


def _print_side_by_side(results: list[Result], language: Literal["en", "zh"]) -> None:
    from .reports.summary import Paper, print_side_by_side

    print_side_by_side(results, Paper.on(color=_color()), language)


@cli.command()
@case_options
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="File to write, or folder for csv; of several scenarios, each gets its name before the ending.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["mps", "lp", "csv", "json"]),
    help="Format (default: by the ending of FILE).",
)
@click.pass_obj
def export(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    output: Path,
    form: str | None,
) -> None:
    """Write a case for other programs, and print the path of each file.

    \b
    mps, lp   the linear program in user units with readable names, for any solver; not solved
    csv       a folder with the tables flows, plants, prices and policies of the answer
    json      the answer, as `solve --json` prints it
    """
    from .reports.export import export as write
    from .reports.export import format_of

    tree = _read(case)
    chosen = _scenarios(tree, scenarios)
    kind = format_of(output, form)
    worst = EXIT_DONE
    for number, scenario in enumerate(chosen):
        _progress(obj, f"export {scenario} ({number + 1}/{len(chosen)})")
        path = output if len(chosen) == 1 else output.with_name(f"{output.stem}.{scenario}{output.suffix}")
        clock = time.perf_counter()
        status = write(_network(obj, tree, scenario, sets), path, kind, time.perf_counter() - clock)
        worst = max(worst, EXIT_DONE if status == "written" else STATUS_EXITS.get(status, EXIT_STOPPED))
        if path.exists():
            click.echo(str(path))
        if status not in ("written", "optimal"):
            click.echo(f"error: {scenario} is {status}: there are no figures to export", err=True)
    sys.exit(worst)


@cli.command()
@case_options
@click.argument("what", required=False, default="overview")
@json_option
@language_option
def show(
    case: str,
    what: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    as_json: bool,
    language: Literal["en", "zh"],
) -> None:
    """Show what a case contains.

    WHAT is overview (default), materials, processes, plants, offers, routes, stores, periods, returns, sources, or the
    name of one material or process, which is then shown with every figure, its range and its source.
    """
    from .reports.contents import contents, print_contents
    from .reports.summary import Paper

    tree = _read(case)
    for scenario in _scenarios(tree, scenarios):
        view = contents(tree.case(scenario, sets), what)
        if as_json:
            click.echo(view.to_json())
        else:
            print_contents(view, Paper.on(color=_color()), language)


@cli.command()
@case_options
@click.argument("what", required=False, default="")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Budget of each solve.",
)
@json_option
@click.pass_obj
def explain(
    obj: dict[str, bool],
    case: str,
    what: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    time_limit: float | None,
    as_json: bool,
) -> None:
    """Explain an answer, or why there is none, in the words and lines of the case.

    \b
    WHAT is
      nothing            what binds and what it is worth; or why there is no answer, and what would give one
      a material         what one more or one less is worth, and the price at which it would be bought or sold
      a plant            what its capacity is worth, or the price at which it would run
      a policy           what its bound costs
      program            what the case became: blocks, ranges and extreme coefficients with their lines; not solved
      a path             an offer (parks.qarhan.buy.coal) or anything else that limits, e.g. routes.qarhan_golmud

    A material or plant may be written PARK.NAME. Prices say how far they hold and what binds next.
    """
    from .reports.explaining import explain_case
    from .reports.summary import Paper
    from .solver.solution import SolveOptions

    tree = _read(case)
    worst = EXIT_DONE
    chosen = _scenarios(tree, scenarios)
    for scenario in chosen:
        _progress(obj, f"explain {scenario}")
        explanation = explain_case(tree, scenario, sets, what, SolveOptions(time_limit=time_limit))
        _progress(obj, "")
        _say_problems(explanation.problems, obj)
        if as_json:
            click.echo(explanation.to_json(indent=None if len(chosen) > 1 else 2))
        else:
            explanation.print(Paper.on(color=_color()))
        worst = max(worst, {**STATUS_EXITS, "read": EXIT_DONE}.get(explanation.status, EXIT_STOPPED))
    sys.exit(worst)


@cli.command()
@case_options
@click.option(
    "--vary",
    "vary",
    metavar="PATH=VALUES",
    multiple=True,
    required=True,
    help="LOW:HIGH, LOW:HIGH:STEPS, a list a,b,c or a distribution such as normal(420, 40 CNY/t). Repeatable.",
)
@click.option("--samples", type=click.IntRange(min=1), metavar="N", help="How many samples to take.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the samples.")
@click.option(
    "--sampling",
    type=click.Choice(["grid", "sobol", "latin", "random"]),
    help="How to choose samples (default: grid where all have steps, otherwise sobol).",
)
@click.option("--record", metavar="PATTERN", multiple=True, help="Keep flows too, e.g. 'run[*]'. Repeatable.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes to solve in.")
@click.option("--scheduler", metavar="ADDRESS", help="Dask cluster to solve on, e.g. tcp://127.0.0.1:8786.")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Budget of each solve; results then depend on the machine.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help="File of all samples: .sqlite or .parquet. One that is there already is gone on with.",
)
@json_option
@click.pass_obj
def sweep(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    vary: tuple[str, ...],
    samples: int | None,
    seed: int,
    sampling: Sampling | None,
    record: tuple[str, ...],
    workers: int,
    scheduler: str | None,
    time_limit: float | None,
    output: Path,
    as_json: bool,
) -> None:
    """Solve a case for many values of some of its figures, and keep every answer in one file.

    A sweep that is stopped goes on when the same command is given again. A sample that cannot be read or has no answer
    is recorded with its reason. The file is the same whatever the number of workers (docs/sweeps.md).
    """
    from .reports.summary import Paper
    from .reports.sweeping import Meter, SweepRequest, run_sweep

    tree = _read(case)
    request = SweepRequest(
        vary=vary,
        output=output,
        scenarios=_scenarios(tree, scenarios),
        sets=sets,
        samples=samples,
        seed=seed,
        sampling=sampling,
        record=record,
        time_limit=time_limit,
        workers=workers,
        scheduler=scheduler,
    )
    meter = Meter(lambda text: _progress(obj, text), None if obj["quiet"] else lambda text: click.echo(text, err=True))
    summary = run_sweep(tree, request, meter)
    _progress(obj, "")
    click.echo(summary.to_json()) if as_json else summary.print(Paper.on(color=_color()))
    sys.exit(max(STATUS_EXITS.get(it, EXIT_NO) for it in summary.statuses) if summary.hopeless else EXIT_DONE)


@cli.command()
@case_options
@click.option("--between", metavar="A,B[,C]", required=True, help="Indicators, e.g. profit,co2 or max:salt,min:brine.")
@click.option("-n", "count", type=click.IntRange(3, 1000), help="Bounds for each but the first [20; of three 6].")
@click.option("--range", "ranges", metavar="B=LOW:HIGH", multiple=True, help="Follow a part only. Repeatable.")
@click.option(
    "--corners", is_flag=True, help="Find every corner of the front in place of even bounds (two indicators)."
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.csv", help="Table.")
@click.option(
    "--time-limit", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Budget of each solve."
)
@json_option
@click.pass_obj
def pareto(
    obj: dict[str, bool],
    case: str,
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    between: str,
    count: int | None,
    ranges: tuple[str, ...],
    corners: bool,
    output: Path | None,
    time_limit: float | None,
    as_json: bool,
) -> None:
    """Trade off two or three indicators: the plans where nothing gets better without something else getting worse.

    Profit, revenue and value_added are maximised, all else minimised, unless max: or min: says otherwise.
    """
    from .reports.summary import Paper

    tree = _read(case)
    worst = EXIT_DONE
    chosen = _scenarios(tree, scenarios)
    for scenario in chosen:
        _progress(obj, f"pareto {scenario}")
        network = _network(obj, tree, scenario, sets)
        from .reports.tradeoffs import trade_off
        from .solver.solution import SolveOptions

        number = count or (6 if between.count(",") > 1 else 20)
        found = trade_off(network, between, number, ranges, corners, SolveOptions(time_limit=time_limit))
        _progress(obj, "")
        if output is not None:
            path = output if len(chosen) == 1 else output.with_name(f"{output.stem}.{scenario}{output.suffix}")
            path.write_text(found.to_csv(), encoding="utf-8")
        if as_json:
            click.echo(found.to_json(indent=None if len(chosen) > 1 else 2))
        else:
            found.print(Paper.on(color=_color()))
        worst = max(worst, STATUS_EXITS.get(found.status, EXIT_STOPPED))
    sys.exit(worst)


@cli.command()
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
        from .reports.json_result import result_schema

        document = result_schema()
    else:
        from .flows.schema import json_schema

        document = json_schema()
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


@cli.command()
@click.argument("quantity", required=False)
@click.argument("unit", required=False)
@json_option
def units(quantity: str | None, unit: str | None, as_json: bool) -> None:
    """List the known units, or convert: parkloop units '120 万t/a' kt/a."""
    from .flows.problems import InputError, Problem
    from .flows.units import QuantityError, known_units, parse_quantity
    from .reports.summary import Paper

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
        paper = Paper.on(color=_color())
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


def _read(path: str) -> CaseTree:
    from .flows.case import read_tree

    return read_tree(path)


def _scenarios(tree: CaseTree, names: tuple[str, ...]) -> tuple[str, ...]:
    return tree.select(names)


def _objective_setting(objective: str | None) -> list[str]:
    if objective is None:
        return []
    sense, colon, indicator = objective.partition(":")
    if not colon or sense not in ("maximise", "minimise") or not indicator:
        raise click.BadParameter("write SENSE:INDICATOR, e.g. minimise:co2", param_hint="--objective")
    return [f"objective={{{sense}: {indicator}}}"]


def _color() -> bool | None:
    return False if os.environ.get("NO_COLOR") else None


def _progress(obj: dict[str, bool], text: str) -> None:
    """Say what is being done, on a terminal only; an empty text wipes it."""
    if not obj["quiet"] and sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text}", nl=False, err=True)


def _say_problems(problems: Iterable[Any], obj: dict[str, bool]) -> None:
    from .flows.problems import render

    for problem in problems:
        if problem.severity == "error" or not obj["quiet"]:
            click.echo(render(problem), err=True)


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
