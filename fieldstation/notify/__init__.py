"""The child that sends what is due to people away from the station. Started by command, ends when done."""
