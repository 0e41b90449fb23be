"""Stages, layers, findings and ledger as tables, and the formula behind each number."""
