"""The page about a comparison in Markdown: results, how to read them, and methods."""

from contenders import BANDCLUSTER, FLOOR, SKLEARN
from sections import sections
from targets import TARGETS, qgis_without_its_start
from words import SHORT, duration, millions, size, table


def page(results, chart):
    parts = [opening(results, chart), targets(results), meaning(results), scenes(results)]
    parts += [*sections(results), machine(results), commands(results)]
    return "\n".join(part for part in parts if part)


# The opening


def opening(results, chart):
    verdicts = [target.verdict(results) for target in TARGETS]
    met, known = verdicts.count("met"), len(verdicts) - verdicts.count("not measured")
    return f"""# Benchmarks

This page compares the time and memory of bandcluster with those of programs that do the same work,
and with the least time that any program could take. {headline(results)}Of {known} targets that
were measured, {met} are met.

![Time and peak memory against the number of pixels, for bandcluster and its peers]({chart})

`benches/peers/report.py` writes this page from the results of `benches/peers/compare.py`. To get
the figures of your own machine, run `compare.py` ([commands](#commands)).
"""


def headline(results):
    """One sentence about the tile, for people who read no further."""
    own, peer = results.seconds("tile", BANDCLUSTER), results.seconds("tile", SKLEARN)
    if not own or not peer:
        return ""
    memory = size(results.peak("tile", BANDCLUSTER)), size(results.peak("tile", SKLEARN))
    pixels = millions(results.pixels("tile", BANDCLUSTER))
    return f"""A Sentinel-2 tile ({pixels} pixels, 4 bands) in 10 classes takes
{duration(own)} and {memory[0]}; with rasterio and scikit-learn it takes {duration(peer)} and
{memory[1]}.
"""


def targets(results):
    rows = [
        [
            SHORT[target.job],
            target.what,
            target.wanted(),
            target.found(results),
            target.verdict(results),
        ]
        for target in TARGETS
    ]
    without = qgis_without_its_start(results)
    note = (
        f"\nWithout the time that QGIS takes to start, it is {without:.2f} times the command"
        " line's.\n"
        if without
        else ""
    )
    return "## Targets\n\n" + table(["job", "what", "target", "measured", ""], rows, "llrrl") + note


# The meaning of the figures


def meaning(results):
    return f"""## What the figures mean

- A **job** is the whole work: it reads the scene, finds the classes, and writes the map as a
  compressed GeoTIFF. Times are wall-clock times, from the start of a process to its end, with the
  scene in the system's file cache. Ratios are those of the medians.
- The **floor** is the time to read every block of the scene with GDAL on two threads, plus the time
  to write a finished map of that size and content, again with GDAL and two threads. It finds no
  classes. A program that reads and writes through GDAL can hardly be faster, so *time / floor*
  shows what the clustering adds. A ratio may be below 1: the floor first reads and then writes, and
  compresses labels at GDAL's usual level. bandcluster does both at once, and compresses at a lower
  level. The start of the floor's process is not counted; bandcluster's is.
- **Memory** is the peak of a process's resident set. (SAGA and GRASS run several processes, one
  after another: theirs is that of the largest.) Megabytes are millions of bytes.
- **bandcluster** makes ten restarts, its default. **The other programs** do what common tutorials
  do, with their defaults: scikit-learn makes one k-means++ start, which is generous to it. faiss
  makes one start and 25 iterations, in single precision; linfa one start; SAGA at most 10
  iterations. GRASS finds classes on a sample of the pixels, and then gives each pixel the
  likeliest class, which is not k-means.
- **The strips**, `train.tif` and `predict.tif`, are tilted strips in a black frame, made of the
  clips, too. (They are not the small scenes of [the tutorial](tutorial.md).) The frame is nodata,
  about half of the pixels. Programs in common tutorials cluster these pixels like others, and so do
  the other programs in Python here: the frame is one of their classes. bandcluster, GRASS and SAGA
  leave them out.
- **Inertia** is the sum of the squared distances of all pixels to their nearest centres: less is
  better. `benches/peers/inertia.py` computes it in the same way for all programs, from their
  centres, in double precision, on the tile, which has no nodata.
- A program **does not fit** if it takes more memory than the machine has free (of
  {gibibytes(results)} in all). It is not started if it is known to take that much, and is
  stopped before the system runs out.
"""


def scenes(results):
    rows = [
        [
            f"`{name}`",
            f"{of['width']} x {of['height']}",
            str(of["bands"]),
            of["type"],
            millions(of["pixels"]),
        ]
        for name, of in results.data["scenes"].items()
    ]
    return f"""## Scenes

`benches/peers/scenes.py` makes them from the real Sentinel-2 clips in
[tests/data](../tests/data/README.md). A clip is repeated, mirrored so that edges meet, each time
with a gain of its own (3 %) and noise (4 digital numbers). The scenes are GeoTIFFs in tiles of 512
x 512, compressed with DEFLATE; the mosaic is a virtual raster over the tile.

{table(["file", "size", "bands", "samples", "pixels"], rows, "lrrlr")}"""


# The methods


def machine(results):
    of = results.data["machine"]
    facts = [
        ["processor", of["processor"]],
        ["cores", str(of["cores"])],
        ["memory", gibibytes(results)],
        ["system", of["system"]],
        ["load when the comparison began", f"{of['load']:.1f}"],
    ]
    rows = facts + [[name, version] for name, version in results.data["versions"].items()]
    return f"## Machine and versions\n\n{days(results)}\n\n{table(['', ''], rows, 'll')}"


def gibibytes(results):
    return f"{results.data['machine']['memory'] / 2**30:.0f} GiB"


def days(results):
    """The days of the measurements, and whether all used the same build."""
    jobs = results.data["jobs"].values()
    found, builds = sorted({job["day"] for job in jobs}), {job["build"] for job in jobs}
    when = found[0] if len(found) == 1 else f"{found[0]} to {found[-1]}"
    return f"Measured {when}." + (
        "" if len(builds) == 1 else " Not all jobs were run with the same build of bandcluster."
    )


def commands(results):
    lines = (
        entry["command"]
        for job in results.jobs()
        for system, entry in results.systems(job).items()
        if job != "predict" or system in (BANDCLUSTER, FLOOR)
    )
    return f"""## Commands

Runs of bandcluster and of the floor alternate, so that other work of the machine affects both
alike. One run before them is not counted. The other programs run afterwards. To repeat the
comparison, build bandcluster, take a machine with nothing else to do, and type:

```bash
benches/peers/setup.sh
/usr/bin/python3 benches/peers/scenes.py SCENES
/usr/bin/python3 benches/peers/compare.py --scenes SCENES --output docs/benchmarks.md
```

These commands are run (here without the folders of files):

```text
{chr(10).join(dict.fromkeys(lines))}
```
"""
