"""Probes and flow, set against the truth."""
