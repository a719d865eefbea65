"""A file becomes a Document, and a Document, with a form of the catalog fitted onto it, a Reading."""

from extractors.read import read_bytes, read_document, read_folder, refuse_size

__all__ = ["read_bytes", "read_document", "read_folder", "refuse_size"]
