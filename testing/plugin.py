"""Plugin of pytest: cases are collected as tests, one for each scenario, and checked as `parkloop check` does.

`*.case.yaml` is collected wherever pytest looks. `--parkloop PATH` adds cases of any name: a file, or a folder
with cases.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..checks.case import CaseVerdict

ENDINGS = (".case.yaml", ".case.yml")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    group = parser.getgroup("parkloop", "cases of industrial parks")
    group.addoption(
        "--parkloop",
        action="append",
        default=[],
        metavar="PATH",
        help="Collect cases: a file, or a folder with cases. One test for each scenario. Repeatable.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Look where the option says, beside where pytest looks anyway."""
    for path in _asked(config):
        if not path.exists():
            raise pytest.UsageError(f"--parkloop: there is no file or folder {path}")
        config.args.append(str(path))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CaseFile | None:
    """Take a file that is a case."""
    named = file_path.name.endswith(ENDINGS)
    if not named and not any(file_path.is_relative_to(path) for path in _asked(parent.config)):
        return None
    if not named:
        from ..checks.find import ENDINGS as YAML
        from ..checks.find import is_case

        if file_path.suffix not in YAML or not is_case(file_path):
            return None
    file: CaseFile = CaseFile.from_parent(parent, path=file_path)
    return file


def _asked(config: pytest.Config) -> list[Path]:
    folder = config.invocation_params.dir
    return [Path(os.path.normpath(folder / path)) for path in config.getoption("parkloop")]


class DifferencesError(AssertionError):
    """A scenario is not as expected."""

    def __init__(self, verdict: CaseVerdict) -> None:
        super().__init__(f"{len(verdict.differences)} differences")
        self.verdict = verdict


class CaseFile(pytest.File):
    """One case."""

    @cached_property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios. Raises CollectError where the case cannot be read."""
        from ..flows.case import read_tree
        from ..flows.problems import InputError

        try:
            tree = read_tree(self.path)
            tree.case()
        except InputError as error:
            raise self.CollectError(str(error)) from error
        return tree.scenarios

    def collect(self) -> Iterator[ScenarioItem]:
        """Return a test for each scenario."""
        for name in self.scenarios:
            item: ScenarioItem = ScenarioItem.from_parent(self, name=name)
            yield item


class ScenarioItem(pytest.Item):
    """One scenario of a case."""

    def runtest(self) -> None:
        """Check it. Raises DifferencesError."""
        from ..checks.case import check_case

        verdict = check_case(self.path, only=self.name)
        if not verdict.passed:
            raise DifferencesError(verdict)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Say what differs, as `parkloop check` does, in place of a traceback."""
        if isinstance(excinfo.value, DifferencesError):
            from ..checks.report import lines

            return "\n".join(lines(excinfo.value.verdict))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the test stands, and its name."""
        return self.path, None, f"{self.path.name}: {self.name}"
