"""What the processes tell each other of this moment. On the wire it is JSON, checked at the door by `binding.read`."""
