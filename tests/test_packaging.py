"""The package that users install is the one that stands in the repository.

The root of the repository is the package `parkloop`, so the lists in pyproject.toml are explicit;
what is missing from them would be missing from the wheel. `.ci/run` checks the built archives too.
"""

import ast
import re
import tomllib
from importlib.metadata import entry_points, requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

LEFT_OUT = {"build", "dist", "__pycache__"}


@pytest.fixture(scope="module")
def project(repo_root: Path) -> dict[str, Any]:
    """The text of pyproject.toml as a dict."""
    return tomllib.loads((repo_root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lock(repo_root: Path) -> str:
    """The text of requirements.lock."""
    return (repo_root / "requirements.lock").read_text(encoding="utf-8")


def packages_in(root: Path) -> set[str]:
    """The dotted names of all folders below `root` that hold an `__init__.py`."""
    folders = [init.parent.relative_to(root) for init in root.rglob("__init__.py")]
    visible = [
        folder for folder in folders if not any(part in LEFT_OUT or part.startswith(".") for part in folder.parts)
    ]
    return {".".join(("parkloop", *folder.parts)) for folder in visible}


def test_every_package_of_the_repository_is_listed(repo_root: Path, project: dict[str, Any]) -> None:
    listed = project["tool"]["setuptools"]["packages"]
    assert sorted(listed) == sorted(packages_in(repo_root))


def test_every_data_file_of_the_package_is_listed(repo_root: Path, project: dict[str, Any]) -> None:
    listed: dict[str, list[str]] = project["tool"]["setuptools"]["package-data"]
    missing = []
    for package in project["tool"]["setuptools"]["packages"][1:]:
        room = repo_root / package.removeprefix("parkloop.")
        files = {
            path
            for path in room.rglob("*")
            if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
        }
        matched = {path for glob in listed.get(package, []) for path in room.glob(glob)}
        missing += [path.relative_to(repo_root).as_posix() for path in files - matched]
    assert not missing


def test_the_marker_of_the_case_tree_and_of_typing_is_there(repo_root: Path) -> None:
    assert (repo_root / "cases" / ".parkloop-tree").is_file()
    assert (repo_root / "py.typed").is_file()


def test_tests_are_no_package(repo_root: Path) -> None:
    assert not list((repo_root / "tests").rglob("__init__.py"))


def test_importing_the_root_runs_no_code(repo_root: Path) -> None:
    tree = ast.parse((repo_root / "__init__.py").read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1


def test_the_command_is_the_one_of_the_manual() -> None:
    (command,) = entry_points(group="console_scripts", name="parkloop")
    assert command.value == "parkloop.cli:main"
    assert callable(command.load())


def test_the_lock_holds_each_library_with_hashes(project: dict[str, Any], lock: str) -> None:
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+).*\\\n    --hash=sha256:", lock, re.MULTILINE))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    for requirement in map(Requirement, asked):
        name = requirement.name.lower().replace("_", "-")
        assert name in pinned, f"{name} is not locked: run make lock"
        assert pinned[name] in requirement.specifier, f"the lock is older than pyproject: {name}"


def test_the_lock_names_no_registry(lock: str) -> None:
    assert "://" not in lock
    assert "index" not in lock


def test_the_installed_package_asks_for_what_the_project_states(project: dict[str, Any]) -> None:
    required = [Requirement(line) for line in requires("parkloop") or []]
    installed = {item.name.lower() for item in required if item.marker is None}  # an extra has a marker
    stated = {Requirement(line).name.lower() for line in project["project"]["dependencies"]}
    assert installed == stated, "run make setup"


def test_every_make_target_explains_itself(repo_root: Path) -> None:
    makefile = (repo_root / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    explained = re.findall(r"^([a-z-]+):.*## \w", makefile, re.MULTILINE)
    assert sorted(phony.split()) == sorted(explained)


def test_ci_runs_the_command_of_the_readme(repo_root: Path) -> None:
    assert "make test" in (repo_root / ".ci" / "run").read_text(encoding="utf-8")
