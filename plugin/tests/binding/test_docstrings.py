"""Docstrings follow numpydoc: parameters agree with the signature, and examples run."""

import doctest
import inspect
import re

import bandcluster
import numpy as np
import pytest

gdal = pytest.importorskip("osgeo.gdal")
pytest.importorskip("sklearn")
pytest.importorskip("dask")

import bandcluster.dask  # noqa: E402
import bandcluster.sklearn  # noqa: E402

MODULES = (bandcluster, bandcluster.dask, bandcluster.sklearn)


def public_objects():
    """The public functions, classes and methods by their names; exceptions need no example."""
    for module in MODULES:
        for name in module.__all__:
            thing = getattr(module, name)
            yield f"{module.__name__}.{name}", thing
            if inspect.isclass(thing):
                for method, function in own_methods(thing):
                    yield f"{module.__name__}.{name}.{method}", function


def own_methods(cls):
    """The methods that this package defines, in this class or its bases."""
    for name, function in inspect.getmembers(cls, callable):
        written_here = str(getattr(function, "__module__", None)).startswith("bandcluster")
        if not name.startswith("_") and written_here and inspect.isroutine(function):
            yield name, function


OBJECTS = dict(public_objects())
CALLABLE = {name: thing for name, thing in OBJECTS.items() if inspect.isroutine(thing)}
WITH_EXAMPLES = {
    name: thing
    for name, thing in OBJECTS.items()
    # Results of calls are described at the call; examples of sklearn are in the classes.
    if (inspect.isroutine(thing) and not name.startswith("bandcluster.sklearn"))
    or name.split(".")[-1] in ("Model", "Summary", "Refinement", "Scenes", "Picture", "ZonalMeans")
    or (inspect.isclass(thing) and name.startswith("bandcluster.sklearn"))
}


def section(text, title):
    found = re.search(
        rf"^{title}\n-+\n(.*?)(?=^\S[^\n]*\n---|\Z)", inspect.cleandoc(text), flags=re.S | re.M
    )
    return found and found[1]


@pytest.fixture
def examples(tmp_path, monkeypatch):
    """The names that examples use, as in the package's docstring."""
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(0)
    image = np.empty((4, 60, 80), np.uint16)
    for first, level in ((0, 300), (27, 1200), (54, 2500)):
        part = image[:, :, first : first + 27]
        part[:] = random.normal(level, 30, part.shape)
    gdal.GetDriverByName("GTiff").Create("scene.tif", 80, 60, 4, gdal.GDT_UInt16)
    scene = gdal.Open("scene.tif", gdal.GA_Update)
    scene.SetGeoTransform((500000, 10, 0, 4100000, 0, -10))
    scene.SetProjection(utm())
    scene.WriteArray(image)
    scene = None
    model = bandcluster.fit(image, 3)
    return {
        "bandcluster": bandcluster,
        "np": np,
        "image": image,
        "model": model,
        "labels": model.predict(image),
    }


def utm():
    from osgeo import osr

    system = osr.SpatialReference()
    system.ImportFromEPSG(32618)
    return system.ExportToWkt()


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_example_runs(name, examples):
    thing = WITH_EXAMPLES[name]
    assert section(thing.__doc__, "Examples"), f"{name} has no example"
    parser, runner, told = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False), []
    runner.run(
        parser.get_doctest(inspect.cleandoc(thing.__doc__), dict(examples), name, None, 0),
        out=told.append,
    )
    assert not told, "".join(told)


@pytest.mark.parametrize("name", CALLABLE)
def test_parameters_are_those_of_the_signature(name):
    function = CALLABLE[name]
    wanted = {
        ("*" if kind.kind is kind.VAR_POSITIONAL else "**" if kind.kind is kind.VAR_KEYWORD else "")
        + parameter
        for parameter, kind in inspect.signature(function).parameters.items()
        if parameter not in ("self", "cls")
    }
    told = section(function.__doc__, "Parameters") or ""
    names = (
        line.split(" : ")[0].split(", ")
        for line in told.splitlines()
        if line and not line.startswith(" ")
    )
    assert {name for line in names for name in line} == wanted


@pytest.mark.parametrize("name", CALLABLE)
def test_what_is_returned_is_told(name):
    function = CALLABLE[name]
    assert inspect.signature(function).return_annotation is not inspect.Signature.empty
    returns_nothing = inspect.signature(function).return_annotation == "None"
    assert bool(section(function.__doc__, "Returns")) != returns_nothing


@pytest.mark.parametrize("name", OBJECTS)
def test_there_is_a_summary_of_one_line(name):
    first = inspect.cleandoc(OBJECTS[name].__doc__ or "").split("\n\n")[0]
    assert first.endswith((".", "`")) and len(first) < 250
    assert ":func:" not in OBJECTS[name].__doc__ and ":param" not in OBJECTS[name].__doc__
