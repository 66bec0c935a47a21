"""Users of an algorithm release it before the provider is removed; else QGIS crashes."""

from bandcluster_qgis import release
from bandcluster_qgis.failures import Refused
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
)
from qgis.PyQt import sip


def a_model_of(name):
    model = QgsProcessingModelAlgorithm("model", "models")
    model.addChildAlgorithm(QgsProcessingModelChildAlgorithm(name))
    return model


def test_dialogs_of_our_algorithms_are_closed_and_no_others(provider, opened):
    registry = QgsApplication.processingRegistry()
    ours = [
        opened(provider.algorithm("cluster").create()),
        opened(provider.algorithm("predict").create(), True),
    ]
    model = a_model_of("bandcluster:cluster")
    model.setProvider(registry.providerById("native"))  # a dialog asks for the provider
    ours.append(opened(model))
    other = opened(registry.algorithmById("gdal:translate").create())
    release.release(provider.algorithms())
    assert all(sip.isdeleted(dialog) for dialog in ours)
    assert not sip.isdeleted(other) and other.isVisible()


def test_a_running_job_is_cancelled_and_waited_for(provider, copied, folder, qtbot):
    given = {
        "INPUT": copied("s2_train.tif"),
        "CLUSTERS": 200,
        "N_INIT": 1_000_000,
        "OUTPUT": str(folder / "c.tif"),
    }
    context, feedback, ended = QgsProcessingContext(), QgsProcessingFeedback(), []
    task = QgsProcessingAlgRunnerTask(
        provider.algorithm("cluster").create(), given, context, feedback
    )
    task.executed.connect(lambda success, _results: ended.append(success))
    QgsApplication.taskManager().addTask(task)
    qtbot.waitUntil(lambda: feedback.progress() > 0, timeout=600_000)
    assert not ended
    release.release(provider.algorithms())
    assert ended == [False]
    assert list(folder.iterdir()) == []


def test_a_job_in_the_same_thread_cannot_be_waited_for(run, provider, copied, folder):
    refused = []

    class Releasing(QgsProcessingFeedback):
        def setProgressText(self, text):
            try:
                release.release(provider.algorithms())
            except Refused as problem:
                refused.append(str(problem))

    run("cluster", INPUT=copied("s2_train.tif"), OUTPUT=folder / "c.tif", feedback=Releasing())
    assert refused and "wait for it or cancel it" in refused[0]


def test_models_that_are_open_look_for_our_algorithms_anew(provider, monkeypatch):
    model, drawn = a_model_of("bandcluster:cluster"), []
    [name] = model.childAlgorithms()
    before = model.childAlgorithm(name).algorithm()

    class ModelerDialog:
        def model(self):
            return model

        def repaintModel(self):
            drawn.append(model)

    monkeypatch.setattr(release, "_windows", lambda: [ModelerDialog()])
    release.reattach_open_models()
    assert model.childAlgorithm(name).algorithm() is not before
    assert drawn == [model]
