"""What is wrong, from its cause to a message."""
