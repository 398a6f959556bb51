"""The same rooms on a virtual clock: seasons, the demo's past, training seasons."""
