"""The main job without Prefect: reading, checking, writing, and what is remembered of it."""
