"""The process that is the world, on a machine without one."""
