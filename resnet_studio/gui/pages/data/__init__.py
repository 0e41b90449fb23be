"""The data page: which images are wanted, and what they are."""
