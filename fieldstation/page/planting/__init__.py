"""When to plant."""
