"""A first conversation between clients that nobody here wrote."""
