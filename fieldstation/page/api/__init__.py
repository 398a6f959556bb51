"""The API: what the page shows and asks, for machines, with its own description in OpenAPI 3.1."""
