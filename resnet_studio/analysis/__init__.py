"""What a network costs and where it fails, by closed-form arithmetic. No torch, no Qt."""
