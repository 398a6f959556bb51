"""station.toml in, Station out, or every problem at once."""
