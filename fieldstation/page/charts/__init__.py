"""Drawings as SVG, made on the server."""
