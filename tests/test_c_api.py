"""The headers, an installed library, and C and C++ programs that use it."""

import json
import os
import re
import shutil

import numpy as np
import pytest
from helpers import (
    C99,
    CPP17,
    DATA,
    ROOT,
    VALGRIND,
    WARNINGS,
    installed,
    must,
    raw_arguments,
    run,
    write_raw,
)

N_CLUSTERS = 5
SANITIZED = "BANDCLUSTER_C_FLAGS" in os.environ or "BANDCLUSTER_UNDER" in os.environ


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize(
    "compiler, header",
    [
        (C99, "bandcluster.h"),
        (["clang", "-std=c99", *WARNINGS], "bandcluster.h"),
        (CPP17, "bandcluster.h"),
        (CPP17, "bandcluster.hpp"),
        (["clang++", "-std=c++17", *WARNINGS], "bandcluster.hpp"),
    ],
)
def test_header_compiles_alone(compiler, header, times, tmp_path):
    source = tmp_path / ("alone.c" if "99" in compiler[1] else "alone.cpp")
    # ISO C forbids an empty translation unit, and the header might be one: add a declaration.
    source.write_text(
        f"#include <{header}>\n" * times + "typedef bandcluster_model it_declares_this;\n"
    )
    must(*compiler, "-I", ROOT / "include", "-fsyntax-only", source)


def abi_version(prefix):
    header = (prefix / "include" / "bandcluster.h").read_text()
    return re.search(r"#define BANDCLUSTER_ABI_VERSION (\d+)", header)[1]


def functions_of_header(prefix):
    text = (prefix / "include" / "bandcluster.h").read_text()
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)
    return sorted(re.findall(r"\b(bandcluster_\w+)\s*\(", text))


def test_header_has_no_name_but_the_librarys_and_short_lines():
    header = (ROOT / "include" / "bandcluster.h").read_text()
    macros = set(re.findall(r"#define (\w+)", header))
    assert {name for name in macros if not name.startswith("BANDCLUSTER_")} == set()
    assert [line for line in header.splitlines() if len(line) > 100] == []
    assert "# Safety" not in header


def test_exported_symbols_are_those_of_the_header(prefix):
    symbols = must("nm", "-D", "--defined-only", prefix / "lib" / "libbandcluster.so")
    exported = {line.split()[-1].split("@")[0] for line in symbols.splitlines()}
    assert sorted(exported) == functions_of_header(prefix)  # each of them once
    assert len(exported) > 30


def test_library_has_a_soname_and_needs_no_gdal(prefix):
    dynamic = must("readelf", "-d", prefix / "lib" / "libbandcluster.so")
    assert f"[libbandcluster.so.{abi_version(prefix)}]" in dynamic
    needed = {name.split(".so")[0] for name in re.findall(r"NEEDED.*\[(\S+)\]", dynamic)}
    assert {name for name in needed if not name.startswith("ld-linux")} <= {
        "libc",
        "libm",
        "libgcc_s",
    }


def test_installed_files(prefix):
    version = must("pkg-config", "--modversion", "bandcluster", env=installed(prefix)).strip()
    assert f'version = "{version}"' in (ROOT / "Cargo.toml").read_text()
    library = prefix / "lib" / "libbandcluster.so"
    assert library.resolve().name == f"libbandcluster.so.{version}"
    assert (
        prefix / "lib" / f"libbandcluster.so.{abi_version(prefix)}"
    ).resolve() == library.resolve()


@pytest.mark.skipif(
    SANITIZED, reason="its programs are built by CMake, without the sanitizers' flags"
)
def test_cmake_finds_it(prefix, cluster_raw, scene, tmp_path):
    must(
        "cmake",
        "-S",
        ROOT / "tests" / "cmake",
        "-B",
        tmp_path / "build",
        f"-DCMAKE_PREFIX_PATH={prefix}",
    )
    must("cmake", "--build", tmp_path / "build")
    arguments = raw_arguments(write_raw(tmp_path / "scene.raw", scene), scene, N_CLUSTERS)
    printed = cluster_raw("c", *arguments, "bsq", tmp_path / "c.raw")
    for program in ("shared", "cpp"):
        # CMake wrote the library's path into the program.
        assert must(tmp_path / "build" / program, *arguments, "bsq", tmp_path / program) == printed
        assert (tmp_path / program).read_bytes() == (tmp_path / "c.raw").read_bytes()


def test_cmake_refuses_a_later_version(prefix, tmp_path):
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.16)\nproject(later C)\nfind_package(bandcluster 99"
        " REQUIRED)\n"
    )
    done = run("cmake", "-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
    assert done.returncode and 'compatible with requested version "99"' in done.stderr.replace(
        "\n", " "
    )


def test_destdir_is_not_in_the_pkg_config_file(tmp_path):
    must("make", "install", f"DESTDIR={tmp_path}", "PREFIX=/opt/there", cwd=ROOT)
    config = (tmp_path / "opt/there/lib/pkgconfig/bandcluster.pc").read_text()
    assert "prefix=/opt/there\n" in config and str(tmp_path) not in config


def test_uninstall_removes_what_install_has_put_there(tmp_path):
    theirs = {
        "bin/other",
        "lib/libother.so",
        "share/man/man1/bandcluster-extra.1",
        "include/other.h",
    }
    for name in theirs:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("theirs")

    def files():
        return {
            str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if not path.is_dir()
        }

    must("make", "install", f"PREFIX={tmp_path}", cwd=ROOT)
    installed_files = files() - theirs
    assert (
        "bin/bandcluster" in installed_files
        and "share/man/man1/bandcluster-predict.1" in installed_files
    )
    made = tmp_path / "made"
    must(tmp_path / "bin/bandcluster", "generate", made)
    written = {f"share/{path.relative_to(made)}" for path in made.rglob("*") if path.is_file()}
    shutil.rmtree(made)
    licences = ("LICENSE", "LICENSE-MIT", "LICENSE-APACHE", "THIRD_PARTY.txt")
    of_docs = {f"share/doc/bandcluster/{name}" for name in licences}
    assert written | of_docs == {name for name in installed_files if name.startswith("share/")}
    must("make", "uninstall", f"PREFIX={tmp_path}", cwd=ROOT)
    assert files() == theirs


def test_c_cpp_and_python_agree(cluster_raw, scene, tmp_path):
    import bandcluster

    arguments = raw_arguments(write_raw(tmp_path / "scene.raw", scene), scene, N_CLUSTERS)
    printed = cluster_raw("c", *arguments, "bsq", tmp_path / "c.raw")
    assert cluster_raw("cpp", *arguments, "bsq", tmp_path / "cpp.raw") == printed
    assert cluster_raw("cpp", *arguments, "bsq", tmp_path / "blocks.raw", 100) == printed

    model = bandcluster.fit(scene, N_CLUSTERS)
    rows = np.array([line.split() for line in printed.splitlines()], float)
    assert rows[:, 0].tolist() == [1, 2, 3, 4, 5]
    assert rows[:, 1].tolist() == model.counts.tolist()
    assert rows[:, 2:].tolist() == model.centers.tolist()  # printed with all digits

    labels = (tmp_path / "c.raw").read_bytes()
    assert (tmp_path / "cpp.raw").read_bytes() == labels
    assert (tmp_path / "blocks.raw").read_bytes() == labels
    assert model.predict(scene).tobytes() == labels
    assert (
        np.bincount(np.frombuffer(labels, np.uint8), minlength=6)[1:].tolist()
        == model.counts.tolist()
    )


def test_cpp_errors_ownership_and_views(build, prefix, tmp_path):
    assert must(build("cpp/errors.cpp"), env=installed(prefix), cwd=tmp_path) == "all passed\n"


def test_cpp_scenes_in_pieces_and_their_seeds(build, prefix, scene, tmp_path):
    import bandcluster
    from scenes import write_seeds

    layer, model = write_seeds(tmp_path / "seeds.gpkg"), tmp_path / "cpp.json"
    program = build("cpp/scenes.cpp")
    printed = must(program, DATA / "s2_train.tif", layer, model, env=installed(prefix))
    wood = scene[:, 50:70, 100:130].reshape(4, -1).astype(float).mean(axis=1)
    lagoon = scene[:, 600, 500]
    assert json.loads(printed) == {"wood": wood.tolist(), "lagoon": lagoon.tolist()}
    job = {"command": "fit", "inputs": [DATA / "s2_train.tif"], "model": tmp_path / "job.json"}
    bandcluster.run_job({**job, "n_clusters": 4, "seeds": layer, "seed_field": "cover"})
    assert model.read_text() == job["model"].read_text()


@pytest.fixture(scope="session")
def bad_input(build, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bad")
    (folder / "garbage").write_bytes(b"\x00garbage\xff" * 100)
    return [build("c/bad_input.c"), folder]


def test_bad_input_gives_its_status_and_a_message(bad_input, prefix):
    done = run(*bad_input, env=installed(prefix))
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[0]) > 200


def test_options_as_structs_are_those_of_json(build, prefix):
    done = run(build("c/options.c"), env=installed(prefix))
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[0]) > 300


def test_jobs_on_raster_files(build, prefix, tmp_path):
    done = run(build("c/run_job.c"), DATA / "s2_train.tif", tmp_path, env=installed(prefix))
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[0]) > 20


@pytest.mark.skipif(SANITIZED, reason="`make sanitize` runs all programs so, or under another tool")
def test_valgrind_finds_no_error_and_no_leak(bad_input, prefix):
    done = run(*VALGRIND, *bad_input, env=installed(prefix))
    assert done.returncode == 0, done.stdout + done.stderr
