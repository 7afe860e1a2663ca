#!/bin/sh
# Measures all three again, sides in turn, so that what else the machine does falls on both. Takes about five minutes.
# Needs pytest-benchmark and pyperf. Measure where nothing else runs, and never keep only the runs that please.
set -e
cd "$(dirname "$0")"
results=../docs/performance/evidence
mkdir -p $results/promotions $results/price_feed $results/supplier_texts

for n in 1 2 3 4 5; do
    for side in before after; do
        LARDER_MATCHING=$side python -m pytest -q -o addopts= -p no:cacheprovider promotions/test_matching.py \
            --benchmark-json $results/promotions/$side-$n.json
    done
done

for n in 1 2 3 4 5 6; do
    for side in before after; do
        rm -f $results/supplier_texts/$side-$n.json
        LARDER_PATTERNS=$side python supplier_texts/cleaning.py --inherit-environ LARDER_PATTERNS \
            -p 3 -n 6 -w 1 -o $results/supplier_texts/$side-$n.json
    done
done

for side in before after; do
    python price_feed/measure.py $side > $results/price_feed/$side.json
done

python publishable.py $results/promotions/*.json $results/supplier_texts/*.json
