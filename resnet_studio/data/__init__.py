"""From any source of labelled images to one uint8 array, and from there to batches on the device."""
