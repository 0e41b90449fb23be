"""Widgets that more than one page uses, each in a file of its own."""
