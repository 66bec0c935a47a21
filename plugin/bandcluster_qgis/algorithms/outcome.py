"""Tells the user about an outcome: warnings in the terms of QGIS, and shared results."""

from ..parameters import maps, outputs
from ..translation import tr, translatable

# The suffixes of a map's layers, after the name of the scene.
MAP_LAYERS = {
    outputs.OUTPUT: translatable("{} classes"),
    outputs.CONFIDENCE: translatable("{} confidence"),
    maps.POLYGONS: translatable("{} polygons"),
}


def fit_results(outcome, progress) -> dict:
    tell_classes(outcome, progress)
    _tell_alignment(outcome, progress)
    return {
        outputs.INERTIA: outcome["inertia"],
        outputs.N_ITER: outcome["n_iter"],
        outputs.N_VALID: outcome["n_valid"],
    }


def tell_classes(outcome, progress) -> None:
    """Lists the classes with their pixels, and their areas if the pixel area is known."""
    classes = outcome["classes"]
    total = sum(one["count"] for one in classes)
    has_areas = any(one["area_ha"] is not None for one in classes)
    rows = []
    for one in classes:
        area = "" if one["area_ha"] is None else f"{one['area_ha']:,.2f}"
        row = (
            str(one["value"]),
            one["name"],
            f"{one['count']:,}",
            percent(one["count"] / max(total, 1)),
            area,
        )
        rows.append(row if has_areas else row[:-1])
    headings = [tr("value"), tr("name"), tr("pixels"), tr("share"), tr("area (ha)")]
    progress.table(columns(headings[: len(rows[0])] if rows else headings, rows, left=(1,)))


def _tell_alignment(outcome, progress) -> None:
    """Lists the class of the reference model that each class was paired with."""
    pairs = outcome.get("aligned")
    if pairs is None:
        return
    names = {one["value"]: one["name"] for one in outcome["classes"]}
    rows = [
        (
            str(pair["value"]),
            names.get(pair["value"], ""),
            tr("none, it is new") if pair["like"] is None else str(pair["like"]),
            _distance(pair),
        )
        for pair in pairs
    ]
    progress.note(tr("Numbered like the given model:"))
    progress.table(
        columns(
            [tr("value"), tr("name"), tr("like class"), tr("distance of the means")],
            rows,
            left=(1,),
        )
    )


def _distance(pair) -> str:
    if pair["like"] is None:
        return ""
    return tr("not found") if pair["distance"] is None else f"{pair['distance']:.6g}"


def percent(part) -> str:
    return f"{100 * part:.1f} %"


def columns(headings, rows, left=()):
    """The lines of a table; the columns ``left`` are aligned to the left, others to the right."""
    lines = [tuple(headings), *rows]
    widths = [max(map(len, column)) for column in zip(*lines)]
    for line in lines:
        cells = zip(line, widths, range(len(widths)))
        yield "  ".join(
            cell.ljust(width) if at in left else cell.rjust(width) for cell, width, at in cells
        ).rstrip()


def tell(warnings, progress):
    """Tells the warnings and notes of the library."""
    for warning in warnings:
        code = warning["code"]
        text = _WORDS[code](warning) if code in _WORDS else warning["message"]
        if warning.get("together"):
            text = tr("{} (see the other warning, too: both must be corrected at once)").format(
                text
            )
        if code in _NOTES:
            progress.note(text)
        else:
            progress.warn(f"{code}: {text}")


def _offset(found):
    text = (
        tr(
            "the scene's values look {difference:g} higher than those the model was fitted on. The"
            " scene seems to be a Sentinel-2 product of processing baseline 04.00 or later: label"
            " it again with the offset {offset:g}"
        )
        if found["add"] < 0
        else tr(
            "the scene's values look {difference:g} lower than those the model was fitted on. The"
            " model's scene seems to be a Sentinel-2 product of processing baseline 04.00 or later:"
            " label the scene again with the offset {offset:g}"
        )
    )
    return text.format(difference=abs(found["add"]), offset=found["add"])


def _scale(found):
    small, large = "0 - 1", "0 - 10000"
    scene, trained = (small, large) if found["multiply"] > 1 else (large, small)
    return tr(
        "the scene looks like reflectance of {scene}, the model was fitted on {trained}: label it"
        " again with the scale {scale:g}"
    ).format(scene=scene, trained=trained, scale=found["multiply"])


def _band_order(found):
    pairs = ", ".join(f"{name} = {number}" for name, number in zip(found["names"], found["order"]))
    return tr(
        "the scene's bands seem to be in another order (model = position among the bands that were"
        " read: {pairs}): label it again with the bands in this order: {order}"
    ).format(pairs=pairs, order=",".join(map(str, found["order"])))


def _drift(found):
    return tr(
        "the scene differs from what the model was fitted on: its bands have shifted by {moved:.1f}"
        " standard deviations on average, and {far} of its pixels are farther from their class than"
        " 99 % of the training pixels; check the map before you use it, or find classes in both"
        " scenes together"
    ).format(moved=found["overall"], far=percent(found["beyond_radius"]))


def _max_iter(found):
    return tr(
        "the centres still moved when the maximum of {} iterations was reached; allow more with"
        " max_iter in the options of the algorithm"
    ).format(found["max_iter"])


def _memory(found):
    return tr(
        "the memory is set to {memory} MiB, and this run may take up to {needed} MiB; set it higher"
    ).format(memory=found["memory"], needed=found["needed"])


def _machine_memory(found):
    return tr(
        "the memory is set to {memory} MiB, and this machine has {total} MiB; set it lower, to"
        " leave some for other programs"
    ).format(memory=found["memory"], total=found["total"])


def _alpha_mask(found):
    return tr(
        "{scene}: band {number} is an alpha band and is used as a mask; if it holds data, choose"
        " the bands"
    ).format(scene=found["file"], number=found["band"])


def _scl_band(found):
    return tr(
        "{scene}: the values of SCL are classes, and distances between them mean nothing; choose"
        " the other bands, or use SCL to leave out clouds"
    ).format(scene=found["scene"])


def _palette(found):
    return tr(
        "{scene}: {bands} has a palette; if its values are classes, distances between them mean"
        " nothing"
    ).format(scene=found["scene"], bands=", ".join(found["bands"]))


def _band_scales(found):
    pairs = zip(found["names"], found["scales"], found["offsets"])
    return tr(
        "{scene}: the bands have different scales or offsets ({bands}), and the stored samples are"
        " compared; set the scaling of the bands to Z-score to give them the same weight"
    ).format(
        scene=found["scene"],
        bands=", ".join(f"{name} * {scale:g} + {offset:g}" for name, scale, offset in pairs),
    )


def _scene_scales(found):
    text = (
        tr(
            "{scene}: the samples are converted to those of {like} with the scale and offset of"
            " both scenes"
        )
        if found["corrected"]
        else tr(
            "{scene}: the scale or offset differs from that of {like}, but some bands have no scale"
            " and offset: the samples are used as stored"
        )
    )
    return text.format(scene=found["scene"], like=found["like"])


def _model_nodata(found):
    values = ["none" if value is None else f"{value:.17g}" for value in found["nodata"]]
    shown = values[0] if len(set(values)) == 1 else ", ".join(values)
    return tr(
        "{scene}: the file does not tell which pixels have no data, so the model's no-data value is"
        " used: {values} (if all pixels have data, set NODATA to none)"
    ).format(scene=found["scene"], values=shown)


def _no_valid_pixel(found):
    text = (
        tr(
            "no pixel of {scene} is valid (none has a value in {bands}); check its no-data values,"
            " mask and area of interest"
        )
        if found["bands"]
        else tr("no pixel of {scene} is valid; check its no-data values, mask and area of interest")
    )
    return text.format(scene=found["scene"], bands=", ".join(found["bands"]))


_WORDS = {
    "offset": _offset,
    "scale": _scale,
    "band_order": _band_order,
    "drift": _drift,
    "max_iter": _max_iter,
    "memory": _memory,
    "machine_memory": _machine_memory,
    "alpha_mask": _alpha_mask,
    "scl_band": _scl_band,
    "palette": _palette,
    "band_scales": _band_scales,
    "scene_scales": _scene_scales,
    "model_nodata": _model_nodata,
    "no_valid_pixel": _no_valid_pixel,
}
_NOTES = (
    "memory",
    "machine_memory",
    "alpha_mask",
    "scl_band",
    "palette",
    "band_scales",
    "scene_scales",
    "model_nodata",
    "no_valid_pixel",
)
