"""The plugin without its library: its messages, and the wheels that it fetches and refuses."""

import contextlib
import functools
import hashlib
import http.server
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from types import SimpleNamespace

import pytest
from qgis.core import QgsApplication, QgsNetworkAccessManager, QgsSettings
from qgis.PyQt.QtNetwork import QNetworkProxy
from qgis.PyQt.QtWidgets import QApplication, QPushButton
from scenes import DATA, PLUGIN, ROOT

LIBRARY = os.environ.get("BANDCLUSTER_LIBRARY", ROOT / "target" / "release" / "libbandcluster.so")
VERSION = re.search(r'^version = "(.+)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]
WHEEL = f"bandcluster-{VERSION}-py3-none-manylinux_2_17_x86_64.whl"
OTHER = f"bandcluster-{VERSION}-py3-none-win_amd64.whl"

pytestmark = pytest.mark.skipif(
    not (sys.platform == "linux" and os.uname().machine == "x86_64"),
    reason="the wheel of the tests is of one platform",
)


def write_wheel(file, library, content):
    """Writes the smallest wheel that pip accepts."""
    folder = f"bandcluster-{VERSION}.dist-info"
    tag = file.stem.rpartition("-")[2]
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr("bandcluster/__init__.py", "")
        wheel.writestr(f"bandcluster/{library}", content)
        wheel.writestr(
            f"{folder}/METADATA", f"Metadata-Version: 2.1\nName: bandcluster\nVersion: {VERSION}\n"
        )
        wheel.writestr(
            f"{folder}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-{tag}\n"
        )
        wheel.writestr(f"{folder}/RECORD", "")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """A package index with the wheels of a release: a folder that http.server lists."""
    folder = tmp_path_factory.mktemp("index") / "bandcluster"
    folder.mkdir()
    with open(LIBRARY, "rb") as library:
        write_wheel(folder / WHEEL, "libbandcluster.so", library.read())
    write_wheel(folder / OTHER, "bandcluster.dll", b"of Windows")
    return folder


@pytest.fixture
def served(index):
    """Serves the index on this computer; `asked` are the requests that it got."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        asked = []

        def log_message(self, text, *values):
            self.asked.append(text % values)

    handler = functools.partial(Handler, directory=str(index.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.asked = Handler.asked
        yield server
        server.shutdown()


def address(server):
    return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(scope="module")
def archive(index, tmp_path_factory):
    return build(
        tmp_path_factory.mktemp("dist") / "new" / "python.zip", index / WHEEL, index / OTHER
    )


def build(output, *wheels):
    subprocess.run(
        ["/usr/bin/python3", PLUGIN / "build_python_zip.py", "--output", output, *wheels],
        check=True,
        timeout=600,
    )
    return output


@pytest.fixture
def plugin(provider, index, tmp_path, monkeypatch):
    """The plugin's modules, as if it were installed without its library in an empty profile."""
    from bandcluster_qgis import binding, wheels
    from bandcluster_qgis.widgets import library

    def nowhere():
        raise binding.bandcluster.LibraryUnavailable("nowhere")

    (tmp_path / "wheels.json").write_text(listing(index))
    profile = tmp_path / "profile"
    monkeypatch.setattr(QgsApplication, "qgisSettingsDirPath", staticmethod(lambda: f"{profile}/"))
    monkeypatch.setattr(wheels, "_LIST", tmp_path / "wheels.json")
    monkeypatch.setattr(binding, "_loaded", False)
    monkeypatch.setattr(binding.bandcluster, "find_library", nowhere)
    monkeypatch.delenv("BANDCLUSTER_LIBRARY", raising=False)
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "http_proxy",
        "https_proxy",
        "PIP_CONFIG_FILE",
        "PIP_INDEX_URL",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    return SimpleNamespace(binding=binding, wheels=wheels, library=library, kept=wheels.folder())


def listing(index):
    wheels = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(index.glob("*.whl"))
    }
    return json.dumps({"version": VERSION, "wheels": wheels})


# The ZIP


def test_what_is_in_the_zip(archive, index):
    with zipfile.ZipFile(archive) as zipped:
        names = zipped.namelist()
        listed = zipped.read("bandcluster_qgis/wheels.json").decode()
    assert not [name for name in names if name.endswith((".so", ".dll", ".dylib", ".pyc"))]
    assert {"bandcluster_qgis/LICENSE-MIT", "bandcluster_qgis/bandcluster/__init__.py"} <= set(
        names
    )
    assert json.loads(listed) == json.loads(listing(index))
    assert archive.stat().st_size < 300_000


def test_the_same_twice(archive, index, tmp_path):
    again = build(tmp_path / "again.zip", index / OTHER, index / WHEEL)
    assert again.read_bytes() == archive.read_bytes()


@pytest.mark.parametrize(
    "names, problem",
    [
        (["none.whl"], "none.whl is not a wheel; build it first: make wheel"),
        ([WHEEL, "bandcluster-9.9.9-py3-none-win_amd64.whl"], "is not of version"),
    ],
)
def test_wrong_wheels_make_no_zip(names, problem, index, tmp_path):
    shutil.copy(index / WHEEL, tmp_path / "bandcluster-9.9.9-py3-none-win_amd64.whl")
    wheels = [index / name if name == WHEEL else tmp_path / name for name in names]
    command = [
        sys.executable,
        PLUGIN / "build_python_zip.py",
        "--output",
        tmp_path / "a.zip",
        *wheels,
    ]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 2 and problem in result.stderr
    assert not (tmp_path / "a.zip").exists()


# Wheels that are kept, and wheels that are refused


def test_a_wheel_is_kept_and_its_library_loaded(plugin, index, tmp_path):
    named = shutil.copy(index / WHEEL, tmp_path / "bandcluster (1).whl")
    plugin.kept.mkdir(parents=True)
    (plugin.kept / "bandcluster-0.0.1-py3-none-any.whl").write_text("old")
    plugin.wheels.keep(named)
    assert [file.name for file in plugin.kept.iterdir()] == [WHEEL]
    with open(LIBRARY, "rb") as library:
        assert plugin.wheels.library() == ("libbandcluster.so", library.read())
    assert plugin.binding.problem() == ""
    assert plugin.binding._library().startswith(str(plugin.kept.parent / "native"))


def test_other_files_are_refused(plugin, index, tmp_path):
    (tmp_path / "any.whl").write_text("any")
    with pytest.raises(
        plugin.wheels.NoLibrary,
        match=f"not the wheel of bandcluster {VERSION}.*SHA-256 is d6a7cd2a",
    ):
        plugin.wheels.keep(tmp_path / "any.whl")
    with pytest.raises(
        plugin.wheels.NoLibrary,
        match="another kind of computer; choose .*manylinux_2_17_x86_64.whl",
    ):
        plugin.wheels.keep(index / OTHER)
    assert not plugin.kept.exists()


def test_a_damaged_wheel_is_not_loaded(plugin, index):
    plugin.wheels.keep(index / WHEEL)
    with open(plugin.kept / WHEEL, "r+b") as file:
        file.seek(1000)
        file.write(b"!")
    assert "is damaged" in plugin.binding.problem()


def test_a_computer_without_a_wheel(plugin, monkeypatch):
    monkeypatch.setattr(plugin.wheels, "_this_platform", lambda: "linux-riscv64")
    told = plugin.binding.problem()
    assert (
        "no library of bandcluster for linux-riscv64, only for manylinux_2_17_x86_64, win_amd64"
        in told
    )
    dialog = plugin.library.LibraryDialog()
    assert "riscv64" in dialog.text.text()
    assert not dialog.fetch.isEnabled() and not dialog.choose.isEnabled()


@pytest.mark.parametrize(
    "here, wanted",
    [
        ("windows-x86_64", "win_amd64"),
        ("macos-arm64", "macosx_11_0_universal2"),
        ("macos-x86_64", "macosx_11_0_universal2"),
        ("linux-arm64", "manylinux_2_17_aarch64.manylinux2014_aarch64"),
        ("linux-x86_64", "manylinux_2_17_x86_64"),
    ],
)
def test_which_wheel_is_for_here(plugin, monkeypatch, here, wanted):
    tags = (
        "manylinux_2_17_aarch64.manylinux2014_aarch64 manylinux_2_17_x86_64 win_amd64"
        " macosx_11_0_universal2"
    )
    listed = {
        "version": VERSION,
        "wheels": {f"bandcluster-{VERSION}-py3-none-{tag}.whl": "" for tag in tags.split()},
    }
    monkeypatch.setattr(plugin.wheels, "_listed", lambda: listed)
    monkeypatch.setattr(plugin.wheels, "_this_platform", lambda: here)
    assert plugin.wheels.name_for_here() == f"bandcluster-{VERSION}-py3-none-{wanted}.whl"
    assert plugin.wheels.arguments("x")[7] == wanted.split(".")[0]


def test_a_variable_of_the_user_comes_first(plugin, index, monkeypatch):
    plugin.wheels.keep(index / WHEEL)
    monkeypatch.setenv("BANDCLUSTER_LIBRARY", "/nowhere.so")
    assert plugin.binding.problem() == "nowhere"


# The window


@pytest.fixture
def dialog(plugin):
    dialog = plugin.library.LibraryDialog()
    dialog.show()
    yield dialog
    dialog.close()


def wait_for(happened, seconds=120):
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        QApplication.processEvents()
        time.sleep(0.01)


def test_one_click_fetches_it_and_nothing_does_before(plugin, dialog, served, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", address(served))
    QApplication.processEvents()
    assert served.asked == []
    assert WHEEL in dialog.text.text() and str(plugin.kept) in dialog.text.text()
    dialog.fetch.click()
    assert not dialog.fetch.isEnabled() and dialog.busy.isVisible()
    wait_for(lambda: not dialog.isVisible() or dialog.failure.isVisible())
    assert dialog.result() == 1, dialog.log.toPlainText()
    assert [file.name for file in plugin.kept.iterdir()] == [WHEEL]
    assert any(WHEEL in line for line in served.asked) and not any(
        OTHER in line for line in served.asked
    )
    assert not plugin.binding.is_missing()
    assert "nothing to fetch" in plugin.library.LibraryDialog().text.text()


def test_the_proxy_of_qgis_is_used(plugin, served, monkeypatch):
    """Only the proxy can know the host of the index."""
    monkeypatch.setenv("PIP_INDEX_URL", "http://index.invalid")
    monkeypatch.setenv("PIP_TRUSTED_HOST", "index.invalid")
    with proxy(served.server_port):
        dialog = plugin.library.LibraryDialog()
        dialog.show()
        assert f"127.0.0.1:{served.server_port}" in dialog.text.text()
        assert "secret" not in dialog.text.text()
        dialog.fetch.click()
        wait_for(lambda: not dialog.isVisible() or dialog.failure.isVisible())
    assert any("http://index.invalid/bandcluster/" in line for line in served.asked), served.asked
    assert plugin.library.proxy_variables() == {}


@contextlib.contextmanager
def proxy(port, kind="HttpProxy"):
    settings, manager = QgsSettings(), QgsNetworkAccessManager.instance()
    given = {
        "Enabled": True,
        "Type": kind,
        "Host": "127.0.0.1",
        "Port": port,
        "User": "me@here",
        "Password": "secret/",
    }
    for name, value in given.items():
        settings.setValue(f"proxy/proxy{name}", value)
    settings.setValue("proxy/noProxyUrls", ["http://mirror.test/simple"])
    manager.setupDefaultProxyAndCache()
    try:
        yield
    finally:
        settings.remove("proxy")
        manager.setupDefaultProxyAndCache()
        manager.setFallbackProxyAndExcludes(QNetworkProxy(), [], [])


def test_proxy_variables(plugin):
    with proxy(8080):
        url = "http://me%40here:secret%2F@127.0.0.1:8080"
        assert plugin.library.proxy_variables() == {
            "HTTP_PROXY": url,
            "HTTPS_PROXY": url,
            "NO_PROXY": "mirror.test",
        }
    with proxy(1080, "Socks5Proxy"):
        dialog = plugin.library.LibraryDialog()
        dialog.fetch.click()
        assert "SOCKS proxy, which pip cannot use" in dialog.failure.text()


def test_no_network(plugin, dialog, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9")
    dialog.fetch.click()
    wait_for(lambda: dialog.failure.isVisible())
    assert "out of reach, or does not have this version" in dialog.failure.text()
    assert plugin.wheels.command(".") in dialog.failure.text()
    assert dialog.fetch.isEnabled() and dialog.isVisible()
    assert not plugin.kept.exists()


@pytest.mark.parametrize(
    "said, why",
    [
        ("No module named pip", "python3-pip"),
        ("anything", "pip has failed"),
        (None, "execve|No such file"),
    ],
)
def test_a_python_that_cannot(plugin, dialog, monkeypatch, tmp_path, said, why):
    python = tmp_path / "python3"
    if said:
        python.write_text(f"#!/bin/sh\necho {said}; exit 1\n")
        python.chmod(0o755)
    monkeypatch.setattr(plugin.library, "interpreter", lambda: str(python))
    dialog.fetch.click()
    wait_for(lambda: dialog.failure.isVisible())
    assert re.search(why, dialog.failure.text())
    assert dialog.log.isVisible() == bool(said) and (said or "") in dialog.log.toPlainText()


def test_no_python(plugin, dialog, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/usr/bin/qgis")
    monkeypatch.setattr(sys, "exec_prefix", "/nowhere")
    assert plugin.library.interpreter() == "/usr/bin/python3"  # in the folder of /usr/bin/qgis
    monkeypatch.setattr(sys, "executable", "/nowhere/qgis")
    monkeypatch.setattr(plugin.library.shutil, "which", lambda name: None)
    dialog.fetch.click()
    assert "No Python was found" in dialog.failure.text()


def test_another_python_does_not_get_the_modules_of_qgis(plugin, dialog, monkeypatch, tmp_path):
    python = tmp_path / "python3"
    python.write_text(
        "#!/bin/sh\necho home=$PYTHONHOME path=$PYTHONPATH asks=$PIP_NO_INPUT; exit 1\n"
    )
    python.chmod(0o755)
    monkeypatch.setattr(plugin.library, "interpreter", lambda: str(python))
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    dialog.fetch.click()
    wait_for(lambda: dialog.failure.isVisible())
    assert dialog.log.toPlainText().strip() == "home= path= asks=1"


def test_closing_the_window_ends_pip(plugin, dialog, monkeypatch, tmp_path):
    python = tmp_path / "python3"
    python.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid; exec sleep 1000\n")
    python.chmod(0o755)
    monkeypatch.setattr(plugin.library, "interpreter", lambda: str(python))
    dialog.fetch.click()
    wait_for(lambda: (tmp_path / "pid").is_file() and (tmp_path / "pid").read_text().strip())
    dialog.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_file_of_the_user(plugin, dialog, index, monkeypatch):
    choose = plugin.library.QFileDialog
    monkeypatch.setattr(choose, "getOpenFileName", lambda *_: (str(index / OTHER), ""))
    dialog.choose.click()
    assert "another kind of computer" in dialog.failure.text() and dialog.isVisible()
    monkeypatch.setattr(choose, "getOpenFileName", lambda *_: ("", ""))
    dialog.choose.click()
    assert dialog.isVisible()
    monkeypatch.setattr(choose, "getOpenFileName", lambda *_: (str(index / WHEEL), ""))
    dialog.choose.click()
    assert dialog.result() == 1 and not plugin.binding.is_missing()


# Where the window is offered


def test_the_desktop_offers_it_instead_of_a_dialog(plugin, provider, monkeypatch):
    algorithm = provider.algorithm("cluster").create()
    can, why = algorithm.canExecute()
    assert not can and "to fetch it, type: python3 -m pip download" in why
    monkeypatch.setattr(QgsApplication, "platform", staticmethod(lambda: "desktop"))
    assert algorithm.canExecute()[0]
    assert isinstance(algorithm.createCustomParametersWidget(None), plugin.library.LibraryDialog)
    assert "in the menu Help > Plugins" in plugin.binding.problem()


def test_a_plugin_with_its_library_offers_nothing(provider, monkeypatch):
    monkeypatch.setattr(QgsApplication, "platform", staticmethod(lambda: "desktop"))
    assert provider.algorithm("cluster").create().createCustomParametersWidget(None) is None


def test_the_message_at_the_start(plugin, provider, index, desktop, started):
    at_start = started()
    [message] = desktop.messageBar().items()
    [button] = [
        button
        for button in message.findChildren(QPushButton)
        if button.text() == "Get the library…"
    ]
    button.click()
    assert [action.text() for action in desktop.pluginHelpMenu().actions()] == [
        "bandcluster: first steps",
        "bandcluster: get the library",
    ]
    at_start._window.take(index / WHEEL)
    assert [
        button.text()
        for one in desktop.messageBar().items()
        for button in one.findChildren(QPushButton)
    ] == ["First steps"]
    at_start._provider = None  # the provider is the fixture's
    at_start.unload()
    assert desktop.pluginHelpMenu().actions() == []


# End to end


@pytest.fixture
def profile(archive, program, tmp_path):
    """Runs qgis_process in a profile in which the ZIP is installed."""
    home = tmp_path / "home"
    plugins = home / "plugins"
    plugins.mkdir(parents=True)
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(plugins)
    executable = shutil.which("qgis_process.bin") or shutil.which("qgis_process")

    def run(*arguments, **options):
        return program.run(executable, *arguments, plugins=plugins, home=home, **options)

    assert run("plugins", "enable", "bandcluster_qgis").returncode == 0
    return run


def test_qgis_process_says_the_command_and_works_after_it(profile, served, copied, folder):
    arguments = [
        "run",
        "bandcluster:cluster",
        f"--INPUT={copied('s2_train.tif')}",
        f"--OUTPUT={folder / 'c.tif'}",
    ]
    refused = profile(*arguments)
    assert refused.returncode != 0 and list(folder.iterdir()) == []
    command = re.search("to fetch it, type: (.+)", refused.stderr)[1]
    assert served.asked == []
    words = ["/usr/bin/python3" if word == "python3" else word for word in shlex.split(command)]
    typed = subprocess.run(
        words, env={"PIP_INDEX_URL": address(served)}, capture_output=True, text=True
    )
    assert typed.returncode == 0, typed.stderr
    done = profile(*arguments)
    assert done.returncode == 0, done.stderr
    assert (folder / "c.tif").is_file()


def test_list_and_help_need_no_library(profile):
    for command in (["list"], ["help", "bandcluster:cluster"]):
        result = profile(*command)
        assert result.returncode == 0 and "bandcluster:cluster" in result.stdout, result.stderr


def test_in_the_desktop(archive, served, program, display, tmp_path):
    """In a new profile: installs the ZIP, opens an algorithm, presses the button, runs it."""
    scene, result = shutil.copy(DATA / "s2_train.tif", tmp_path), tmp_path / "result.json"
    home = tmp_path / "home"
    home.mkdir()
    told = {
        "archive": archive,
        "scene": scene,
        "output": tmp_path / "map.tif",
        "result": result,
        "pictures": tmp_path,
    }
    ended = program.run(
        "qgis",
        "--profiles-path",
        tmp_path / "profiles",
        "--profile",
        "fresh",
        "--nologo",
        "--noversioncheck",
        "--code",
        PLUGIN / "tests" / "desktop" / "library.py",
        plugins=None,
        home=home,
        DISPLAY=display,
        QT_QPA_PLATFORM="xcb",
        PIP_INDEX_URL=address(served),
        PYTHONPATH=str(PLUGIN / "tests" / "desktop"),
        **{f"BANDCLUSTER_{name.upper()}": str(value) for name, value in told.items()},
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(result.read_text()) == {
        "before": "LibraryDialog",
        "kept before": [],
        "offered": ["Get the library…"],
        "after": ["bandcluster:cluster", 5],
        "offered after": ["First steps"],
        "valid": 832 * 832,
        "kept": [WHEEL],
    }
