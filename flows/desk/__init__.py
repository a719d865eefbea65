"""What do people decide, and who may? The review desk: a round in a browser, on the office's own network."""
