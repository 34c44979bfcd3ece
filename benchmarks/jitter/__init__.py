"""The jitter run: people whose connections are reset again and again, and whose server dies.

The people are those of `duologue bench --drop-every-s`; what is here is the server that is
killed, and the comparison with what others have published.
"""
