"""A thread that does the newest of its requests. Plain Python."""

import threading


class Latest:
    """Runs `work(request, feedback)`, and `done(request, result, error)` for each of its results.

    They run in a thread. `work` generates results, each better than the one before. A request that
    has not begun when a newer one comes is dropped. A request that has begun goes on to its next
    result, unless `is_outdated(old, new)` is true: then it is cancelled and its result is dropped.
    So pictures follow a slider while it moves.
    """

    def __init__(self, work, done, is_outdated, make_feedback):
        self._work, self._done, self._is_outdated, self._make_feedback = (
            work,
            done,
            is_outdated,
            make_feedback,
        )
        self._changed = threading.Condition()
        self._next = self._running = self._feedback = None
        self._ends = False
        self._thread = None

    def ask(self, request) -> None:
        with self._changed:
            if self._ends:
                return
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="bandcluster-explorer", daemon=True
                )
                self._thread.start()
            self._next = request
            if self._running is not None and self._is_outdated(self._running, request):
                self._feedback.cancel()
            self._changed.notify()

    def forget(self) -> None:
        """Drops the requests."""
        with self._changed:
            self._next = None
            if self._feedback is not None:
                self._feedback.cancel()

    def end(self) -> None:
        """Cancels the running request and waits until the thread has ended."""
        with self._changed:
            self._ends = True
            self._next = None
            if self._feedback is not None:
                self._feedback.cancel()
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self):
        while True:
            with self._changed:
                while self._next is None and not self._ends:
                    self._changed.wait()
                if self._ends:
                    return
                self._running, self._next = self._next, None
                self._feedback = feedback = self._make_feedback()
                request = self._running
            try:
                for result in self._work(request, feedback):
                    if not self._is_wanted(feedback):
                        break
                    self._done(request, result, None)
                    if self._next is not None:
                        break
            except Exception as failure:  # the receiver tells or logs it
                if self._is_wanted(feedback):
                    self._done(request, None, failure)
            with self._changed:
                self._running = self._feedback = None

    def _is_wanted(self, feedback):
        return not (feedback.isCanceled() or self._ends)
