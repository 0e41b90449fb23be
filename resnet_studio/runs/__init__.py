"""What happened: events, the run folder, the history folded from them. No torch, no Qt."""
