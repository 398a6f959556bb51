"""The only door to LightGBM."""
