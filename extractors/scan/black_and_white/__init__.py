"""What did scans, faxes and prints in black and white alone make of a page: paper as dots, rules as pieces?"""
