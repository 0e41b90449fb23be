"""Trained weights in forms that other tools load, each reloaded and compared before it counts."""
