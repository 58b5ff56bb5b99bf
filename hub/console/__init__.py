"""What the tables tell people: how the hub stands, what waits, and why something is as it is."""
