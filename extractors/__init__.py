"""A file becomes a Document, and a Document, with a form of the catalog fitted onto it, a Reading."""

from extractors.read import open_document, read_bytes, read_folder, read_path

__all__ = ["open_document", "read_bytes", "read_folder", "read_path"]
