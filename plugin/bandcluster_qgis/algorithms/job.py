"""What the user asked for: the scenes, and what is to be done with them."""

from dataclasses import dataclass, replace

from ..after import After
from ..area import Area
from ..bands import bands_by_name, contradict
from ..engine import FitSettings
from ..gdal_calls import RasterError
from ..raster_io import Scene, Source
from ..reach import Reach
from ..translation import tr
from ..trust import Correction


@dataclass(frozen=True)
class SceneInput:
    """A scene as chosen by the user, before it is opened in the thread that reads it."""

    source: Source
    bands: list
    mask: "Source | None"
    area: "Area | None" = None

    def open(self) -> Scene:
        return Scene(self.source, self.bands, self.mask, self.area)

    def open_like(self, first, progress) -> Scene:
        """The scene with the bands of another, by name where none are chosen and names tell, and in its samples."""
        scene = self.open()
        tells = not self.bands and len(scene.bands) == len(first.bands)  # else it will be refused
        found = bands_by_name(scene, first.band_names) if tells else None
        if found and found != scene.bands:
            scene = replace(self, bands=found).open()
        elif tells and contradict(scene, first.band_names):
            raise RasterError(
                tr(
                    "the bands of {first} are {wanted} and those of {scene} are {found}; choose the bands (BANDS) if "
                    "they are the same"
                ).format(
                    first=first.title,
                    wanted=", ".join(first.band_names),
                    scene=scene.title,
                    found=", ".join(scene.band_names),
                )
            )
        correction = Correction.between(scene, first)
        if not correction.is_none:
            progress.note(
                tr(
                    "{scene}: the samples are brought to those of {first}, as the scale and offset of both say: {bands}"
                ).format(scene=scene.title, first=first.title, bands=correction)
            )
            scene.correct(correction)
        return scene


@dataclass(frozen=True)
class Job:
    """What the user chose, but for the outputs."""

    scenes: list
    settings: "FitSettings | dict | None" = None
    model: "str | None" = None
    after: After = After()
    colors: str = ""
    like: "str | None" = None
    reach: "Reach | None" = None
    correction: "Correction | None" = None
    command: str = ""  # that runs it again
    draws_on: tuple = ()  # names of files, beside those of the scenes

    def open_scenes(self, progress) -> list:
        """The scenes, as the first one has them: its bands, found by name where names tell, and in its samples."""
        first, *others = self.scenes
        scenes = [first.open()]
        scenes += [scene.open_like(scenes[0], progress) for scene in others]
        if all(scene.outside_area for scene in scenes):
            names = ", ".join(scene.title for scene in scenes)
            raise RasterError(
                tr("no polygon of {area} touches {scenes}; choose an area on the same ground").format(
                    area=self.scenes[0].area.title, scenes=names
                )
            )
        return scenes

    def open_to_cluster(self, progress) -> list:
        """The scenes, of whose bands the user is told what may surprise."""
        scenes = self.open_scenes(progress)
        for scene in scenes:
            tell_of_alpha(scene, progress)
            _tell_of_classes(scene, progress)
        return scenes

    def files(self) -> list:
        """Names of what is read, which an output must not replace."""
        sources = [source for scene in self.scenes for source in (scene.source, scene.mask) if source]
        names = [name for source in sources for name in source.files()]
        return [*names, *self.draws_on, *(model for model in (self.model, self.like) if model)]


def tell_of_alpha(scene, progress):
    """A note of an alpha band that is a mask."""
    if scene.left_out:
        progress.note(
            tr(
                "{scene}: band {number} is an alpha band and is used as a mask; choose the bands if it holds data"
            ).format(scene=scene.title, number=scene.left_out)
        )


def _tell_of_classes(scene, progress):
    """Notes of bands whose values are classes."""
    scl = [name for name in scene.class_bands if name.upper() == "SCL"]
    paletted = [name for name in scene.class_bands if name not in scl]
    if scl:
        progress.note(
            tr(
                "{scene}: the values of SCL are classes, which have no distances; choose the other bands, or leave out "
                "clouds by it"
            ).format(scene=scene.title)
        )
    if paletted:
        progress.note(
            tr("{scene}: {bands} has a palette; where values are classes, they have no distances").format(
                scene=scene.title, bands=", ".join(paletted)
            )
        )
