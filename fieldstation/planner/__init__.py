"""The process that looks ahead: what will happen? It decides nothing."""
