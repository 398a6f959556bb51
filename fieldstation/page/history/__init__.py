"""A look back: series, events, downloads, the season on paper."""
