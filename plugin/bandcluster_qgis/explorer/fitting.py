"""The work behind the panel: from a coarse look to exact classes of every number.

It runs in a thread, without Qt.
"""

import os
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from ..binding import bandcluster
from .plan import FIT, MEASURE, Plan

READING, FITTING, MEASURING, REFINING = "reading", "fitting", "measuring", "refining"
COARSE, SUMMARY, EXACT = "coarse", "summary", "exact"
_CORES = os.cpu_count() or 1
_AT_ONCE = min(4, _CORES)  # numbers: a fit does not keep all cores busy
_GLANCE = 0.1  # seconds between two looks for a cancel
_REFUSALS = (bandcluster.InvalidArgument, bandcluster.InvalidData, bandcluster.OutOfMemory)


class Fitting:
    """The models of one scene by some settings.

    Coarse models are made when they are asked for; then come those of all pixels.
    """

    def __init__(self, pixels, settings, k):
        self.pixels, self.settings = pixels, settings
        self.plan, self._coarse = Plan(settings, k), Plan(settings, k)
        self._starts = None  # the means of the seeds by name

    def look_at(self, k) -> None:
        self.plan.look_at(k)

    def is_done(self) -> bool:
        return self.pixels.whole is not None and self.plan.next() is None

    def state(self, k) -> str:
        """The state of the model of `k` classes; empty if there is none."""
        model = self.plan.model(k)
        if model is not None:
            return EXACT if model.converged else SUMMARY
        return COARSE if self._coarse.model(k) is not None else ""

    def model(self, k):
        """The best model of `k` classes so far, or None."""
        return self.plan.model(k) or self._coarse.model(k)

    def make(self, k, progress=None):
        """The same model; if there is none, it is made of the coarse summary.

        It takes a moment. None while the coarse summary is missing, or if its pixels are too few.
        """
        found = self.model(k)
        if found is None and self.pixels.coarse is not None and self._has_starts():
            try:
                found = self._fit(self.pixels.coarse, k, progress)
            except _REFUSALS:
                return None  # if all pixels are too few as well, the plan knows why
            self._coarse.keep(k, found)
        return found

    def run(self, progress, tell, feedback=None) -> None:
        """Does all the work.

        `progress(fraction, phase)` returns False to cancel; `tell()` is called for every new model.
        """
        self.pixels.open()
        if not self._has_starts():
            self._find_starts(lambda fraction, _phase: progress(0.5 * fraction, READING))
            tell()
        if self.pixels.whole is None:
            self.pixels.look(feedback)
            tell()
            self.pixels.summarise(lambda fraction, _phase: progress(0.5 * fraction, READING))
            tell()
        while True:
            step = self.plan.next()
            if step is None:
                return
            what, k = step
            goes_on = True
            if what == FIT:
                self._fit_missing(progress, tell)
            elif what == MEASURE:
                self.plan.measure(
                    self._measured(lambda _fraction, _phase: progress(0.9, MEASURING))
                )
            else:
                goes_on = self._refine(k, progress)
            tell()
            if not goes_on:
                return

    def _has_starts(self) -> bool:
        return self._starts is not None or not self.settings.seeds.shapes

    def _find_starts(self, progress):
        try:
            self._starts = self.pixels.starts(self.settings.seeds, progress)
        except _REFUSALS as why:
            for k in self.settings.numbers():
                self.plan.fail(k, why)

    def _fit_missing(self, progress, tell):
        """Fits the numbers that have no model, several at once."""
        stopped = threading.Event()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            try:
                self._fit_in(pool, stopped, progress, tell)
            finally:
                stopped.set()  # the pool waits for its threads

    def _fit_in(self, pool, stopped, progress, tell):
        running, taken, at_once = {}, set(), _AT_ONCE
        while True:
            while len(running) < at_once:
                k = self.plan.number(taken)
                if k is None:
                    break
                taken.add(k)
                running[pool.submit(self._fit_number, k, stopped)] = k, at_once == 1
            if not running:
                return
            ended, _ = wait(running, _GLANCE, FIRST_COMPLETED)
            for fit in ended:
                k, is_alone = running.pop(fit)
                try:
                    fit.result()
                except bandcluster.OutOfMemory as why:
                    if is_alone:
                        self.plan.fail(k, why)
                    else:  # alone, it may have enough
                        at_once = 1
                        taken.discard(k)
            if ended:
                tell()
            done = 0.5 + 0.4 * self.plan.count() / len(self.settings.numbers())
            if not progress(done, FITTING):
                raise bandcluster.Cancelled

    def _fit_number(self, k, stopped):
        def go_on(_fraction, _phase):
            return not stopped.is_set()

        try:
            model = self._fit(self.pixels.whole, k, go_on, max(1, _CORES // _AT_ONCE))
        except (bandcluster.InvalidArgument, bandcluster.InvalidData) as why:
            self.plan.fail(k, why)
        else:
            self.plan.keep(k, model)

    def _measured(self, progress):
        try:
            return bandcluster.choose_k(
                self.pixels.whole, progress=progress, **self.settings.choice()
            )
        except _REFUSALS:
            return None  # fewer distinct pixels than classes: the models tell why

    def _refine(self, k, progress):
        """Refines a model; returns False if the user has moved to another number.

        The slider may still be moving.
        """
        is_cancelled = False

        def go_on(fraction, _phase):
            nonlocal is_cancelled
            is_cancelled = not progress(0.9 + 0.1 * fraction, REFINING)
            return not is_cancelled and self.plan.is_looked_at(k)

        try:
            self.plan.keep(k, self.pixels.refined(self.plan.model(k), go_on))
        except bandcluster.Cancelled:
            if is_cancelled:
                raise
            return False
        return True

    def _fit(self, summary, k, progress, threads=0):
        options = self.settings.fit(k, self._starts)
        model = summary.fit(progress=progress, threads=threads, **options)
        self.pixels.describe(model)
        return model
