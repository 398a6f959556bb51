"""FAO-56 and FAO-33 in pure functions: no third-party package, clock, file or random source."""
