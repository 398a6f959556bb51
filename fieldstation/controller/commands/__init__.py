"""What a person may ask of the controller, one family of verbs a file. `order.py` lists them."""
