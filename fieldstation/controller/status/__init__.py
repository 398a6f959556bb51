"""The live status that the page asks for."""
