"""The images: the grid, what it shows of them, one image and its versions."""
