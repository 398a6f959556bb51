"""The zones and what is known of each."""
