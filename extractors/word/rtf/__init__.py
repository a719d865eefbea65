"""RTF as WordprocessingML."""
