"""Words and formats of five languages."""
