"""Backup, check, quarantine, expiry, export, wipe, migration."""
