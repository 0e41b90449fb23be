"""The decoded images in the user's cache: written once, mapped from then on, verified, cleared."""
