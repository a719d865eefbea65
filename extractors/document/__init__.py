"""The Document that every format is read into: paragraphs and tables, ticks, errors."""
