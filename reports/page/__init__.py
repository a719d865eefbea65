"""How is the round looked at, offline, in one HTML file?"""
