"""What several drivers share; no drivers themselves."""
