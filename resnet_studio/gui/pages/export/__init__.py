"""The export page: trained weights on their way out, with the proof that they are the run's."""
