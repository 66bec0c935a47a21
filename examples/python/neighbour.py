"""Finds classes in a scene, and labels every other scene with them, from file to file.

    python neighbour.py FOLDER SCENE NEIGHBOUR...

FOLDER then has the model and a map of each scene. No pixel passes through Python, so scenes may be
larger than memory.
"""

import sys
from pathlib import Path

import bandcluster


def main(folder, scene, *neighbours):
    folder = Path(folder)
    model = folder / "model.json"
    found = bandcluster.cluster_file(scene, folder / "scene.tif", n_clusters=6, model=model)
    for name, area in found.areas.items():
        print(f"{name}: {area:.0f} ha")
    for neighbour in neighbours:
        outcome = bandcluster.predict_file(model, neighbour, folder / Path(neighbour).name)
        for warning in outcome.warnings:
            print(f"{neighbour}: {warning['message']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
