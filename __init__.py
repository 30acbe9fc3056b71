"""parkloop: a circular-economy material-flow optimiser for industrial parks."""
