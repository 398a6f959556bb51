"""Sockets, JSON lines, the system clock, durable files: how processes of the station speak, and leave each other what they made."""
