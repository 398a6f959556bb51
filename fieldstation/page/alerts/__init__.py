"""What is wrong, and the channels that tell it elsewhere."""
