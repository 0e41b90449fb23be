"""The totals, their differences to a baseline, bars by stage, torchinfo's word."""
