"""Draws the forms of the notice as Word files, blank or filled in."""
