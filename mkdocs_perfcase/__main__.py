"""`python -m mkdocs_perfcase` is `perfcase`: the command line as a process of its own."""

from __future__ import annotations

import contextlib
import gc
import os
import sys

_YOUNG = 100_000  # objects made before unused ones are looked for: what is imported, and a page's tree, are in use


def run() -> None:
    """Run `perfcase`, and end without taking all apart that the process has made: the system does that at once."""
    gc.set_threshold(_YOUNG)
    from mkdocs_perfcase.cli import main  # with that set

    try:
        main(prog_name="perfcase")
    except SystemExit as end:
        with contextlib.suppress(OSError):  # the usual end has its own way with a closed pipe
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(end.code if isinstance(end.code, int) else end.code is not None)
        raise


if __name__ == "__main__":  # processes that `check --jobs` starts import this module, too
    run()
