"""The same relay on libraries that a user would pick instead, each as its documents suggest.

Every file here is a server of its own: `python -m benchmarks.peers.NAME PORT`, or `node NAME.js
PORT`. All listen on 127.0.0.1 and switch compression off, so that nobody pays for it.
"""
