"""What did people make of a workbook besides words on findings, and how does it come back where it was?"""
