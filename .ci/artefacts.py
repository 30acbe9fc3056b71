"""Check that the built archives hold what the checkout holds, and cut the lock down to what users need.

`artefacts.py check DIST` compares wheel and sdist in DIST with the checkout;
`artefacts.py lock` prints the part of requirements.lock that the package needs when it runs.
"""

import re
import sys
import tarfile
import zipfile
from importlib.metadata import requires
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("audit", "cases", "checks", "commands", "flows", "models", "pages", "reports", "solver", "testing")


def shipped() -> set[str]:
    """Return the files that a wheel must hold, as paths inside the package."""
    rooms = [path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file()]
    files = [*ROOT.glob("*.py"), ROOT / "py.typed", *rooms]
    return {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}


def wheel_faults(wheel: Path) -> list[str]:
    """Name what is missing from the wheel, and what it holds beside the package."""
    with zipfile.ZipFile(wheel) as archive:
        names = {PurePosixPath(name) for name in archive.namelist()}
    package = {str(name.relative_to("parkloop")) for name in names if name.parts[0] == "parkloop"}
    beside = {name.parts[0] for name in names} - {"parkloop"}
    return [
        *(f"wheel: {name} is missing" for name in sorted(shipped() - package)),
        *(f"wheel: {name} is not part of the package" for name in sorted(package - shipped())),
        *(f"wheel: {name} beside parkloop" for name in beside if not name.endswith(".dist-info")),
    ]


def sdist_faults(sdist: Path) -> list[str]:
    """Name what is missing from the source archive: the package, its tests, the way to run them."""
    with tarfile.open(sdist) as archive:
        names = {PurePosixPath(*PurePosixPath(name).parts[1:]) for name in archive.getnames()}
    tests = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py")}
    needed = shipped() | tests | {"Makefile", "requirements.lock", "pyproject.toml", "LICENSE"}
    return [f"sdist: {name} is missing" for name in sorted(needed - set(map(str, names)))]


def check(dist: Path) -> int:
    """Print the faults of the archives in `dist`; return 0 when there are none."""
    (wheel,), (sdist,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    faults = [*wheel_faults(wheel), *sdist_faults(sdist)]
    print("\n".join(faults) or f"{wheel.name} and {sdist.name} are whole")
    return 1 if faults else 0


def needed_to_run() -> set[str]:
    """Return the libraries that parkloop needs, directly or through others, on this machine."""
    found: set[str] = set()
    waiting = ["parkloop"]
    while waiting:
        for requirement in map(Requirement, requires(waiting.pop()) or []):
            name = re.sub(r"[-_.]+", "-", requirement.name).lower()
            here = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            if here and name not in found:
                found.add(name)
                waiting.append(name)
    return found


def lock() -> int:
    """Print the blocks of requirements.lock that `needed_to_run` names."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = {block.partition("==")[0]: block for block in re.split(r"^(?=\w)", text, flags=re.M)}
    print("".join(blocks[name] for name in sorted(needed_to_run())))
    return 0


if __name__ == "__main__":
    sys.exit(check(Path(sys.argv[2])) if sys.argv[1] == "check" else lock())
