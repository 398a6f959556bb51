"""A field station: it senses, records, decides, waters and shows, for one field."""

__version__ = "0.1.0"
