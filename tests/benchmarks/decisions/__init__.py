"""The referee: every policy waters the same seasons of crop models that nobody here wrote."""
