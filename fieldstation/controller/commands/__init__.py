"""What a person may ask of the controller, one family of commands a file. `order.py` lists them."""
