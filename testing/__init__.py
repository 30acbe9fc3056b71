"""parkloop in the tests of others: assertions in the words of the field, and a plugin that collects cases.

    from parkloop.testing import assert_balanced, assert_no_virgin_use_of, solved

    def test_the_loop_needs_no_bought_carbon_dioxide():
        result = solved("loop.case.yaml", "base")
        assert_balanced(result)
        assert_no_virgin_use_of(result, "co2")

The plugin (`parkloop.testing.plugin`) is found by pytest by itself; this module does not import pytest.
"""

from .assertions import assert_balanced, assert_close_flows, assert_no_virgin_use_of, solved

__all__ = ["assert_balanced", "assert_close_flows", "assert_no_virgin_use_of", "solved"]
