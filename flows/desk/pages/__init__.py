"""What is shown and what is asked for: a module a page, each with its interface under the same rights."""
