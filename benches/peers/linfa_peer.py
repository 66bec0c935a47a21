"""rasterio reads, linfa's KMeans (linfa_peer.rs) clusters all pixels, rasterio writes the map.

    python linfa_peer.py PROGRAM SCENE OUTPUT -k 4 --centres C.json

PROGRAM is target/release/examples/linfa_peer. linfa computes in float64; it makes one start here.
"""

import argparse
import subprocess

import numpy as np
from tutorial import Stopwatch, read, save_centres, write


def main():
    options = parse()
    watch = Stopwatch()
    pixels, profile = read(options.scene)
    n_pixels, n_bands = pixels.shape
    samples = np.ascontiguousarray(pixels, "<f8").tobytes()
    del pixels
    watch.lap("read")
    command = [options.program, str(options.clusters), str(n_bands)]
    found = subprocess.run(command, input=samples, stdout=subprocess.PIPE, check=True).stdout
    watch.lap("fit and label")
    write(options.output, np.frombuffer(found, np.uint8, n_pixels), profile)
    watch.lap("write")
    save_centres(options.centres, np.frombuffer(found, "<f8", offset=n_pixels).reshape(-1, n_bands))
    watch.tell(kind="linfa_clustering::KMeans")


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("scene")
    parser.add_argument("output")
    parser.add_argument("-k", "--clusters", type=int, required=True)
    parser.add_argument("--centres", required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
