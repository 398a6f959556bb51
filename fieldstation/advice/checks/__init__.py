"""What cannot be true in a line of input."""
