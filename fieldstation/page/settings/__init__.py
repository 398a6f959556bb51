"""What people set, and the rest of the menu."""
