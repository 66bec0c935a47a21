"""Reasons against a release that `make release-check` finds, on a copy of the files it reads."""

import hashlib
import importlib.util
import json
import shutil
import subprocess
import zipfile

import pytest
from helpers import ROOT

NEW = {
    "repository": "https://code.test/bandcluster",
    "email": "hello@code.test",
    "security": "safe@code.test",
}


@pytest.fixture
def release(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("release", ROOT / ".ci" / "release.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in (*module.WITH_ADDRESSES, "CHANGELOG.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


@pytest.fixture
def ready(release):
    """The copy with everything done that the check asks for."""
    release.replace_addresses(NEW)
    change(release, "CHANGELOG.md", "## [Unreleased]", f"## [{release.version()}] - 2030-01-02")
    return release


def change(release, name, old, new):
    file = release.ROOT / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_placeholders_stand_in_the_way(release):
    told = "\n".join(release.found())
    for name in release.WITH_ADDRESSES:
        assert f"{name} has placeholders (lines" in told or release.PLACEHOLDER not in release.read(
            name
        )
    assert f"no section `## [{release.version()}] - YYYY-MM-DD`" in told


def test_pages_say_of_a_placeholder_that_it_is_one(release):
    for name in release.WITH_ADDRESSES:
        text = release.read(name)
        if name.endswith(".md"):
            assert len(release.REMARK.findall(text)) == text.count(release.PLACEHOLDER), name


def test_one_command_replaces_them_everywhere(ready):
    assert ready.addresses() == NEW
    assert ready.found() == [] and ready.found(f"v{ready.version()}") == []
    assert f"tracker={NEW['repository']}/issues\n" in ready.read(ready.METADATA)
    assert f"Write to {NEW['security']}, and" in ready.read("SECURITY.md")
    assert not any(ready.REMARK.search(ready.read(name)) for name in ready.WITH_ADDRESSES)


def test_no_other_file_has_an_address():
    if not (ROOT / ".git").exists():
        pytest.skip("no clone")
    spec = importlib.util.spec_from_file_location("release", ROOT / ".ci" / "release.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = {
        file for address in module.addresses().values() for file in module.tracked_with(address)
    }
    assert found - set(module.WITH_ADDRESSES) == set(), (
        "name it in WITH_ADDRESSES of .ci/release.py"
    )
    assert found >= {"Cargo.toml"}


def test_metadata_that_is_not_complete(ready):
    change(ready, ready.METADATA, "\nabout=", "\nnothing=")
    [problem] = ready.found()
    assert "has no about" in problem


def test_another_version(ready):
    version = ready.version()
    change(ready, "CITATION.cff", f"version: {version}", "version: 0.0.9")
    assert ready.found("v9.9.9") == [
        f"{name} says version {told}, Cargo.toml {version}: they must agree"
        for name, told in (("CITATION.cff", "0.0.9"), ("the tag", "9.9.9"))
    ]


def test_a_zip_of_other_wheels(ready):
    wheel = ready.ROOT / "dist" / f"bandcluster-{ready.version()}-py3-none-win_amd64.whl"
    wheel.parent.mkdir()
    wheel.write_text("a wheel")
    listed = {"wheels": {wheel.name: hashlib.sha256(wheel.read_bytes()).hexdigest()}}
    with zipfile.ZipFile(ready.ROOT / ready.PYTHON_ZIP, "w") as archive:
        archive.writestr("bandcluster_qgis/wheels.json", json.dumps(listed))
    assert ready.found() == []
    wheel.write_text("built anew")
    [problem] = ready.found()
    assert "does not list the wheels in dist" in problem


def test_the_command_fails_while_something_is_missing():
    result = subprocess.run(
        [ROOT / ".ci" / "release.py", "check", "--tag", "v9.9.9"], capture_output=True, text=True
    )
    assert result.returncode == 1
    assert "the tag says version 9.9.9" in result.stdout
