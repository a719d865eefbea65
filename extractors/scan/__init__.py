"""A picture of a page → its content, by OCR."""
