"""A PDF → the content of its pages, by pdfium."""
