"""The compared commands: names, what they run, and how their output is read.

A contender does one job on one scene, in a process of its own.
"""

import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PEER_PYTHON = ROOT / "target" / "bench" / "venv" / "bin" / "python"

BANDCLUSTER = "bandcluster"
FLOOR = "floor"
SKLEARN = "scikit-learn"
INTELEX = "scikit-learn-intelex"
FAISS = "faiss"
LINFA = "linfa"
GRASS = "GRASS"
SAGA = "SAGA"
QGIS = "QGIS"
QGIS_START = "QGIS, its start"

# The memory of a peer in bytes per pixel and band: a little less than measured on the first
# strip.
APPETITE = {SKLEARN: 30, INTELEX: 18, FAISS: 10, LINFA: 24, SAGA: 11}


@dataclass
class Contender:
    """A command, the files that it reads and writes, and which of its seconds and bytes count."""

    system: str
    command: list
    reads: list
    writes: list = field(default_factory=list)
    environment: dict = None
    seconds: callable = lambda run: run.seconds
    peak: callable = lambda run: run.peak
    appetite: float = 0  # its memory in bytes per pixel and band

    def clear(self):
        """Removes the output of an earlier run: some programs refuse to replace a file."""
        for path in self.writes:
            Path(path).unlink(missing_ok=True)


def cluster(bench, scene, k):
    output, model = bench.output(scene, "map.tif"), bench.output(scene, f"{k}.json")
    command = [
        bench.program,
        "cluster",
        scene,
        output,
        "-k",
        k,
        "--json",
        "--quiet",
        "--model",
        model,
    ]
    return Contender(BANDCLUSTER, command, [scene], [output, model])


def clustered_by(bench, scene, algorithm, k):
    """Clusters with another algorithm and its defaults.

    The number of classes is passed to algorithms that take it.
    """
    output = bench.output(scene, "map.tif")
    command = [
        bench.program,
        "cluster",
        scene,
        output,
        "--algorithm",
        algorithm,
        "--json",
        "--quiet",
    ]
    return Contender(algorithm, [*command, *(["-k", k] if k else [])], [scene], [output])


def choose_k(bench, scene):
    return Contender(BANDCLUSTER, [bench.program, "choose-k", scene, "--json", "--quiet"], [scene])


def predict(bench, model, scene):
    output = bench.output(scene, "map.tif")
    command = [bench.program, "predict", "--model", model, scene, output, "--json", "--quiet"]
    return Contender(BANDCLUSTER, command, [scene], [output])


def floor(bench, scene):
    """The floor. It needs the map of the scene, which bandcluster has made before."""
    labels, output = bench.output(scene, "labels.tif"), bench.output(scene, "floor.tif")
    command = [sys.executable, HERE / "floor.py", scene, labels, output]
    return Contender(FLOOR, command, [scene], [output], seconds=lambda run: run.told["total"])


def sklearn(bench, scene, k, intelex=False, predicted=None, restarts=1):
    """scikit-learn. Phases of predicting are not part of this job; see `results.prediction`."""
    system = INTELEX if intelex else SKLEARN
    output, centres = bench.output(scene, f"{system}.tif"), bench.output(scene, f"{system}.json")
    command = [PEER_PYTHON, HERE / "sklearn_peer.py", scene, output, "-k", k, "--centres", centres]
    command += ["--intelex"] if intelex else []
    command += ["--restarts", restarts] if restarts > 1 else []
    reads, writes = [scene], [output, centres]
    if predicted:
        more = bench.output(predicted, f"{system}.tif")
        command += ["--predict", predicted, more]
        reads, writes = [*reads, predicted], [*writes, more]
    return Contender(
        system,
        command,
        reads,
        writes,
        seconds=lambda run: run.seconds - seconds_of_prediction(run.told),
        peak=lambda run: run.told["memory"]["write"],
        appetite=APPETITE[system],
    )


def seconds_of_prediction(told):
    return sum(seconds for phase, seconds in told["seconds"].items() if phase.startswith("predict"))


def faiss(bench, scene, k):
    output, centres = bench.output(scene, "faiss.tif"), bench.output(scene, "faiss.json")
    command = [PEER_PYTHON, HERE / "faiss_peer.py", scene, output, "-k", k, "--centres", centres]
    return Contender(FAISS, command, [scene], [output, centres], appetite=APPETITE[FAISS])


def linfa(bench, scene, k):
    output, centres = bench.output(scene, "linfa.tif"), bench.output(scene, "linfa.json")
    program = bench.program.parent / "examples" / "linfa_peer"
    command = [
        PEER_PYTHON,
        HERE / "linfa_peer.py",
        program,
        scene,
        output,
        "-k",
        k,
        "--centres",
        centres,
    ]
    return Contender(LINFA, command, [scene], [output, centres], appetite=APPETITE[LINFA])


def grass(bench, scene, k):
    output = bench.output(scene, "grass.tif")
    command = [HERE / "grass_peer.sh", scene, output, k]
    return Contender(
        GRASS, command, [scene], [output], environment={**os.environ, "HOME": str(home(bench))}
    )


def saga(bench, scene, k):
    output = bench.output(scene, "saga.tif")
    command = [HERE / "saga_peer.sh", scene, output, k]
    return Contender(SAGA, command, [scene], [output], appetite=APPETITE[SAGA])


def sweep(bench, scene):
    """Fits 2 to 20 classes. Only the seconds after the summary count."""
    command = [bench.program, "choose-k", scene, "--min", 2, "--max", 20, "--json", "--quiet"]
    return Contender(
        BANDCLUSTER, command, [scene], seconds=lambda run: run.told["seconds"]["choose"]
    )


def qgis(bench, scene, k):
    output = bench.output(scene, "qgis.tif")
    command = [qgis_process(), "--json", "run", "bandcluster:cluster"]
    command += [f"--INPUT={scene}", f"--CLUSTERS={k}", f"--OUTPUT={output}"]
    return Contender(QGIS, command, [scene], [output], environment=qgis_environment(bench))


def qgis_start(bench):
    """QGIS loads everything that a run needs, but runs nothing."""
    command = [qgis_process(), "help", "bandcluster:cluster"]
    return Contender(QGIS_START, command, [], environment=qgis_environment(bench))


def qgis_enable(bench):
    """Enables the plugin. Run it once before the others, so that modules are compiled."""
    command = [qgis_process(), "plugins", "enable", "bandcluster_qgis"]
    return Contender(QGIS, command, [], environment=qgis_environment(bench))


def qgis_process():
    """QGIS's program: the one behind Debian's wrapper if there is one, as 3.22's wrapper fails."""
    return shutil.which("qgis_process.bin") or shutil.which("qgis_process") or "qgis_process"


def qgis_environment(bench):
    """A profile of its own, and the plugin from the source tree."""
    runtime = home(bench) / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    inherited = {
        name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ
    }
    return {
        **inherited,
        "HOME": str(home(bench)),
        "XDG_RUNTIME_DIR": str(runtime),
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_PLUGINPATH": str(ROOT / "plugin"),
        # All modules are compiled already, as in a profile in use.
        "PYTHONPYCACHEPREFIX": str(home(bench) / "pycache"),
        "BANDCLUSTER_LIBRARY": str(bench.library),
    }


def home(bench):
    """A home folder for programs, so that the user's settings are not used or changed."""
    folder = bench.work / "home"
    folder.mkdir(exist_ok=True)
    return folder
