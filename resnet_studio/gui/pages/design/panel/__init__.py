"""The left panel: presets, the fields of the network, the budget that is held."""
