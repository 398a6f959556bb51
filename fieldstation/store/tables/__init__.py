"""One table or family of tables a file."""
