"""The simulated field: physics and chip models, no clock and no socket."""
