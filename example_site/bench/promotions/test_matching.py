"""Price a basket, its promotions found by whichever way `LARDER_MATCHING` names: before or after."""

import os
import random
from decimal import Decimal

import pytest
from matching import VARIANTS, Line, Promotion

SKUS = [f"sku-{number}" for number in range(24_000)]


def running() -> list[Promotion]:
    """640 promotions, each of 1 to 30 SKUs."""
    rng = random.Random(640)
    return [
        Promotion(number, frozenset(rng.sample(SKUS, rng.randint(1, 30))), Decimal(rng.randint(5, 40)), rng.randint(1, 3))
        for number in range(640)
    ]


def basket_of(lines: int, promotions: list[Promotion]) -> list[Line]:
    """Every ninth line is one that is on offer."""
    rng = random.Random(lines)
    offered = sorted(sku for promotion in promotions for sku in promotion.skus)
    skus = [rng.choice(offered if n % 9 == 0 else SKUS) for n in range(lines)]
    return [Line(sku, rng.randint(1, 4), Decimal(rng.randint(49, 1999)) / 100) for sku in skus]


@pytest.mark.parametrize("lines", [27, 120], ids=["mean basket", "largest basket"])
def test_price(benchmark, lines):
    variant = VARIANTS[os.environ["LARDER_MATCHING"]]
    promotions = running()
    prepared, basket = variant.prepare(promotions), basket_of(lines, promotions)
    found = benchmark.pedantic(variant.run, (prepared, basket), rounds=60, iterations=10, warmup_rounds=5)
    assert found == VARIANTS["before"].run(promotions, basket)
