"""The left panel: source, sizes, validation, numbers, augmentation, the store."""
