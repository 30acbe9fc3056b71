"""parkloop in the tests of others: assertions in the words of the field, and a plugin that collects cases."""
