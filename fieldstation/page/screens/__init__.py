"""One screen, one file: what it shows, its routes, its words. `order.py` lists them."""
