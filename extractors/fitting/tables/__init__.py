"""The tables of a form: by their heads, whatever the columns' order."""
