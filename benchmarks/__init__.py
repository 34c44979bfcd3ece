"""Benchmarks: peers that do the same wire job, a campaign over all of them, tables and plots.

The load comes from the product, `duologue.bench`; servers are processes that are talked to
over the wire. No test imports what is here.
"""
