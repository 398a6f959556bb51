"""Sockets, JSON lines, the system clock: how processes of the station speak."""
