"""Scripts for working on the project; never part of the program."""
