"""A form of the catalog fitted onto a Document → Reading."""
