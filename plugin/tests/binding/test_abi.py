"""The package's declarations of the C API agree with the header."""

import ctypes
import re
from pathlib import Path

import pytest
from bandcluster import _abi, _arrays, _native, _options

HEADER = (Path(__file__).resolve().parents[3] / "include" / "bandcluster.h").read_text()
CODE = re.sub(r"/\*.*?\*/|//[^\n]*", "", HEADER, flags=re.S)

STRUCTS = {
    _abi.Raster: "raster",
    _abi.Labels: "labels",
    _abi.AlgorithmOptions: "algorithm_options",
    _abi.KmeansOptions: "kmeans_options",
    _abi.ChooseKOptions: "choose_k_options",
    _abi.Candidate: "candidate",
    _abi.Run: "run",
    _abi.Report: "report",
    _abi.SummaryInfo: "summary_info",
}
TYPES = {
    "void": None,
    "int32_t": ctypes.c_int32,
    "uint32_t": ctypes.c_uint32,
    "int64_t": ctypes.c_int64,
    "uint64_t": ctypes.c_uint64,
    "double": ctypes.c_double,
    "bandcluster_status": ctypes.c_uint32,
    "bandcluster_progress": _abi.PROGRESS,
    "bandcluster_algorithm_options": _abi.AlgorithmOptions,
}


def declared(text):
    """A declaration in C as (name, type for ctypes); all pointers count as the same type."""
    type_, stars, name = re.fullmatch(
        r"(?:const )?(\w+)((?: |\*|const)*?)(\w+)", " ".join(text.split())
    ).groups()
    return name, "pointer" if "*" in stars else TYPES[type_]


def believed(type_):
    """The type in the package, in the same terms."""
    is_pointer = type_ in (ctypes.c_char_p, ctypes.c_void_p) or hasattr(type_, "contents")
    return "pointer" if is_pointer else type_


def fields_of_header(name):
    (body,) = re.findall(rf"typedef struct {{([^}}]*)}} bandcluster_{name};", CODE)
    return [declared(field) for field in body.split(";") if field.strip()]


@pytest.mark.parametrize("struct, name", STRUCTS.items())
def test_fields_are_those_of_the_header(struct, name):
    assert [(field, believed(type_)) for field, type_ in struct._fields_] == fields_of_header(name)


def test_every_struct_of_the_package_is_compared():
    mine = {
        value
        for value in vars(_abi).values()
        if isinstance(value, type) and hasattr(value, "_fields_")
    }
    assert mine == set(STRUCTS)


@pytest.mark.parametrize("name", _abi.SIGNATURES)
def test_signature_is_that_of_the_header(name):
    result, arguments = _abi.SIGNATURES[name]
    (found,) = re.findall(rf"^((?:const )?\w+ \*?)bandcluster_{name}\(([^)]*)\);", CODE, flags=re.M)
    expected = (
        [] if found[1] == "void" else [declared(argument)[1] for argument in found[1].split(",")]
    )
    assert [believed(argument) for argument in arguments] == expected
    assert believed(result) == declared(found[0] + "result")[1]


def constants(*names):
    return tuple(
        int(re.search(rf"^#define BANDCLUSTER_{name} (\d+)$", HEADER, flags=re.M)[1])
        for name in names
    )


def test_numbers_are_those_of_the_header():
    assert (_abi.ABI_VERSION,) == constants("ABI_VERSION")
    assert (_abi.ALGORITHM_KMEANS, _abi.ALGORITHM_GMM) == constants(
        "ALGORITHM_KMEANS", "ALGORITHM_GMM"
    )
    assert tuple(_options._SCALINGS.values()) == constants("SCALING_NONE", "SCALING_ZSCORE")
    assert tuple(_options._METRICS.values()) == constants(
        "METRIC_EUCLIDEAN", "METRIC_SPECTRAL_ANGLE"
    )
    statuses = (
        "INVALID_ARGUMENT",
        "INVALID_DATA",
        "INVALID_MODEL",
        "IO",
        "CANCELLED",
        "OUT_OF_MEMORY",
        "INTERNAL",
    )
    assert tuple(_native._ERRORS) == constants(*statuses)
    for name in ("uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"):
        assert (_arrays.sample_type(name),) == constants(name.upper())
