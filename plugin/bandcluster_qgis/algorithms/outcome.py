"""What an outcome tells the user: the warnings in QGIS's terms, and the results that several algorithms have."""

from ..parameters import outputs
from ..translation import tr


def fit_results(outcome) -> dict:
    return {
        outputs.INERTIA: outcome["inertia"],
        outputs.N_ITER: outcome["n_iter"],
        outputs.N_VALID: outcome["n_valid"],
    }


def tell(warnings, progress):
    """Tell what the library found: what may make the result wrong, or only what may surprise."""
    for warning in warnings:
        code = warning["code"]
        text = _WORDS[code](warning) if code in _WORDS else warning["message"]
        if warning.get("together"):
            text = tr("{} (and see the other warning: both are to be undone at once)").format(text)
        if code in _NOTES:
            progress.note(text)
        else:
            progress.warn(f"{code}: {text}")


def _offset(found):
    text = (
        tr(
            "the scene's values look {difference:g} higher than those the model was fitted on, as Sentinel-2 products "
            "do since processing baseline 04.00, which the scene seems to be of: label it again with OFFSET {offset:g}"
        )
        if found["add"] < 0
        else tr(
            "the scene's values look {difference:g} lower than those the model was fitted on, whose scene seems to be "
            "a Sentinel-2 product of processing baseline 04.00 or later: label it again with OFFSET {offset:g}"
        )
    )
    return text.format(difference=abs(found["add"]), offset=found["add"])


def _scale(found):
    small, large = "0 - 1", "0 - 10000"
    scene, trained = (small, large) if found["multiply"] > 1 else (large, small)
    return tr(
        "the scene looks like reflectance of {scene}, the model was fitted on {trained}: label it again with SCALE "
        "{scale:g}"
    ).format(scene=scene, trained=trained, scale=found["multiply"])


def _band_order(found):
    pairs = ", ".join(f"{name} = {number}" for name, number in zip(found["names"], found["order"]))
    return tr(
        "the scene's bands look as if they were in another order (model = place among those read: {pairs}): label it "
        "again with the bands (BANDS) in this order: {order}"
    ).format(pairs=pairs, order=",".join(map(str, found["order"])))


def _drift(found):
    return tr(
        "the scene differs from what the model was fitted on: its bands moved by {moved:.1f} standard deviations on "
        "average, and {far:.0%} of its pixels lie farther from their class than 99 % of the training pixels do; look "
        "at the map before trusting it, or fit on both scenes together"
    ).format(moved=found["overall"], far=found["beyond_radius"])


def _max_iter(found):
    return tr(
        "the centres still moved when the most iterations, {}, were reached; give more (max_iter among the OPTIONS)"
    ).format(found["max_iter"])


def _memory(found):
    return tr("{memory} MiB of memory were asked for, and this takes up to {needed} MiB; give more (MEMORY)").format(
        memory=found["memory"], needed=found["needed"]
    )


def _machine_memory(found):
    return tr(
        "{memory} MiB of memory were asked for, and this machine has {total} MiB; leave some for other programs "
        "(MEMORY)"
    ).format(memory=found["memory"], total=found["total"])


def _alpha_mask(found):
    return tr(
        "{scene}: band {number} is an alpha band and is used as a mask; choose the bands if it holds data"
    ).format(scene=found["file"], number=found["band"])


def _scl_band(found):
    return tr(
        "{scene}: the values of SCL are classes, which have no distances; choose the other bands, or leave out clouds "
        "by it"
    ).format(scene=found["scene"])


def _palette(found):
    return tr("{scene}: {bands} has a palette; where values are classes, they have no distances").format(
        scene=found["scene"], bands=", ".join(found["bands"])
    )


def _band_scales(found):
    pairs = zip(found["names"], found["scales"], found["offsets"])
    return tr(
        "{scene}: the bands have different scales or offsets ({bands}), and are compared by their samples as stored; "
        "z-scores (Scaling) let them count alike"
    ).format(scene=found["scene"], bands=", ".join(f"{name} * {scale:g} + {offset:g}" for name, scale, offset in pairs))


def _scene_scales(found):
    text = (
        tr("{scene}: the samples are brought to those of {like}, as the scale and offset of both say")
        if found["corrected"]
        else tr(
            "{scene}: scale or offset are not those of {like}, and not all bands of both have them: the samples are "
            "used as stored"
        )
    )
    return text.format(scene=found["scene"], like=found["like"])


def _model_nodata(found):
    values = ["none" if value is None else f"{value:.17g}" for value in found["nodata"]]
    shown = values[0] if len(set(values)) == 1 else ", ".join(values)
    return tr(
        "{scene}: the file does not say which pixels are without data, so the model's no-data value is used: "
        "{values} (NODATA none: nothing is)"
    ).format(scene=found["scene"], values=shown)


def _no_valid_pixel(found):
    text = (
        tr(
            "no pixel of {scene} is valid (none has a value in {bands}); check its no-data values, mask and area of "
            "interest"
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
