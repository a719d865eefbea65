"""What do reviewers work in, what did they write there, and how is none of it lost?"""
