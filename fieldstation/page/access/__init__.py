"""Who may ask the page for what: hosts, sessions, passwords, rates."""
