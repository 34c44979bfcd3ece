"""What is fuzzed: each module here is a target, and needs nothing but to be here.

A target has `seeds()`, the inputs to begin with, and `try_one(data)`, which
raises if those bytes do harm. `MOST_BYTES`, if it has that, bounds an input.
"""
