"""Benchmarks: a load generator, peers that do the same wire job, tables and plots.

Plain Python that talks to servers as processes over the wire. But for the jitter run, it
imports nothing of the product, and no test imports it.
"""
