"""What mutation testing changes: the mutants of a module, each with one change in its syntax tree.

Another comparison or operation, another number, `and` for `or`, a condition turned round, a call left out, `min` for
`max`, and so on (`changes`). Left alone is what tests cannot or need not see: texts (what a message says is tested by
its own tests), annotations, `if TYPE_CHECKING` and `if __name__ == "__main__"` (no test runs them, or all do), and
`strict` of `zip`, a guard of lengths that agree by construction.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
OPERATIONS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.MatMult: ast.Mult,
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "minimum": "maximum", "maximum": "minimum"}

Place = tuple[tuple[str, int | None], ...]
"""the way from the root of a tree to a node: field, and index where the field is a list"""


@dataclass(frozen=True)
class Mutant:
    """One change of a module."""

    line: int
    key: str
    """function and change, without the line: what `tests/equivalent_mutants.yaml` knows it by"""
    place: Place
    new: ast.AST | None
    """what stands in the place of the node; None leaves the statement out"""

    def tree(self, source: str) -> ast.Module:
        """Return the tree of the module with the change."""
        tree = ast.parse(source)
        new = copy.deepcopy(self.new) if self.new is not None else ast.Pass()
        parent: ast.AST = tree
        for field, index in self.place[:-1]:
            value = getattr(parent, field)
            parent = value if index is None else value[index]
        field, index = self.place[-1]
        old = getattr(parent, field) if index is None else getattr(parent, field)[index]
        if hasattr(old, "lineno"):
            ast.copy_location(new, old)
        if index is None:
            setattr(parent, field, new)
        else:
            getattr(parent, field)[index] = new
        return ast.fix_missing_locations(tree)


def mutants(source: str) -> list[Mutant]:
    """Return the mutants of a module in the order of its text; equal changes in one function are numbered."""
    found = []
    seen: Counter[str] = Counter()
    for place, node, scope in _places(ast.parse(source)):
        for new in changes(node):
            key = f"{scope}: {_short(node)} → {'pass' if new is None else _short(new)}"
            seen[key] += 1
            number = f" [{seen[key]}]" if seen[key] > 1 else ""
            found.append(Mutant(getattr(node, "lineno", 0), key + number, place, new))
    return found


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


def _places(node: ast.AST, above: Place = (), scope: str = "") -> Iterator[tuple[Place, ast.AST, str]]:
    """Yield every node that runs in the tests, with the way to it and the function or class it stands in."""
    if _left_alone(node):
        return
    yield above, node, scope or "module"
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        scope = f"{scope}.{node.name}".strip(".")
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "type_params"):
            continue
        for index, item in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(item, ast.AST):
                yield from _places(item, (*above, (field, index)), scope)


def _left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return ast.unparse(node.test) in ("TYPE_CHECKING", "__name__ == '__main__'")
    return isinstance(node, ast.keyword) and node.arg == "strict"


def _short(node: ast.AST) -> str:
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).splitlines()[0][:90]
