"""Releases what still uses algorithms of the provider before the provider is removed.

An algorithm points to its provider; so do the copies that dialogs make. QGIS crashes if one is used
afterwards.
"""

import threading
import time

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingAlgRunnerTask,
    QgsProcessingModelAlgorithm,
    QgsTask,
)
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QEventLoop
from qgis.PyQt.QtWidgets import QApplication

from .algorithms.progress import RUNNING
from .failures import Refused
from .translation import tr

_PATIENCE = 60  # seconds that cancelled jobs have to end
_OWN = "bandcluster:"


def release(algorithms) -> None:
    """Cancels jobs, waits for them, then closes dialogs."""
    dialogs = _dialogs()
    _end_jobs(dialogs, [f"“{algorithm.displayName()}”" for algorithm in algorithms])
    for dialog in dialogs:
        dialog.close()
        dialog.deleteLater()
        # Deleted at once: Python code that still holds the dialog gets an error instead of a crash.
        QCoreApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)


def reattach_open_models() -> None:
    """Makes models that are open in the designer look for our algorithms again.

    The algorithms may have come or gone.
    """
    for window in _windows():
        model = window.model() if type(window).__name__ == "ModelerDialog" else None
        if model is not None and _is_ours(model):
            for name in model.childAlgorithms():
                model.childAlgorithm(name).reattach()
            window.repaintModel()


def reload_models() -> None:
    """Makes the toolbox read its models again.

    QGIS does so when a provider is added, but not when one is removed.
    """
    for name in ("model", "project"):
        provider = QgsApplication.processingRegistry().providerById(name)
        if provider is not None:
            provider.refreshAlgorithms()


def _windows() -> list:
    return (
        QApplication.topLevelWidgets()
        if isinstance(QCoreApplication.instance(), QApplication)
        else []
    )


def _dialogs() -> list:
    """The windows that hold one of our algorithms or a model with one, except the designer."""
    return [window for window in _windows() if any(map(_is_ours, _held(window)))]


def _held(window):
    """The algorithms that a window of Processing holds, in a method or a member."""
    method = getattr(window, "algorithm", None)
    found = [
        method() if callable(method) else None,
        getattr(window, "alg", None),
        getattr(window, "_alg", None),
    ]
    return [algorithm for algorithm in found if isinstance(algorithm, QgsProcessingAlgorithm)]


def _is_ours(algorithm) -> bool:
    if isinstance(algorithm, QgsProcessingModelAlgorithm):
        children = algorithm.childAlgorithms().values()
        return any(
            child.algorithmId().startswith(_OWN) or _is_ours(child.algorithm())
            for child in children
        )
    return algorithm is not None and algorithm.id().startswith(_OWN)


def _end_jobs(dialogs, titles) -> None:
    if any(job.thread == threading.get_ident() for job in RUNNING):
        raise Refused(
            tr("a job of bandcluster is running; wait for it or cancel it, then try again")
        )
    for task in _tasks(titles):
        task.cancel()
    for dialog in filter(_is_busy, dialogs):
        dialog.cancelButton().click()
    for job in list(RUNNING):
        job.cancel()
    deadline = time.monotonic() + _PATIENCE
    while RUNNING or _tasks(titles) or any(map(_is_busy, dialogs)):
        if time.monotonic() > deadline:
            raise Refused(tr("a job of bandcluster does not end; wait for it, then try again"))
        # A dialog gets the news that its job has ended in this thread.
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents, 50)
        time.sleep(0.01)


def _tasks(titles) -> list:
    """Tasks that run one of our algorithms, or wait to; only their titles identify them."""
    ended = (QgsTask.TaskStatus.Complete, QgsTask.TaskStatus.Terminated)
    return [
        task
        for task in QgsApplication.taskManager().tasks()
        if isinstance(task, QgsProcessingAlgRunnerTask)
        and task.status() not in ended
        and any(title in task.description() for title in titles)
    ]


def _is_busy(dialog) -> bool:
    button = dialog.cancelButton() if hasattr(dialog, "cancelButton") else None
    return button is not None and button.isEnabled()
