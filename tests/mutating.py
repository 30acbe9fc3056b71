"""Mutation testing: change one thing in a module, and see whether its tests notice. `make mutants` starts it.

    python tests/mutating.py flows/chemistry.py models [--sample N] [--seed S] [--only LINE,LINE] [--again FILE]

`tests/mutations.py` says what is changed. Each mutant runs in a process forked from one that has loaded the libraries
and the rooms below that of the module; there the module is compiled from the changed tree as it is imported. The tests
of the module (TESTS) run until the first fails: those first that killed former mutants, then the quick ones. A mutant
is killed where a test fails, where importing fails, or where the tests take twenty times as long as without a change.
Hypothesis does not look for smaller examples, which would only take time.

Prints the survivors with their lines, then the score. What survives is mended by a test, or is shown to be equal to the
original in `tests/equivalent_mutants.yaml`: change by change, each with its reason. Such a mutant runs like all others;
while it survives, it counts for itself and not in the score.
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

from mutations import mutants

ROOT = Path(__file__).resolve().parents[1]
MODELS = ("test_hello.py", "test_program.py")
INVESTING = ("test_investment.py", "test_building.py", "test_laying.py", "test_retirement.py")
NAMED = (
    "test_stages.py", "test_stock.py", "test_ramp.py", "test_transport.py", "test_shared_capacity.py",
    "test_banking.py", "test_investment.py", "test_commitment.py", "test_campaign.py", "test_load.py",
    "test_returns.py", "test_substitution.py", "test_offers.py", "test_exchange.py", "test_balance.py",
    "test_policy.py",
)  # fmt: skip
"""their rows and columns are looked up by name"""
POLICIES = ("test_policy.py", "test_policy_kinds.py")
TESTS: dict[str, tuple[str, ...]] = {
    "flows/chemistry.py": ("test_chemistry.py",),
    "flows/units.py": ("test_units.py",),
    "solver/certificate.py": ("test_certificate.py", "test_commitment.py", "test_values.py"),
    "models/allowance.py": ("test_banking.py", "test_policy_kinds.py"),
    "models/assembly.py": ("test_program.py", "test_stock.py", "test_ratios.py", "test_values.py"),
    "models/balance.py": ("test_balance.py", "test_stock.py", "test_transport.py", "test_links.py", *MODELS),
    "models/banking.py": ("test_banking.py",),
    "models/campaign.py": ("test_campaign.py",),
    "models/capacity.py": ("test_capacity.py", *MODELS),
    "models/commitment.py": ("test_commitment.py",),
    "models/compile.py": (
        *NAMED,
        "test_limits_in_time.py",
        "test_retirement.py",
        "test_objective.py",
        *INVESTING,
        *POLICIES,
    ),
    "models/coverage.py": (*POLICIES, "test_ratios.py", "test_banking.py", "test_values.py"),
    "models/exchange.py": ("test_exchange.py", "test_links.py", *MODELS),
    "models/extension.py": ("test_extension.py", "test_values.py"),
    "models/growth.py": ("test_banking.py",),
    "models/indicator.py": (
        "test_values.py",
        "test_indicator.py",
        "test_factor_profiles.py",
        "test_links.py",
        "test_commitment.py",
        "test_stock.py",
        "test_transport.py",
        *INVESTING,
        *POLICIES,
        *MODELS,
    ),
    "models/installed.py": INVESTING,
    "models/investment.py": INVESTING,
    "models/load.py": ("test_load.py",),
    "models/names.py": ("test_names.py",),
    "models/objective.py": ("test_objective.py", "test_stages.py", *MODELS),
    "models/offers.py": ("test_offers.py", *MODELS),
    "models/policy.py": (*POLICIES, "test_ratios.py", "test_objective.py"),
    "models/builder.py": ("test_program.py", "test_values.py", "test_commitment.py", "test_stages.py"),
    "models/program.py": ("test_program.py", "test_values.py", "test_commitment.py", "test_stages.py"),
    "models/pyomo_model.py": ("test_pyomo_model.py", "test_stock.py"),
    "models/ramp.py": ("test_ramp.py",),
    "models/retirement.py": ("test_retirement.py",),
    "models/returns.py": ("test_returns.py",),
    "models/stock.py": ("test_stock.py",),
    "models/substitution.py": ("test_substitution.py", *MODELS),
    "models/transport.py": ("test_transport.py",),
    "models/units.py": ("test_shared_capacity.py",),
    "models/weighing.py": ("test_nearby.py", "test_values.py"),
}
"""which tests look at a module"""
LIBRARIES = (
    "numpy", "pydantic", "yaml", "click", "hypothesis", "pytest", "pint", "molmass", "scipy.sparse", "rich.table",
    "pandas", "highspy", "pyomo.environ", "pyomo.repn", "jinja2",
)  # fmt: skip
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.yaml")


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a changed tree."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.path, self.tree = name, path, tree

    def find_spec(self, name: str, path: object, target: object = None) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.tree, str(self.path), "exec"), module.__dict__)


class Trial:
    """Runs the tests of a module on mutants of it, and learns which tests to run first."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.seconds: dict[str, float] = {}
        """duration of each test without a change"""
        self.killers: list[str] = []
        """tests that killed mutants, the last one first"""
        self.failed: list[str] = []

    def survives(self, tree: ast.Module, patience: float) -> bool:
        """Tell whether all tests pass on a mutant."""
        with tempfile.TemporaryDirectory() as folder:
            told = Path(folder) / "told"
            child = os.fork()
            if not child:
                self._run_tests(tree, told)
            status = _wait(child, patience)
            if told.exists():
                self._learn(json.loads(told.read_text(encoding="utf-8")))
        return status == 0

    def _learn(self, told: dict[str, Any]) -> None:
        self.seconds = self.seconds or told["seconds"]
        for test in told["failed"]:
            self.killers = [test, *(it for it in self.killers if it != test)]

    def _run_tests(self, tree: ast.Module, told: Path) -> None:
        """Run the tests in this process, which ends here."""
        code = 99
        try:
            quiet = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(quiet, stream)
            os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
            import pytest

            name = f"parkloop.{self.module.removesuffix('.py').replace('/', '.')}"
            sys.meta_path.insert(0, _Changed(name, ROOT / self.module, tree))
            importlib.import_module(name)  # before pytest, which has a finder of its own
            tests = [str(ROOT / "tests" / test) for test in TESTS[self.module]]
            plugins = ("cacheprovider", "unraisableexception", "threadexception", "faulthandler")  # they take time
            options = ["-x", "-q", "-m", "not slow", "--tb=no", *(f"-pno:{it}" for it in plugins)]
            own: dict[str, float] = {}
            code = int(pytest.main([*tests, *options], plugins=[_Order(self, own)]))
            told.write_text(json.dumps({"seconds": own, "failed": self.failed}), encoding="utf-8")
        finally:
            os._exit(code)


class _Order:
    """Plugin of pytest: which tests come first, and what they say."""

    def __init__(self, trial: Trial, seconds: dict[str, float]) -> None:
        self.trial, self.seconds = trial, seconds

    def pytest_configure(self) -> None:
        from hypothesis import Phase, settings

        settings.register_profile("mutants", settings.get_profile("ci"), phases=(Phase.explicit, Phase.generate))
        settings.load_profile("mutants")

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        first = {test: rank for rank, test in enumerate(self.trial.killers)}
        last = len(first)
        items.sort(key=lambda it: (first.get(it.nodeid, last), self.trial.seconds.get(it.nodeid, 0.0)))

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            self.trial.failed.append(report.nodeid)


def _wait(child: int, patience: float) -> int:
    """Status of a process at its end, or 1 where it took too long and was stopped."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 1


def _load_rooms_below(module: str) -> None:
    """Import what cannot import the module."""
    rooms = ("flows", "models", "solver")
    for room in rooms[: rooms.index(module.partition("/")[0])]:
        for path in sorted((ROOT / room).glob("*.py")):
            importlib.import_module(f"parkloop.{room}.{path.stem}")


def run(module: str, sample: int, seed: int, only: set[int], again: set[str] | None) -> list[int]:
    """Test the mutants of a module; print the survivors and the score; return how many ran, survive, are explained.

    Args:
        module: path of the module.
        sample: how many mutants are drawn; 0 for all.
        seed: of the draw.
        only: lines whose mutants are run; empty for all.
        again: survivors of a former run, as it printed them, which alone are run.
    """
    import yaml

    source = (ROOT / module).read_text(encoding="utf-8")
    explained = (yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or {}).get(module, {})
    every = mutants(source)
    chosen = [i for i, it in enumerate(every) if not only or it.line in only]
    if again is not None:
        chosen = [i for i in chosen if f"{module}:{every[i].line}: {every[i].key}" in again]
    if sample:
        chosen = sorted(random.Random(f"{seed} {module}").sample(chosen, min(sample, len(chosen))))
    if not chosen:
        return [0, 0, 0]
    _load_rooms_below(module)
    gc.freeze()
    trial = Trial(module)
    begin = time.monotonic()
    assert trial.survives(ast.parse(source), 600.0), f"the tests of {module} fail without a change"
    if again is None:
        begin = time.monotonic()
        assert trial.survives(ast.parse(source), 600.0), f"the tests of {module} fail in another order"
    else:  # for a few mutants the order is not worth another run
        trial.seconds = dict.fromkeys(trial.seconds, 0.0)
    patience = 20 * (time.monotonic() - begin) + 10
    for key in explained.keys() - {it.key for it in every}:
        print(f"{module}: no mutant is called `{key}`; take it out of {EQUIVALENT.name}", flush=True)
    done = alive = equal = 0
    with suppress(KeyboardInterrupt):  # then the score is that of the mutants so far
        for number in chosen:
            mutant = every[number]
            if trial.survives(mutant.tree(source), patience):
                equal += mutant.key in explained
                alive += mutant.key not in explained
                if mutant.key not in explained:
                    print(f"{module}:{mutant.line}: {mutant.key}", flush=True)
            elif mutant.key in explained:
                print(f"{module}:{mutant.line}: killed, although explained: {mutant.key}", flush=True)
            done += 1
    _score(f"{module} ({len(every)})", done, alive, equal)
    return [done, alive, equal]


def _score(what: str, done: int, alive: int, equal: int) -> None:
    share = (done - alive - equal) / (done - equal) if done > equal else 1.0
    print(f"{what}: {done} mutants, {equal} explained, {alive} survive, score {share:.1%}", flush=True)


def main() -> None:
    """Run the modules that are named, or all."""
    parser = argparse.ArgumentParser(description="Mutation testing of single modules.")
    parser.add_argument("modules", nargs="*", help="modules, or folders of them; all where none is named")
    parser.add_argument("--sample", type=int, default=0, help="mutants of each module, drawn at random (0: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="lines whose mutants are run")
    parser.add_argument("--again", type=Path, help="file with what a former run printed: its survivors are run")
    stated = parser.parse_args()
    named = [it.rstrip("/") for it in stated.modules] or [""]
    modules = [it for it in TESTS if any(it == name or it.startswith(f"{name}/".lstrip("/")) for name in named)]
    os.environ["CI"] = "true"  # the tests draw the same examples each time
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # no threads before a fork
    sys.dont_write_bytecode = False
    for name in LIBRARIES:
        importlib.import_module(name)
    only = {int(line) for line in stated.only.split(",") if line}
    again = set(stated.again.read_text(encoding="utf-8").splitlines()) if stated.again else None
    # A process for each module: what it has loaded is not loaded for the next.
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        tasks = [(it, stated.sample, stated.seed, only, again) for it in modules]
        found = pool.starmap(run, tasks, chunksize=1)  # each of them, also after a survivor
    if len(found) > 1:
        _score("together", *(sum(column) for column in zip(*found, strict=True)))
    sys.exit(any(alive for _, alive, _ in found))


if __name__ == "__main__":
    main()
