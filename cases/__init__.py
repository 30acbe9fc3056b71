"""YAML only: the library, the chains, the parks, the provinces and the tutorials."""
