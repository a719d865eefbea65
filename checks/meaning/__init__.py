"""What is meant by what people wrote, and what is the same thing written otherwise? Helpers of the checks; no rule stands here."""
