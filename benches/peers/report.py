"""Writes the page and the chart from the results that compare.py has kept.

    target/bench/venv/bin/python benches/peers/report.py \\
        --results target/bench/results.json --output docs/benchmarks.md

It measures nothing. It needs matplotlib.
"""

import argparse
import json
import os
from pathlib import Path

from chart import draw
from contenders import ROOT
from page import page
from results import Results


def main():
    options = parse()
    results = Results(json.loads(Path(options.results).read_text()))
    output = Path(options.output)
    chart = Path(options.chart or output.parent / "images" / "benchmarks.svg")
    chart.parent.mkdir(parents=True, exist_ok=True)
    draw(results, chart)
    output.write_text(page(results, os.path.relpath(chart, output.parent)))


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--results", default=ROOT / "target/bench/results.json")
    parser.add_argument("--output", default="docs/benchmarks.md")
    parser.add_argument(
        "--chart",
        help="the picture; one that ends in .png is for a look [images/benchmarks.svg beside it]",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
