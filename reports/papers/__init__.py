"""What does an office print and sign: the report, the letters, 附件4, as Word files from templates?"""
