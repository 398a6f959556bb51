"""What water is allowed: the guard's rules as a pure state machine."""
