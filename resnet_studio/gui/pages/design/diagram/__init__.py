"""The network drawn: layout, items, the inside of what is selected."""
