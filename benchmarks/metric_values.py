"""How real values are read: `python benchmarks/metric_values.py` prints a table over 341 rows as people wrote them."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

from mkdocs_perfcase.change import judge, read_stated
from mkdocs_perfcase.quantity import Quantity, read_quantities

VALUES = Path(__file__).parent.parent / "tests" / "data" / "metric-values.tsv"
# Cells with a digit that hold no value, or a remark around one: refusing them is right.
NO_VALUES = {
    *("1 per 30min", "200ms with spinner", "50ms防抖动", "<100ms + parallel im Hintergrund", "A (92%)", "B+ (82%)"),
    *("High (4K entities)", "Ja (2-6s)", "N+1 ~ 3N개", "Nach 2-6s", "O(1)", "O(365 × n × m)", "O(50) + O(1) lookups"),
    *("Yes (30/min)", "固定10", "높음 (30초 타임아웃 발생)", "5-20动态", "8/10 files", "10/10 files"),
}


def main() -> int:
    """Print the figures; 1 if fewer than 95 % of the cells that hold a quantity are read."""
    with VALUES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    cells = [row[side] for row in rows for side in ("before", "after") if any(c.isdigit() for c in row[side] or "")]
    holding = [cell for cell in cells if cell not in NO_VALUES]
    read = [cell for cell in holding if read_quantities(cell)]
    print(f"cells with a figure              {len(cells)}")
    print(f"  that hold a quantity           {len(holding)}")
    print(f"  of which read                  {len(read)}  ({len(read) / len(holding):.1%})")
    verdicts = Counter((row["stated_agrees"], judged(row)) for row in rows if row["stated_agrees"] != "unclassified")
    print("stated changes, by the list       agrees  unclear  differs  not compared")
    for label in ("agrees", "differs"):
        counts = [verdicts[label, verdict] for verdict in ("agrees", "unclear", "differs", None)]
        print(f"  {label:<30}" + "".join(f"{count:>9}" for count in counts))
    return 0 if len(read) >= 0.95 * len(holding) else 1


def judged(row: dict[str, str]) -> str | None:
    """What is said of a row's stated change; None where its values can't be compared."""
    before, after = (single(row[side], row["metric"]) for side in ("before", "after"))
    if before is None or after is None:
        return None
    if before.unit is None and after.unit:
        before = before.in_unit(after.unit)
    if after.unit is None and before.unit:
        after = after.in_unit(before.unit)
    return judge(read_stated(row["stated_change"]), before, after) if before.family == after.family else None


def single(text: str, metric: str) -> Quantity | None:
    """A cell's one value."""
    found = read_quantities(text, about=metric)
    return found[0] if len(found) == 1 else None


if __name__ == "__main__":
    sys.exit(main())
