"""The first screen: what each zone needs, and the heartbeat."""
