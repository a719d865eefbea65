"""What is looked at rather than read: which charts are there, and how are they drawn as pictures?"""
