"""The design page: what network is wanted, what it is and what it costs."""
