"""The record taken along or erased."""
