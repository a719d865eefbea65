"""What did people decide, and how is none of it lost? The book of decisions: events, where they are kept, the state they give."""
