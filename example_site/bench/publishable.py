"""Take out of result files what names a machine, a person or a folder: `python publishable.py FILE...`. Figures stay."""

import json
import sys
from pathlib import Path

KEPT = {"name", "unit", "loops", "inner_loops", "date", "duration", "perf_version", "python_version", "timer"}
"""Of pyperf's metadata."""
STATED = {"name", "stats"}
"""Of a benchmark of pytest-benchmark; its full name has a path."""


def publishable(data: dict) -> dict:
    if "commit_info" in data:  # pytest-benchmark's
        benchmarks = [{key: one[key] for key in one if key in STATED} for one in data["benchmarks"]]
        return {"commit_info": {}, "benchmarks": benchmarks, "datetime": data["datetime"], "version": data["version"]}
    return without_metadata(data)


def without_metadata(value):
    """The same with no more than what is kept of each `metadata`."""
    if isinstance(value, list):
        return [without_metadata(one) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {key: without_metadata(one) for key, one in value.items()}
    if "metadata" in kept:
        kept["metadata"] = {key: one for key, one in kept["metadata"].items() if key in KEPT}
    return kept


for name in sys.argv[1:]:
    path = Path(name)
    data = publishable(json.loads(path.read_text(encoding="utf-8")))
    path.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")
