"""What every test shares: how hypothesis runs, and where the repository is."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

# No deadline anywhere: a slow machine is no fault. CI draws the same examples each time. For that, hypothesis must not
# draw the figures that stand in the modules which are loaded just then: they depend on the tests before.
assert callable(providers._get_local_constants)
providers._get_local_constants = providers.Constants  # nothing is drawn from modules
settings.register_profile("laptop", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "laptop")


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """The root of the repository, which is also the package `parkloop`."""
    return Path(__file__).resolve().parents[1]
