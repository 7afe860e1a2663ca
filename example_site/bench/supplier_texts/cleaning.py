"""Clean the texts of a supplier's feed, with the patterns as texts (before) or compiled (after)."""

import os
import random
import re

import pyperf

SPACE = r"\s+"
TAG = r"<[^>]{1,80}>"
WEIGHT = r"(\d+)[,.]?(\d*)\s?(kg|g|ml|l)\b"
WEIGHT_SHOWN = r"\1.\2 \3"

space, tag, weight = re.compile(SPACE), re.compile(TAG), re.compile(WEIGHT)


def by_text(text: str) -> str:
    """Before: patterns are given as texts, in every call."""
    return re.sub(SPACE, " ", re.sub(WEIGHT, WEIGHT_SHOWN, re.sub(TAG, " ", text))).strip()


def by_pattern(text: str) -> str:
    """After: patterns are compiled once, when the module is loaded."""
    return space.sub(" ", weight.sub(WEIGHT_SHOWN, tag.sub(" ", text))).strip()


def texts(count: int) -> list[str]:
    """Descriptions of articles as suppliers send them: some two kilobytes of HTML each."""
    rng = random.Random(count)
    words = ("organic", "<b>fresh</b>", "500 g", "1,5 kg", "<br />", "from Spain", "\n   ", "smoked", "&nbsp;", "750ml")
    return [" ".join(rng.choice(words) for _ in range(300)) for _ in range(count)]


def clean_all(clean, given: list[str]) -> int:
    return sum(len(clean(text)) for text in given)


if __name__ == "__main__":
    given = texts(200)
    assert [by_text(text) for text in given] == [by_pattern(text) for text in given]
    runner = pyperf.Runner()
    variant = {"before": by_text, "after": by_pattern}[os.environ.get("LARDER_PATTERNS", "before")]
    runner.bench_func("clean 200 descriptions", clean_all, variant, given)
