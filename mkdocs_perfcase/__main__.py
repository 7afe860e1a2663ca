"""`python -m mkdocs_perfcase` is `perfcase`."""

from mkdocs_perfcase.cli import main

main(prog_name="perfcase")
