"""What is Prefect's: its flows, its server, its home, and serving them."""
