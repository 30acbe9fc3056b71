"""Session: a live model that is changed and solved again from its last basis."""

from __future__ import annotations

from types import TracebackType

from ..flows.network import Floats
from ..models.program import Program
from .highs import Basis, LiveModel, Range
from .solution import Solution, SolveOptions


class Session:
    """One program kept in the solver, as a context manager.

        with Session(program, options) as session:
            first = session.solve()
            session.change_costs(other.cost)
            second = session.solve()

    Changes are whole vectors in the program's scaled units; a program compiled with `compile_program(network, like=
    program)` has the same scales. They last until they are changed again; `restore` goes back to the program.
    """

    def __init__(self, program: Program, options: SolveOptions | None = None) -> None:
        self.program = program
        self.options = options or SolveOptions()
        self._model = LiveModel(program, self.options)

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the memory of the solver."""
        self._model.close()

    def solve(self) -> Solution:
        """Solve as the model stands, from the last basis if there is one. Raises SolverError."""
        return self._model.run()

    def change_costs(self, cost: Floats) -> None:
        """Replace all costs (n,), objective scale per flow scale."""
        self._model.change_costs(_vector(cost, self.program.columns))

    def change_bounds(self, lower: Floats, upper: Floats) -> None:
        """Replace all bounds of columns (n,), flow scale."""
        n = self.program.columns
        self._model.change_bounds(_vector(lower, n), _vector(upper, n))

    def change_sides(self, lower: Floats, upper: Floats) -> None:
        """Replace all sides of rows (m,), flow scale."""
        m = self.program.rows
        self._model.change_sides(_vector(lower, m), _vector(upper, m))

    def restate(self, program: Program) -> None:
        """Take another program with the same matrix and flow scale: costs, sense, bounds, sides. The basis stays."""
        self._model.restate(program)
        self.program = program

    def restore(self) -> None:
        """Take back all changes. The basis stays."""
        program = self.program
        self.change_costs(program.cost)
        self.change_bounds(program.lower, program.upper)
        self.change_sides(program.row_lower, program.row_upper)

    def bound_range(self, column: int) -> Range | None:
        """Return how far the bound of a column may move while the basis just found stays optimal, flow scale."""
        return self._model.bound_range(column)

    def basis(self) -> Basis | None:
        """Return the basis of the last solve, or None where there is none."""
        return self._model.basis()

    def start_from(self, basis: Basis) -> None:
        """Start the next solve from a basis."""
        self._model.set_basis(basis)


def _vector(values: Floats, size: int) -> Floats:
    if values.shape != (size,):
        raise ValueError(f"a vector of {size} figures is needed, not one of shape {values.shape}")
    return values
