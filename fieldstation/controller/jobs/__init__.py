"""What runs by the clock and in children."""
