"""What do other programs read: JSON Lines of each run, tables of the round?"""
