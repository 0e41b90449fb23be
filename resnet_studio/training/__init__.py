"""One generator that trains and yields events, and what it stands on."""
