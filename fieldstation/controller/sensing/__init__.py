"""From devices to readings."""
