"""QGIS never maps the plugin's own file: it loads a private copy in the profile."""

import hashlib
import os
import re
import subprocess
from pathlib import Path

import bandcluster


def test_a_copy_is_named_by_content_and_process(provider, tmp_path, monkeypatch):
    from bandcluster_qgis import binding

    monkeypatch.setattr(binding, "_folder", lambda: tmp_path)
    original = Path(bandcluster.find_library())
    copy = binding._private_copy(str(original))
    assert copy.name == f"{hashlib.sha256(original.read_bytes()).hexdigest()[:32]}-{os.getpid()}.so"
    assert copy.read_bytes() == original.read_bytes()


def test_copies_of_dead_processes_go(provider, tmp_path, monkeypatch):
    from bandcluster_qgis import binding

    monkeypatch.setattr(binding, "_folder", lambda: tmp_path)
    dead = subprocess.Popen(["true"])
    dead.wait()
    alive = tmp_path / "0123-1.so"
    stale = [
        tmp_path / f"0123-{dead.pid}.so",
        tmp_path / f"4567-{dead.pid}.part",
        tmp_path / "stray",
    ]
    for file in (alive, *stale):
        file.write_text("x")
    copy = binding._private_copy(bandcluster.find_library())
    assert set(tmp_path.iterdir()) == {alive, copy}


def test_a_profile_that_cannot_be_written(provider, tmp_path, monkeypatch):
    from bandcluster_qgis import binding
    from qgis.core import QgsApplication

    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setattr(
        QgsApplication, "qgisSettingsDirPath", staticmethod(lambda: str(tmp_path / "file"))
    )
    folder = binding._folder()
    assert folder.is_dir() and folder.stat().st_mode & 0o077 == 0
    folder.rmdir()


def test_a_qgis_without_a_profile(provider, monkeypatch):
    """Scripts have none: a relative name would put the copy into the working directory."""
    from bandcluster_qgis import binding
    from qgis.core import QgsApplication

    for nothing in ("", "./"):
        monkeypatch.setattr(
            QgsApplication, "qgisSettingsDirPath", staticmethod(lambda nothing=nothing: nothing)
        )
        folder = binding._folder()
        assert folder.is_absolute() and folder.is_dir()
        folder.rmdir()


def test_in_qgis_only_the_copy_is_mapped(qgis_process, program, copied, folder):
    code = f"""
import sys
sys.path.insert(0, {str(Path(bandcluster.__file__).parent.parent)!r})
from qgis.core import QgsApplication
app = QgsApplication([], False)
from bandcluster_qgis import binding
binding.ensure_loaded()
print([line.split()[-1] for line in open('/proc/self/maps') \
if line.rstrip().endswith('.so') and 'bandcluster' in line])
"""
    result = program.run("/usr/bin/python3", "-c", code)
    assert re.search(r"/[0-9a-f]{32}-\d+\.so", result.stdout), result.stderr
    assert "target/release" not in result.stdout
