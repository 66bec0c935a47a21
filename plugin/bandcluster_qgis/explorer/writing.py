"""The values with which algorithms write what the panel shows, and the model."""

from ..failures import Refused
from ..layers.seeds import NAME_FIELD
from ..parameters import maps, scenes, search
from ..translation import tr
from .edits import Edits, edited_model


def cluster_values(explorer, seeds=None) -> dict:
    """The parameters of *Cluster a scene* that make the map of these classes.

    `seeds` is the file of the seeds.
    """
    settings = explorer.settings
    options = settings.options_of(explorer.k)
    if settings.seeds.shapes and explorer.k != len(settings.seeds.names()):
        options["n_clusters"] = explorer.k  # without it, there are as many classes as seeds
    algorithms = [name for name, _title, _takes_number in search.ALGORITHMS]
    values = {
        scenes.INPUT: explorer.scene.layer_id,
        scenes.BANDS: _bands(settings),
        search.CLUSTERS: explorer.k or None,
        search.ALGORITHM: algorithms.index(settings.algorithm),
        search.OPTIONS: ", ".join(f"{name}={value}" for name, value in options.items()),
        search.SCALING: search.SCALINGS.index(settings.scaling),
        search.METRIC: search.METRICS.index(settings.metric),
        search.BAND_WEIGHTS: settings.weights_told(),
        search.N_INIT: settings.n_init,
        search.SEED: settings.seed,
        maps.COLORS: _colors(explorer),
    }
    if settings.seeds.shapes:
        values |= {
            search.SEEDS: str(seeds),
            search.SEED_FIELD: NAME_FIELD,
            search.FIX_SEEDS: settings.seeds.fix,
        }
    return {key: value for key, value in values.items() if value not in (None, "")}


def predict_values(explorer) -> dict:
    """The parameters of *Apply classes* for the same scene, without the model."""
    bands = _bands(explorer.settings)
    return {scenes.INPUT: explorer.scene.layer_id, **({scenes.BANDS: bands} if bands else {})}


def edited(explorer):
    """The model with the edits of its classes."""
    model = explorer.model
    edits = explorer.edits_of(model)
    if edits.groups and not model.converged:
        raise Refused(
            tr(
                "the merged classes are still being refined; wait until the panel says that they"
                " are done"
            )
        )
    return edited_model(model, edits)


def with_colors(model, edits, colors) -> Edits:
    """The edits with other colours: a palette's, or the scene's if `colors` is empty."""
    if not colors:
        return Edits(edits.names, (), edits.groups, edits.hidden)
    copy = type(model).from_json(model.to_json())
    copy.set_colors(colors)
    for value, color in enumerate(copy.class_colors, start=1):
        if edits.members(value)[0] == value:
            edits = edits.colored(value, color)
    return edits


def _bands(settings) -> str:
    return ",".join(map(str, settings.bands))


def _colors(explorer) -> str:
    """The colours, one for each class, if the user has chosen any."""
    if not explorer.edits.colors:
        return ""
    return ",".join(
        {
            **dict(enumerate(explorer.model.class_colors, start=1)),
            **dict(explorer.edits.colors),
        }.values()
    )
