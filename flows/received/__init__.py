"""The inbox: what lies there, what belongs together and to whom, and opening it."""
