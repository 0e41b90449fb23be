"""What is wanted: frozen models of a network, its data and its training, presets and files.

No torch and no Qt here: a specification can be read, checked and compared on any machine in a millisecond.
"""
