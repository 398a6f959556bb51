"""Pin back ends: the Pi's, and the simulated field's."""
