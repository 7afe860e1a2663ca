"""How often the same code is told apart from itself: `python benchmarks/evidence.py [pairs]`, about a minute for 60.

Each pair is eight processes of one small benchmark, four a side, taken in turns so that both sides see the same
machine. Judged by files, as records are, about one pair in twenty may be told apart, and fewer by more than
`min_effect`. Judged by the samples of one process a side, most of them are: which is why one file proves nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys

from mkdocs_perfcase.evidence.effect import ENOUGH, Effect, effect, standing
from mkdocs_perfcase.evidence.series import MEDIAN, Series

PROCESS = """
import json, time
words = [f"word {i}" for i in range(300)]
samples = []
for _ in range(40):
    start = time.perf_counter()
    for _ in range(10):
        counts = {}
        for word in words:
            counts[word] = counts.get(word, 0) + len(word)
    samples.append(time.perf_counter() - start)
print(json.dumps(samples[10:]))
"""
HEAD = f"{'judged by':<24}{'pairs':>6}{'interval excludes 0 %':>24}{'called proven':>15}{'by over 5 %':>13}"


def measured() -> Series:
    """The samples of one process: what one result file would hold."""
    run = subprocess.run([sys.executable, "-c", PROCESS], capture_output=True, check=True, text=True)
    return Series("count words", "time", "s", samples=tuple(json.loads(run.stdout)))


def compared(before: list[Series], after: list[Series]) -> Effect:
    found = effect(before, after, MEDIAN)
    assert found, "every process has a median"
    return found


def row(name: str, effects: list[Effect]) -> str:
    def rate(hits: list[bool]) -> str:
        return f"{100 * sum(hits) / len(hits):.1f} %"

    apart = rate([each.excludes_no_change for each in effects])
    proven = [
        rate([standing(each, "lower", least) in ("improved", "regressed") for each in effects]) for least in (0, 0.05)
    ]
    return f"{name:<24}{len(effects):>6}{apart:>24}{proven[0]:>15}{proven[1]:>13}"


def main(pairs: int) -> None:
    by_file, by_run = [], []
    for _ in range(pairs):
        taken = [measured() for _ in range(2 * ENOUGH)]
        before, after = taken[::2], taken[1::2]
        by_file.append(compared(before, after))
        by_run.extend(compared([one], [other]) for one, other in zip(before, after, strict=True))
    print(HEAD)
    print(row(f"{ENOUGH} files a side", by_file))
    print(row("samples of one file", by_run))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
