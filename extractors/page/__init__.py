"""A page as characters and rules in points → blocks: what PDF and scans share."""
