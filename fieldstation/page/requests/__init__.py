"""What people ask of a zone: skip, pause, less, more, water now."""
