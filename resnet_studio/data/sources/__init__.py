"""Every kind of source as it is found, nothing of it decoded yet: its parts, classes, licence and citation."""
