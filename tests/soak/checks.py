"""Checks of a map and its model, computed in double precision from the files' pixels."""

import json

import numpy as np
from osgeo import gdal, osr


def check_map(path, scene, facts, n_labels) -> np.ndarray:
    """Checks the labels of a map: valid pixels, georeference, and the reported counts."""
    dataset = gdal.Open(str(path))
    labels = dataset.GetRasterBand(1).ReadAsArray()
    same("size of the map", labels.shape, scene.valid.shape)
    differ = (labels > 0) != scene.valid
    must(
        not differ.any(),
        f"{differ.sum()} pixels are valid only in the map or only in the scene, the first at"
        f" {first(differ)}",
    )
    must(labels.max(initial=0) <= n_labels, f"label {labels.max()} of {n_labels}")
    check_place(dataset, scene)
    counts = np.bincount(labels[labels > 0], minlength=n_labels + 1)[1 : n_labels + 1]
    told = [found["count"] for found in facts["classes"]]
    same("counts of the classes", told, counts.tolist())
    check_areas(scene, facts, counts)
    return labels


def check_place(dataset, scene) -> None:
    if scene.geotransform is None:
        same("reference system", dataset.GetSpatialRef(), None)
        return
    found = dataset.GetGeoTransform()
    must(
        np.allclose(found, scene.geotransform, rtol=1e-12, atol=0),
        f"geotransform {found} for {scene.geotransform}",
    )
    wanted = osr.SpatialReference()
    wanted.ImportFromEPSG(scene.epsg)
    wanted.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    system = dataset.GetSpatialRef()
    must(
        system is not None and system.IsSame(wanted),
        f"another reference system than EPSG {scene.epsg}",
    )


def check_areas(scene, facts, counts) -> None:
    """Checks areas in hectares: from the pixel area if projected, None without a system."""
    told = [found["area_ha"] for found in facts["classes"]]
    if scene.geotransform is None:
        same("areas without a reference system", set(told), {None})
    elif scene.epsg != 4326 and None not in told:
        _, across, skew, _, along, down = scene.geotransform
        one = abs(across * down - skew * along) / 10000
        # Rotation does not change areas. The areas on the ground differ a little from the
        # projected ones, except in an equal-area system.
        must(
            np.allclose(told, counts * one, rtol=0.02),
            f"areas {told} for {(counts * one).tolist()}",
        )


def check_order(facts) -> None:
    counts = [found["count"] for found in facts["classes"]]
    must(
        counts == sorted(counts, reverse=True),
        f"classes are not in the order of their sizes: {counts}",
    )


def check_kmeans(model: dict, labels, scene, confidence=None) -> None:
    """Each pixel has the class of the nearest centre; the model's class data are right."""
    pixels = scene.pixels[:, scene.valid].astype(np.float64).T
    found = labels[scene.valid].astype(int) - 1
    centers = np.array(model["centers"], np.float64)
    scale, center = _scaling(model, len(centers[0]))
    scaled, at = (pixels - center) / scale, (centers - center) / scale
    squared = _squared_distances(scaled, at)
    nearest = squared.min(axis=1)
    own = squared[np.arange(len(found)), found]
    # Of two centres at nearly the same distance, rounding decides which is nearer.
    slack = 1e-9 * nearest + 1e-12 * (
        np.square(scaled).sum(axis=1) + np.square(at).sum(axis=1).max()
    )
    wrong = own > nearest + slack
    must(
        not wrong.any(),
        f"{wrong.sum()} pixels lack the class of the nearest centre, first: {first(wrong)}",
    )
    counts = np.bincount(found, minlength=len(centers)).tolist()
    same("counts in the model", [entry["count"] for entry in model["classes"]], counts)
    inertia = own.sum()
    slack = 1e-6 * inertia + _rounding(scaled)
    must(abs(model["inertia"] - inertia) <= slack, f"inertia {model['inertia']} for {inertia}")
    if confidence is not None and len(centers) > 1:
        check_confidence(confidence, scene, squared)


def check_confidence(path, scene, squared) -> None:
    """Confidence is 1 less the ratio of the distances to the two nearest centres, within 1/1024."""
    found = gdal.Open(str(path)).ReadAsArray()[scene.valid]
    two = np.sqrt(np.partition(squared, 1, axis=1)[:, :2])
    clear = two[:, 1] > 1e-5 * (
        1 + two[:, 1].max()
    )  # without pixels that are practically at both centres: their ratio means nothing
    wanted = 1 - two[clear, 0] / two[clear, 1]
    wrong = np.abs(found[clear] - wanted) > 1 / 1024
    must(
        not wrong.any(),
        f"confidence {found[clear][wrong][:1]} for {wanted[wrong][:1]} ({wrong.sum()} pixels)",
    )


def check_against_sklearn(model: dict, scene) -> None:
    """The inertia is at most 1.001 times the best of scikit-learn's ten starts."""
    try:
        from sklearn.cluster import KMeans
    except ImportError:
        return
    pixels = scene.pixels[:, scene.valid].astype(np.float64).T
    scale, center = _scaling(model, pixels.shape[1])
    scaled = (pixels - center) / scale
    # scikit-learn subtracts the mean itself, but loses digits if values are far from 0.
    theirs = (
        KMeans(len(model["centers"]), n_init=10, random_state=0)
        .fit(scaled - scaled.mean(axis=0))
        .inertia_
    )
    most = 1.001 * theirs + _rounding(scaled)
    must(model["inertia"] <= most, f"inertia {model['inertia']}, scikit-learn has {theirs}")


def _rounding(points) -> float:
    """The tolerance of sums of squares: a share of the spread, and rounding of large values."""
    return 1e-10 * np.square(points - points.mean(axis=0)).sum() + 1e-13 * np.square(points).sum()


def _scaling(model, n_bands):
    """The divisors of the bands, and the values that are subtracted before the division."""
    scaling = model["scaling"]
    if scaling["method"] == "none":
        return np.ones(n_bands), np.zeros(n_bands)
    return np.array(scaling["std"], np.float64), np.array(scaling["mean"], np.float64)


def _squared_distances(points, centers) -> np.ndarray:
    return np.stack([np.square(points - center).sum(axis=1) for center in centers], axis=1)


def same(what, found, wanted) -> None:
    must(found == wanted, f"{what}: {str(found)[:200]} for {str(wanted)[:200]}")


def must(holds, message) -> None:
    if not holds:
        raise AssertionError(message)


def first(where) -> "tuple | None":
    """The indices of the first True."""
    return next((tuple(map(int, place)) for place in np.argwhere(where)), None)


def read_json(path) -> dict:
    return json.loads(path.read_text())
