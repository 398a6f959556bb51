"""A technician's visit: relay, fail-safe and probe tests."""
