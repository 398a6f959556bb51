"""Reading years of the record."""
