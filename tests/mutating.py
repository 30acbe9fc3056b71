"""Mutation testing: change one thing in a module, and see whether its tests notice. `make mutants` starts it.

    python tests/mutating.py flows/chemistry.py [--sample N] [--seed S] [--only LINE,LINE]

A mutant is the module with one change in its syntax tree: another comparison or operation, another number, `and` for
`or`, a condition turned round, a call left out, `min` for `max`, and so on (CHANGES below). Texts and annotations stay:
what a message says is tested by its own tests, and nothing runs an annotation.

Each mutant runs in a process forked from one that has loaded the libraries but nothing of parkloop; there the module is
compiled from the changed tree as it is imported. The tests of the module (TESTS) run until the first fails. A mutant is
killed where one fails, where importing fails, or where the tests take twenty times as long as without a change.

Prints the survivors with their lines, then the score. What survives is mended by a test, or explained in
`docs/verification.md`.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
MODELS = ("test_hello.py", "test_program.py")
TESTS: dict[str, tuple[str, ...]] = {
    "flows/chemistry.py": ("test_chemistry.py",),
    "flows/units.py": ("test_units.py",),
    "solver/certificate.py": ("test_certificate.py", "test_commitment.py"),
    "models/balance.py": ("test_balance.py", *MODELS),
    "models/campaign.py": ("test_campaign.py",),
    "models/capacity.py": ("test_capacity.py", *MODELS),
    "models/commitment.py": ("test_commitment.py",),
    "models/exchange.py": ("test_exchange.py", "test_links.py", *MODELS),
    "models/growth.py": ("test_limits_in_time.py",),
    "models/indicator.py": ("test_indicator.py", *MODELS),
    "models/investment.py": ("test_investment.py",),
    "models/installed.py": ("test_investment.py", "test_building.py"),
    "models/load.py": ("test_load.py",),
    "models/objective.py": ("test_objective.py", *MODELS),
    "models/offers.py": ("test_offers.py", *MODELS),
    "models/policy.py": ("test_policy.py", "test_policy_kinds.py"),
    "models/ramp.py": ("test_ramp.py",),
    "models/returns.py": ("test_returns.py",),
    "models/retirement.py": ("test_retirement.py",),
    "models/stock.py": ("test_stock.py",),
    "models/substitution.py": ("test_substitution.py", *MODELS),
    "models/transport.py": ("test_transport.py",),
    "models/units.py": ("test_shared_capacity.py",),
    "models/banking.py": ("test_banking.py",),
    "models/allowance.py": ("test_banking.py", "test_policy_kinds.py"),
}
"""which tests look at a module"""
LIBRARIES = (
    "numpy",
    "pydantic",
    "yaml",
    "click",
    "hypothesis",
    "pytest",
    "pint",
    "molmass",
    "scipy.sparse",
    "rich.table",
)

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
OPERATIONS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.MatMult: ast.Mult,
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "minimum": "maximum", "maximum": "minimum"}


def changes(node: ast.AST) -> Iterator[ast.AST | None]:
    """Yield what may stand in the place of a node; None leaves a statement out."""
    if isinstance(node, ast.Compare):
        yield ast.Compare(node.left, [COMPARISONS[type(node.ops[0])](), *node.ops[1:]], node.comparators)
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        yield ast.BinOp(node.left, OPERATIONS[type(node.op)](), node.right)
    elif isinstance(node, ast.AugAssign) and type(node.op) in OPERATIONS:
        yield ast.AugAssign(node.target, OPERATIONS[type(node.op)](), node.value)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        yield node.operand
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        other = copy.copy(node)
        other.test = ast.UnaryOp(ast.Not(), node.test)
        yield other
    elif isinstance(node, ast.Constant):
        yield from (ast.Constant(value) for value in _other_values(node.value))
    elif isinstance(node, ast.Name) and node.id in NAMES:
        yield ast.Name(NAMES[node.id], node.ctx)
    elif isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield ast.Attribute(node.value, NAMES[node.attr], node.ctx)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield None
    elif isinstance(node, ast.Continue):
        yield ast.Break()
    elif isinstance(node, ast.Break):
        yield ast.Continue()


def _other_values(value: object) -> list[object]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1]
    return [value * 2 if value else 1.0] if isinstance(value, float) else []


Place = tuple[tuple[str, int | None], ...]
"""the way from the root of a tree to a node: field, and index where the field is a list"""


def places(node: ast.AST, above: Place = ()) -> Iterator[tuple[Place, ast.AST]]:
    """Yield every node that runs, with the way to it; annotations and docstrings do not run."""
    yield above, node
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "type_params"):
            continue
        for index, item in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(item, ast.AST):
                yield from places(item, (*above, (field, index)))


def mutants(source: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield each mutant of a module with a sentence that says what is changed."""
    tree = ast.parse(source)
    for place, node in places(tree):
        for new in changes(node):
            changed = copy.deepcopy(tree)
            _put(changed, place, new if new is not None else ast.Pass())
            ast.fix_missing_locations(changed)
            after = "pass" if new is None else _short(new)
            yield f"{getattr(node, 'lineno', 0)}: {_short(node)}  →  {after}", changed


def _short(node: ast.AST) -> str:
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).splitlines()[0][:90]


def _put(tree: ast.AST, place: Place, new: ast.AST) -> None:
    parent: ast.AST = tree
    for field, index in place[:-1]:
        value = getattr(parent, field)
        parent = value if index is None else value[index]
    field, index = place[-1]
    old = getattr(parent, field) if index is None else getattr(parent, field)[index]
    if hasattr(old, "lineno"):
        ast.copy_location(new, old)
    if index is None:
        setattr(parent, field, new)
    else:
        getattr(parent, field)[index] = new


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


def survives(module: str, tree: ast.Module, seconds: float) -> bool:
    """Run the tests of a module on a mutant; tell whether all pass."""
    child = os.fork()
    if not child:
        _run_tests(module, tree)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _run_tests(module: str, tree: ast.Module) -> None:
    code = 99
    try:
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(quiet, stream)
        import pytest

        name = f"parkloop.{module.removesuffix('.py').replace('/', '.')}"
        sys.meta_path.insert(0, _Changed(name, ROOT / module, tree))
        importlib.import_module(name)  # before pytest, which has a finder of its own
        tests = [str(ROOT / "tests" / test) for test in TESTS[module]]
        code = int(pytest.main([*tests, "-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", "--tb=no"]))
    finally:
        os._exit(code)


def run(module: str, choose: Callable[[list[int]], list[int]], only: set[int]) -> bool:
    """Test the mutants of a module; print the survivors and the score, and tell whether none survived."""
    source = (ROOT / module).read_text(encoding="utf-8")
    begin = time.monotonic()
    assert survives(module, ast.parse(source), 600.0), f"the tests of {module} fail without a change"
    patience = 20 * (time.monotonic() - begin) + 10
    every = [it for it in mutants(source) if not only or int(it[0].split(":")[0]) in only]
    chosen = choose(list(range(len(every))))
    alive = done = 0
    with suppress(KeyboardInterrupt):  # then the score is that of the mutants so far
        for number in chosen:
            what, tree = every[number]
            if survives(module, tree, patience):
                alive += 1
                print(f"{module}:{what}", flush=True)
            done += 1
    share = 1 - alive / done if done else 1.0
    print(f"{module}: {done} of {len(every)} mutants, {alive} survive, score {share:.1%}", flush=True)
    return not alive


def main() -> None:
    """Run the modules that are named, or all."""
    parser = argparse.ArgumentParser(description="Mutation testing of single modules.")
    parser.add_argument("modules", nargs="*", default=list(TESTS))
    parser.add_argument("--sample", type=int, default=0, help="mutants of each module, drawn at random (0: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="lines whose mutants are run")
    stated = parser.parse_args()
    os.environ["CI"] = "true"  # the tests draw the same examples each time
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # no threads before a fork
    for name in LIBRARIES:
        importlib.import_module(name)
    dice = random.Random(stated.seed)
    only = {int(line) for line in stated.only.split(",") if line}

    def choose(numbers: list[int]) -> list[int]:
        return sorted(dice.sample(numbers, min(stated.sample, len(numbers)))) if stated.sample else numbers

    killed = [run(module, choose, only) for module in stated.modules]  # each of them, also after a survivor
    sys.exit(not all(killed))


if __name__ == "__main__":
    main()
