"""The chart: time and memory of a whole job by the number of pixels, on log axes."""

import matplotlib
from contenders import BANDCLUSTER, INTELEX, SKLEARN
from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator
from measure import DOES_NOT_FIT

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

JOBS = ["tile_1mpx", "tile_10mpx", "tile", "gigapixel"]
STYLES = {  # colour and marker; lightness differs, for print and colour-blind readers
    BANDCLUSTER: ("#00535e", "o"),
    SKLEARN: ("#c05000", "s"),
    INTELEX: ("#8a6fc0", "^"),
}
PIXELS = {1e6: "1 million", 1e7: "10 million", 1e8: "100 million", 1e9: "1 billion"}
SECONDS = {
    0.01: "0.01 s",
    0.1: "0.1 s",
    1: "1 s",
    10: "10 s",
    100: "100 s",
    1000: "1000 s",
    1e4: "10000 s",
}
BYTES = {1e7: "10 MB", 1e8: "100 MB", 1e9: "1 GB", 1e10: "10 GB", 1e11: "100 GB"}
INK, GREY, FAINT, EDGE = "#1d2733", "#5b6773", "#dde3e9", "#8a949e"  # the report's
LOOK = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": EDGE,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "bandcluster",  # the same picture has the same bytes
}
NAMES = {INTELEX: "intelex"}  # short, because another line is close to its label
LEAST_GAP = 27  # points between two labels at the ends of lines


def draw(results, path):
    with pyplot.rc_context(LOOK):
        figure, panels = pyplot.subplots(1, 2, figsize=(11, 4.8), layout="constrained")
        figure.get_layout_engine().set(wspace=0.06)
        machine = results.data["machine"]["memory"]
        panel(panels[0], "Time of the whole job", lines(results, results.seconds), SECONDS)
        panel(panels[1], "Peak memory", lines(results, results.peak), BYTES, machine)
        figure.draw_without_rendering()  # the places of labels depend on the panels' sizes
        for axes, measure in zip(panels, (results.seconds, results.peak)):
            label(axes, results, lines(results, measure))
        kind = {"metadata": {"Date": None}} if str(path).endswith(".svg") else {"dpi": 110}
        figure.savefig(path, facecolor="white", **kind)
        pyplot.close(figure)


def lines(results, measure):
    """For each system, the points (pixels, value) of the jobs that it finished."""
    points = {
        system: sorted(
            (results.pixels(job, system), measure(job, system))
            for job in JOBS
            if measure(job, system)
        )
        for system in STYLES
    }
    return {system: of_system for system, of_system in points.items() if of_system}


def panel(axes, title, of_systems, ticks, limit=None):
    axes.set_title(title, loc="left", fontsize=12, fontweight="bold", pad=12)
    axes.set(xscale="log", yscale="log", xlabel="pixels (4 bands, 10 classes)")
    for system, points in of_systems.items():
        colour, marker = STYLES[system]
        axes.plot(*zip(*points), color=colour, marker=marker, markersize=6, linewidth=2)
    values = [value for points in of_systems.values() for _, value in points]
    axes.set_xlim(7e5, 2.4e9)
    axes.set_ylim(min(values, default=1) / 2.5, max([*values, limit or 0], default=10) * 2.5)
    scale(axes.xaxis, PIXELS)
    scale(axes.yaxis, ticks)
    axes.grid(color=FAINT, linewidth=0.8)
    if limit:
        mark(axes, limit)


def scale(axis, ticks):
    axis.set_major_locator(FixedLocator(list(ticks)))
    axis.set_major_formatter(lambda value, _: ticks.get(value, ""))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())


def mark(axes, memory):
    """Draws a line at the machine's memory."""
    words = f"memory of the machine, {memory / 2**30:.0f} GiB"
    axes.axhline(memory, color=GREY, linewidth=1, linestyle=(0, (4, 3)))
    place = {"xytext": (6, 4), "textcoords": "offset points"}
    axes.annotate(words, (axes.get_xlim()[0], memory), fontsize=9, color=GREY, **place)


def label(axes, results, of_systems):
    """Writes the names of systems.

    If a line ends early, the name is at its end, and such names do not touch. The names of other
    lines are below their last point but one.
    """
    early = {system: points[-1] for system, points in of_systems.items() if points[-1][0] < 5e8}
    for system, height in kept_apart(axes, early).items():
        remark = "larger do not fit" if outgrown(results, system) else ""
        write(axes, system, early[system], (11, height), remark)
    for system in of_systems.keys() - early.keys():
        write(axes, system, of_systems[system][-2:][0], (11, -16))


def kept_apart(axes, ends):
    """The points by which each label is moved up, so that no two touch."""
    points = 72 / axes.figure.dpi
    heights = {system: axes.transData.transform(end)[1] * points for system, end in ends.items()}
    moved, top = {}, float("-inf")
    for system in sorted(heights, key=heights.get):
        top = max(heights[system], top + LEAST_GAP)
        moved[system] = top - heights[system]
    shift = sum(moved.values()) / (len(moved) or 1)  # the mean move becomes 0
    return {system: height - shift for system, height in moved.items()}


def write(axes, system, point, offset, remark=""):
    place = {"textcoords": "offset points", "ha": "left", "va": "center"}
    background = {
        "facecolor": "white",
        "edgecolor": "none",
        "pad": 1,
    }  # hides the grid behind letters
    across, along = offset
    style = {"color": STYLES[system][0], "fontweight": "bold", "fontsize": 9.5}
    axes.annotate(
        NAMES.get(system, system),
        point,
        xytext=(across, along + (6 if remark else 0)),
        bbox=background,
        **style,
        **place,
    )
    if remark:
        axes.annotate(
            remark,
            point,
            xytext=(across, along - 7),
            fontsize=8.5,
            color=GREY,
            bbox=background,
            **place,
        )


def outgrown(results, system):
    entries = (results.entry(job, system) for job in JOBS)
    return any(entry and entry["outcome"] == DOES_NOT_FIT for entry in entries)
