"""Reports: the pictures that they show are gathered while the blocks of a scene pass by."""

import math

from .binding import bandcluster
from .engine import scene_blocks
from .ground import Ground
from .raster_io import common_type
from .translation import tr

_MOST_SHOWN = 4  # scenes that the report on a fit shows


class Album:
    """The picture of a scene and its classes, if a report is wanted."""

    def __init__(self, scene, wanted):
        self._scene = scene
        self._wanted = wanted
        self._picture = None

    def begin(self, model):
        """Begin anew: the labels of an earlier pass are not those of the model."""
        if self._wanted:
            scene = self._scene
            self._picture = bandcluster.Picture(model, scene.title, scene.width, scene.height, scene.natural_bands())

    def add(self, window, pixels, nodata, valid, labels):
        if self._picture is not None:
            self._picture.add(pixels, labels, window.x, window.y, nodata=nodata, mask=valid)

    def relabel(self, y, labels):
        """Take other labels of whole rows, from row ``y``."""
        if self._picture is not None:
            self._picture.relabel(labels, y)

    @property
    def pictures(self):
        return [] if self._picture is None else [self._picture]

    def save(self, model, path, tally, **told):
        """Write the report, if one is wanted; ``tally`` is what there is of each class."""
        if self._wanted:
            areas = tally.hectares[1 : model.n_clusters + 1]
            told["hectares"] = None if None in areas else areas
            _save(model, path, [self._scene], pictures=self.pictures, counts=tally.counts, **told)


def save_fit_report(scenes, fitted, path, command, model_file, progress):
    """Write the report on a fit, which has labelled nothing: the pictures take a pass over the first scenes."""
    progress.say(tr("Drawing the report"))
    model = fitted.model
    shown = scenes[:_MOST_SHOWN]
    pictures = []
    for number, scene in enumerate(shown):
        album = Album(scene, wanted=True)
        album.begin(model)
        span = progress.span(number / len(shown), (number + 1) / len(shown))
        for window, block, part in scene_blocks(scene, common_type([scene]), span):
            labels = model.predict(block.pixels, nodata=scene.nodata, mask=block.valid, progress=part)
            album.add(window, block.pixels, scene.nodata, block.valid, labels)
        pictures += album.pictures
    n_pixels = sum(scene.width * scene.height for scene in scenes)
    counts = [n_pixels - fitted.n_valid, *map(int, model.counts)]
    _save(model, path, scenes, pictures=pictures, counts=counts, command=command, model_file=model_file)


def _save(model, path, scenes, *, command, **told):
    first = scenes[0]
    masked_by = [masking.title for masking in (first.mask, first.area) if masking] + [first.source.masked_by]
    bandcluster.save_report(
        model,
        path,
        title=", ".join(scene.title for scene in scenes),
        command=command or None,
        mask_name=", ".join(filter(None, masked_by)) or None,
        nodata=scenes[0].nodata,
        place=_place(scenes, told.get("hectares") is not None),
        **told,
    )


def _place(scenes, has_areas) -> str:
    """Size (of a single scene), pixels and reference system, and what areas are measured in."""
    texts = list(dict.fromkeys(_pixels(scene.georeference) for scene in scenes))
    if len(scenes) == 1:
        texts[0] = f"{scenes[0].width} x {scenes[0].height} {texts[0]}"
    if has_areas:
        is_plane = Ground(scenes[0].georeference).rows is None
        texts.append("areas in its plane" if is_plane else "areas on the ellipsoid")
    return "; ".join(texts)


def _pixels(dataset) -> str:
    text, reference = "pixels", dataset.GetSpatialRef()
    transform = dataset.GetGeoTransform(can_return_null=True)
    if transform:
        _left, step_x, shear, _top, tilt, step_y = transform
        sizes = dict.fromkeys(f"{side:.6g}" for side in (math.hypot(step_x, tilt), math.hypot(shear, step_y)))
        text += " of " + " x ".join(sizes)
    if not reference:
        return text
    if transform:
        unit = reference.GetAngularUnitsName() if reference.IsGeographic() else reference.GetLinearUnitsName()
        text += " m" if unit.lower() in ("metre", "meter") else f" {unit}"
    code = f"{reference.GetAuthorityName(None)}:{reference.GetAuthorityCode(None)}, "
    return f"{text}; {code if reference.GetAuthorityCode(None) else ''}{reference.GetName() or 'unnamed'}"
