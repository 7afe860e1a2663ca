"""`python -m mkdocs_perfcase` is `perfcase`."""

from mkdocs_perfcase.cli import main

if __name__ == "__main__":  # processes that `check --jobs` starts import this module, too
    main(prog_name="perfcase")
