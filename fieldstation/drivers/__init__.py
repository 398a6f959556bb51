"""One device a file; a module's name is its name in station.toml."""
