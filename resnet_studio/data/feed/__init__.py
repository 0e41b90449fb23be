"""Batches on the device: order, sampling, augmentation of each image, transfer."""
