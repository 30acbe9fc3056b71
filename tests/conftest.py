"""What every test shares: how hypothesis runs, and where the repository is."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# No deadline anywhere: a slow machine is no fault. CI draws the same examples each time.
settings.register_profile("laptop", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "laptop")


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """The root of the repository, which is also the package `parkloop`."""
    return Path(__file__).resolve().parents[1]
