"""The data sets known by name: what is known of them, and how their files come to this machine."""
