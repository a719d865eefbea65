"""Everything that is a Word document by its content → Document."""
