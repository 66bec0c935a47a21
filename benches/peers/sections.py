"""The sections of the page that show the figures of a job; empty for a job that was not run."""

import statistics

from contenders import BANDCLUSTER, FLOOR, INTELEX, SKLEARN
from words import NAMES, TITLES, duration, millions, size, table, why_not

WHOLE_JOBS = ["train", "predict", "tile", "restarts", "tile13", "tile_float", "gigapixel"]
SIZES = ["tile_1mpx", "tile_10mpx", "tile", "gigapixel"]
PHASES = [
    "import",
    "start",
    "read",
    "summary",
    "fit",
    "refine",
    "label",
    "predict",
    "write",
]  # in the order of a job
REMARKS = {
    "predict": (
        """The other programs predict in the session that has fitted, as tutorials do. So their
start is not counted here, and their memory is that of the whole session.
"""
    ),
    "restarts": (
        """Here all programs make ten restarts. bandcluster's are on its summary and take little
time; those of the others are on the pixels. In the other tables the others make one start, which is
their default.
"""
    ),
    "gigapixel": (
        """The scene is the same tile nine times, 3 x 3, as a virtual raster. It has nine times the
pixels, and no new values.
"""
    ),
}


def sections(results):
    parts = [whole_job(results, job) for job in WHOLE_JOBS if results.systems(job)]
    return [
        *parts,
        sizes(results),
        sweep(results),
        choose_k(results),
        algorithms(results),
        qgis(results),
        in_memory(results),
    ]


# Jobs from file to file


def whole_job(results, job):
    head = f"## {TITLES[job]}\n"
    parts = [
        head,
        REMARKS.get(job),
        timings(results, job),
        inertias(results, job),
        phases(results, job),
    ]
    return "\n".join(part for part in parts if part)


def timings(results, job):
    """One row per system: its times, and their ratio to the floor's."""
    floor = results.seconds(job, FLOOR)
    head = ["", "median", "min", "max", "runs", *(["/ floor"] if floor else []), "peak memory"]
    rows = []
    for system, entry in results.systems(job).items():
        if results.done(job, system):
            rows.append([NAMES[system], *timing(entry, floor), size(max(entry["memory"]))])
        else:
            rows.append([NAMES[system], why_not(entry), *[""] * (len(head) - 2)])
    return table(head, rows, "l" + "r" * (len(head) - 1))


def timing(entry, floor):
    seconds = entry["seconds"]
    median = statistics.median(seconds)
    ratio = [f"{median / floor:.2f}"] if floor else []
    return [
        duration(median),
        duration(min(seconds)),
        duration(max(seconds)),
        str(len(seconds)),
        *ratio,
    ]


def inertias(results, job):
    own = results.inertia(job, BANDCLUSTER)
    rows = []
    for system in results.systems(job):
        inertia = results.inertia(job, system)
        if inertia:
            beside = f"{(inertia / own - 1) * 100:+.4f} %" if own and system != BANDCLUSTER else ""
            rows.append(
                [
                    NAMES[system],
                    f"{inertia:.6e}",
                    beside,
                    iterations(results.last_told(job, system)),
                ]
            )
    return (
        table(["", "inertia", "beside bandcluster's", "iterations"], rows, "lrrr") if rows else ""
    )


def iterations(told):
    """The iterations. bandcluster's are on its summary, except the given number on the pixels."""
    passes = told.get("n_passes")
    return str(told.get("n_iter", "")) + (
        f" ({passes} over the pixels)" if passes is not None else ""
    )


def phases(results, job):
    """One line per system, with the times of its phases."""
    lines = []
    for system in results.systems(job):
        spent = phases_of(results, job, system)
        if spent:
            lines.append(
                f"- {NAMES[system]}: "
                + ", ".join(f"{name} {duration(s)}" for name, s in spent.items())
                + "\n"
            )
    return "Where the time went (medians):\n\n" + "".join(lines) if lines else ""


def phases_of(results, job, system):
    found = results.phases(job, system)
    if job == "predict":
        found = {name.replace("predict_", ""): seconds for name, seconds in found.items()}
    kept = [name for name in found if name != "total" and not name.startswith("predict_")]
    kept.sort(key=lambda name: PHASES.index(name) if name in PHASES else len(PHASES))
    if job != "predict" and system in (SKLEARN, INTELEX):
        kept = [name for name in kept if name != "predict"]
    return {name: found[name] for name in kept}


# From small to large


def sizes(results):
    """The figures of the chart."""
    rows = [
        [millions(results.pixels(job, system)), NAMES[system], *size_row(results, job, system)]
        for job in SIZES
        for system in (BANDCLUSTER, FLOOR, SKLEARN, INTELEX)
        if results.entry(job, system)
    ]
    if not rows:
        return ""
    return f"""## From a million pixels to a billion

The scenes are pieces of the tile, the tile and the mosaic, with 10 classes. Figures are medians.

{table(["pixels", "", "time", "ns per pixel", "peak memory"], rows, "rlrrr")}"""


def size_row(results, job, system):
    if not results.done(job, system):
        return [why_not(results.entry(job, system)), "", ""]
    nanoseconds = f"{results.nanoseconds(job, system):.1f}"
    return [duration(results.seconds(job, system)), nanoseconds, size(results.peak(job, system))]


# Other ways in


def sweep(results):
    told = results.last_told("sweep", BANDCLUSTER)
    if not told:
        return ""
    seconds = results.entry("sweep", BANDCLUSTER)["seconds"]
    rows = [
        [str(one["k"]), f"{one['inertia']:.4e}", f"{one['stability']:.3f}"]
        for one in told["candidates"]
    ]
    summary = duration(told["seconds"]["summary"])
    median, *limits = map(duration, (statistics.median(seconds), min(seconds), max(seconds)))
    return f"""## {TITLES["sweep"]}

`bandcluster choose-k` with these limits. The tile is summarised once ({summary},
{told["n_cells"]:,} cells). Then models are made from the summary, without the pixels, as many at
the same time as there are cores. All {len(rows)} models, each of ten restarts, with the measures
of each, take {median} ({len(seconds)} runs, of {limits[0]} to {limits[1]}).

{table(["classes", "inertia, as the summary has it", "stability"], rows, "rrr")}"""


def choose_k(results):
    if not results.done("choose_k", BANDCLUSTER):
        return ""
    return f"""## {TITLES["choose_k"]}

`bandcluster choose-k` on the tile makes one summary, models of 2 to 12 classes with ten restarts
each, and their measures.

{timings(results, "choose_k")}
{phases(results, "choose_k")}"""


def algorithms(results):
    if not results.systems("algorithms"):
        return ""
    rows = [
        [name, *algorithm_row(results, name, entry)]
        for name, entry in results.systems("algorithms").items()
    ]
    return f"""## {TITLES["algorithms"]}

Each algorithm runs with its defaults, and with 10 classes if it takes a number, from the file to
the map. *Fit* is its work on the summary. *Labels* are the passes over the pixels after that; they
take longer if a model compares pixels with more points.

{table(["", "all of it", "summary", "fit", "labels", "classes", "peak memory"], rows, "lrrrrrr")}"""


def algorithm_row(results, name, entry):
    if not results.done("algorithms", name):
        return [why_not(entry), *[""] * 5]
    spent = results.phases("algorithms", name)
    n_classes = str(results.last_told("algorithms", name)["n_clusters"])
    times = [
        results.seconds("algorithms", name),
        spent["summary"],
        spent["fit"],
        spent["refine"] + spent["predict"],
    ]
    return [*map(duration, times), n_classes, size(results.peak("algorithms", name))]


def qgis(results):
    if not results.systems("qgis"):
        return ""
    return f"""## {TITLES["qgis"]}

`qgis_process` runs `bandcluster:cluster` on the first strip, with 4 classes, in turn with the
command line. QGIS loads all its parts before it begins. A run that only prints an algorithm's help
shows how long that takes.

{timings(results, "qgis")}"""


def in_memory(results):
    told = results.last_told("in_memory", BANDCLUSTER)
    if not told:
        return ""
    words = {
        "look": "adding up all samples",
        "predict": "`bandcluster_predict`",
        "fit": "`bandcluster_fit`, ten restarts",
    }
    rows = [
        [
            words[name],
            *(f"{of(told[name]):.2f}" for of in (statistics.median, min, max)),
            str(len(told[name])),
        ]
        for name in words
    ]
    return f"""## {TITLES["in_memory"]}

`benches/peers/in_memory.c` holds the first strip in memory (int16, band after band) and calls
the library for 4 classes: no file is read or written. The first row adds up all samples; nothing
that reads the scene can be faster. All on {told["threads"]} threads. The table has
nanoseconds per pixel of the whole scene, frame included:

{table(["", "median", "min", "max", "runs"], rows, "lrrrr")}"""
