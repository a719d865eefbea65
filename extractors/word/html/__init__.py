"""Web pages as WordprocessingML."""
