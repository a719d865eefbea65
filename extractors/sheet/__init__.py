"""Everything that is a workbook or a table of text by its content → Document."""
