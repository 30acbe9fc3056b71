"""Check that the built archives hold what the checkout holds; or name the wheel with its hash.

`artefacts.py DIST` compares wheel and sdist in DIST with the checkout;
`artefacts.py DIST --requirement` prints the wheel as a hashed line of requirements.
"""

import hashlib
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("cases", "flows", "models", "reports", "solver")
LEFT_OUT = {"__pycache__"}
"""Folders of the checkout that are no part of the package."""


def shipped() -> set[str]:
    """The files a wheel must hold, as paths inside the package."""
    rooms = [path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file()]
    files = [*ROOT.glob("*.py"), ROOT / "py.typed", *rooms]
    return {path.relative_to(ROOT).as_posix() for path in files if not LEFT_OUT & set(path.parts)}


def wheel_faults(wheel: Path) -> list[str]:
    """What is missing from the wheel, and what it holds beside the package."""
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
    """What is missing from the source archive: the package, its tests and the way to run them."""
    with tarfile.open(sdist) as archive:
        names = {PurePosixPath(*PurePosixPath(name).parts[1:]) for name in archive.getnames()}
    tests = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py")}
    needed = shipped() | tests | {"Makefile", "requirements.lock", "pyproject.toml", "LICENSE"}
    return [f"sdist: {name} is missing" for name in sorted(needed - set(map(str, names)))]


def main(arguments: list[str]) -> int:
    """Run the checks; 0 when all archives are whole."""
    dist = Path(arguments[0])
    (wheel,), (sdist,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    if "--requirement" in arguments:
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        print(f"parkloop @ {wheel.resolve().as_uri()} --hash=sha256:{digest}")
        return 0
    faults = [*wheel_faults(wheel), *sdist_faults(sdist)]
    print("\n".join(faults) or f"{wheel.name} and {sdist.name} are whole")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
