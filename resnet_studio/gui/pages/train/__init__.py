"""The page on which a network learns: what is wanted on the left, what happens on the right."""
