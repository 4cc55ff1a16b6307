"""An executor in the place of workers: nothing happens behind a test's back."""

from concurrent.futures import Executor, Future


class Held(Executor):
    """Holds every chunk until the test says that it runs, and remembers the order in which they were sent."""

    def __init__(self):
        self.held, self.sent = [], []

    def submit(self, run, chunk):
        future = Future()
        self.held.append((future, run, chunk))
        self.sent.append(chunk)
        return future

    def begin(self):
        """Begin the next chunk; return what ends it."""
        future, run, chunk = self.held.pop(0)
        future.set_running_or_notify_cancel()
        return lambda: future.set_result(run(chunk))

    def work(self, count=None, error=None):
        """Run so many chunks, or have them raise an error; return how many: all that come if not told."""
        done = 0
        while self.held and done != count:
            if error:
                self.held.pop(0)[0].set_exception(error)
            else:
                self.begin()()
            done += 1
        return done
