"""Lets `python -m duologue` be the same as the command `duologue`."""

from duologue.cli import main

main()
