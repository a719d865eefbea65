"""What files of Word and of Excel have in common: the package they are, and LibreOffice as a second way to read them."""
