"""Measure the import of a price feed: `python measure.py before > before.json`, then the same with `after`.

Every sample is a process of its own, which reports its own time and its own peak memory.
"""

import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

SAMPLES = 12
ARTICLES = 60_000
COLUMNS = ("ean", "name", "brand", "origin", "allergens", "unit", "vat", "price", "valid_from", "text")


def write_feed(path: Path) -> None:
    """A wholesaler's feed: 60,000 articles, of which we need two columns."""
    rng = random.Random(60_000)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for number in range(ARTICLES):
            price = f"{rng.randrange(29, 4999) / 100:.2f}"
            text = " ".join(rng.choice(("fresh", "organic", "sliced", "smoked", "frozen")) for _ in range(20))
            out.writerow(
                [f"{4_000_000_000_000 + number}", f"Article {number}", "Brand", "ES", "", "kg", "7", price, "2026-11-01", text]
            )


def before(path: Path) -> dict[str, Decimal]:
    """Read the whole feed as a list of dictionaries, then pick."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row["ean"]: Decimal(row["price"]) for row in rows}


def after(path: Path) -> dict[str, Decimal]:
    """Pick while reading, by position."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        head = next(rows)
        ean, price = head.index("ean"), head.index("price")
        return {row[ean]: Decimal(row[price]) for row in rows}


def one_run(variant: str, feed: Path) -> None:
    start = time.perf_counter()
    prices = {"before": before, "after": after}[variant](feed)
    seconds = time.perf_counter() - start
    assert len(prices) == ARTICLES
    kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # in KiB on Linux
    print(json.dumps([seconds, kibibytes]))


def main(variant: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        feed = Path(folder) / "feed.csv"
        write_feed(feed)
        command = [sys.executable, __file__, variant, str(feed)]
        runs = [json.loads(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(SAMPLES)]
    rows = [
        {"metric": "Import Time", "unit": "ms", "better": "lower", "samples": [round(1000 * run[0], 1) for run in runs]},
        {"metric": "Peak Memory", "unit": "MB", "better": "lower", "samples": [round(run[1] * 1024 / 1e6, 1) for run in runs]},
    ]
    print(json.dumps(rows, indent=1))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        one_run(sys.argv[1], Path(sys.argv[2]))
    else:
        main(sys.argv[1])
