"""Files and arrays to images of one size: formats, odd cases, several processes at once."""
