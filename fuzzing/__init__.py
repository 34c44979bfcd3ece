"""Coverage-guided fuzzing: Atheris looks for input that does harm. See README.md."""
