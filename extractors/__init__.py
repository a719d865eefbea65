"""A file becomes a Document, and a Document, with a form of the catalog fitted onto it, a Reading."""
