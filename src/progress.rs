//! Progress, cancellation and the threads that work while the caller waits.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{mpsc, Arc, Mutex};
use std::thread::Builder;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::machine::threads_with_room;

/// How often the caller's callback is called, so that a cancel is seen at once.
const TICK: Duration = Duration::from_millis(30);

/// Items that are made in advance.
const AHEAD: usize = 4;

/// The most threads of a run, whatever is asked for: each thread takes some memory.
const MAX_THREADS: usize = 1024;

/// Memory that threads leave to the rest of the process, unless a run [keeps](Run::keep_room) more.
const LEAST_ROOM: usize = 32 << 20;

/// A progress callback: the fraction done (0 to 1), and what is being done. Returning `false`
/// cancels.
pub type Callback<'a> = dyn FnMut(f64, &str) -> bool + 'a;

/// How a call is run: the number of threads, and the progress callback.
///
/// The callback is called only on the thread that made the call; workers poll a flag. If the system
/// makes no threads, that thread does the work, too, and calls the callback in between.
pub struct Run<'a> {
    threads: usize,
    /// Whether no thread is made.
    alone: bool,
    /// Bytes of memory that threads leave to the tasks.
    room: usize,
    callback: Option<&'a mut Callback<'a>>,
    /// The part of the whole progress that this run covers.
    span: (f64, f64),
    last_told: Option<Instant>,
}

impl<'a> Run<'a> {
    /// A run on `threads` threads (0: all cores) without a callback.
    pub fn silent(threads: usize) -> Run<'static> {
        let threads = resolve_threads(threads);
        Run {
            threads,
            alone: false,
            room: LEAST_ROOM,
            callback: None,
            span: (0.0, 1.0),
            last_told: None,
        }
    }

    /// A run on `threads` threads (0: all cores) that reports to `callback`.
    pub fn new(threads: usize, callback: &'a mut Callback<'a>) -> Run<'a> {
        Run { callback: Some(callback), ..Run::silent(threads) }
    }

    /// Number of threads, at least 1.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// From now on, works on the calling thread only: the system makes no other threads.
    pub(crate) fn work_alone(&mut self) {
        (self.threads, self.alone) = (1, true);
    }

    /// Makes only so many threads that this number of bytes of memory is left to their tasks.
    pub(crate) fn keep_room(&mut self, bytes: usize) {
        self.room = bytes.saturating_add(LEAST_ROOM);
    }

    /// The part of this run from fraction `from` to fraction `to`, as a separate run.
    pub fn stage(&mut self, from: f64, to: f64) -> Run<'_> {
        let (low, high) = self.span;
        let at = |fraction: f64| low + fraction * (high - low);
        Run {
            threads: self.threads,
            alone: self.alone,
            room: self.room,
            callback: match &mut self.callback {
                Some(callback) => Some(&mut **callback),
                None => None,
            },
            span: (at(from), at(to)),
            last_told: self.last_told,
        }
    }

    /// Calls the callback, at once.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when the callback returns `false`.
    pub fn tell(&mut self, fraction: f64, message: &str) -> Result<()> {
        let (low, high) = self.span;
        self.last_told = Some(Instant::now());
        #[cfg(test)]
        silence::look();
        let Some(callback) = &mut self.callback else { return Ok(()) };
        if callback(low + fraction.clamp(0.0, 1.0) * (high - low), message) {
            Ok(())
        } else {
            Err(Error::Cancelled)
        }
    }

    /// Calls the callback if it was not called within the last tick: cheap enough for inner loops.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when the callback returns `false`.
    pub fn tick(&mut self, fraction: f64, message: &str) -> Result<()> {
        match self.last_told {
            Some(told) if told.elapsed() < TICK => Ok(()),
            _ => self.tell(fraction, message),
        }
    }

    /// Runs `task(worker, index, stop)` for every index below `n_tasks`, on one thread per worker,
    /// while this thread calls the callback.
    ///
    /// The assignment of tasks to workers is arbitrary: the result must not depend on it. A long
    /// task must check `stop` from time to time.
    ///
    /// # Errors
    /// The first error of a task, or [`Error::Cancelled`]. A panic in a task continues on this
    /// thread.
    pub fn parallel<W: Send>(
        &mut self,
        message: &str,
        n_tasks: usize,
        workers: &mut [W],
        task: impl Fn(&mut W, usize, &Stop) -> Result<()> + Sync,
    ) -> Result<()> {
        if self.callback.is_none() && (workers.len() == 1 || n_tasks == 1) {
            return (0..n_tasks)
                .try_for_each(|index| task(&mut workers[0], index, &Stop::default()));
        }
        self.tell(0.0, message)?;
        let outcome = match self.alone {
            true => None,
            false => self.work_on_threads(message, n_tasks, workers, &task),
        };
        outcome.unwrap_or_else(|| self.work_here(message, n_tasks, &mut workers[0], &task))?;
        self.tell(1.0, message)
    }

    /// Does the tasks on as many threads as there are workers, or as the system makes; `None` if it
    /// makes none.
    fn work_on_threads<W: Send>(
        &mut self,
        message: &str,
        n_tasks: usize,
        workers: &mut [W],
        task: &(impl Fn(&mut W, usize, &Stop) -> Result<()> + Sync),
    ) -> Option<Result<()>> {
        let stop = Arc::new(AtomicBool::new(false));
        let next = AtomicUsize::new(0);
        let failure = Mutex::new(None);
        let n_threads = threads_with_room(workers.len().min(n_tasks.max(1)), self.room);
        let outcome = std::thread::scope(|scope| {
            let (alive, ended) = mpsc::channel::<()>();
            let spawn = |worker| {
                let (alive, stop) = (alive.clone(), Arc::clone(&stop));
                let (next, failure) = (&next, &failure);
                Builder::new().spawn_scoped(scope, move || {
                    let _alive = alive;
                    let stop = Stop::of(stop);
                    let _stop = StopOnPanic(&stop);
                    work(worker, n_tasks, next, failure, &stop, task);
                })
            };
            let workers = workers.iter_mut().take(n_threads);
            let handles: Vec<_> = workers.map_while(|worker| spawn(worker).ok()).collect();
            if handles.is_empty() {
                return None;
            }
            drop(alive);
            let outcome = self.watch(message, n_tasks, &next, &stop, &ended);
            for handle in handles {
                if let Err(panic) = handle.join() {
                    std::panic::resume_unwind(panic);
                }
            }
            Some(outcome)
        });
        let failure = failure.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        outcome.map(|outcome| outcome.and(failure.map_or(Ok(()), Err)))
    }

    /// Does the tasks on this thread, and calls the callback whenever a task checks for a stop.
    fn work_here<W>(
        &mut self,
        message: &str,
        n_tasks: usize,
        worker: &mut W,
        task: &impl Fn(&mut W, usize, &Stop) -> Result<()>,
    ) -> Result<()> {
        let done = Cell::new(0);
        let mut poll = || self.tick(done.get() as f64 / n_tasks.max(1) as f64, message).is_ok();
        let stop = Stop { poll: Some(RefCell::new(&mut poll)), ..Stop::default() };
        for index in 0..n_tasks {
            done.set(index);
            stop.check()?;
            task(worker, index, &stop)?;
        }
        stop.check()
    }

    /// Runs one task on a separate thread, so that it can be cancelled.
    ///
    /// # Errors
    /// As [`Run::parallel`].
    pub fn with_stop<R: Send>(
        &mut self,
        message: &str,
        task: impl Fn(&Stop) -> Result<R> + Sync,
    ) -> Result<R> {
        let mut found = [None];
        self.parallel(message, 1, &mut found, |found, _, stop| {
            *found = Some(task(stop)?);
            Ok(())
        })?;
        let [found] = found;
        Ok(found.expect("the task has run"))
    }

    /// Makes items on a separate thread, a few ahead of `take`, which handles them here in their
    /// order. If the system makes no thread, both alternate on this one. Each item comes with the
    /// share of the work that is done after it.
    ///
    /// # Errors
    /// The first error of either, or [`Error::Cancelled`]. A panic of `make` continues on this
    /// thread.
    pub(crate) fn ahead<T: Send, E: From<Error>>(
        &mut self,
        message: &str,
        mut make: impl FnMut() -> Result<Option<(f64, T)>> + Send,
        mut take: impl FnMut(T) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let is_alone = self.alone || self.threads < 2 || threads_with_room(1, self.room) == 0;
        let outcome = match is_alone {
            true => None,
            false => self.take_from_thread(message, &mut make, &mut take),
        };
        outcome.unwrap_or_else(|| {
            while let Some((done, item)) = make()? {
                take(item)?;
                self.tick(done, message)?;
            }
            Ok(())
        })
    }

    /// [`Run::ahead`] if the system makes the thread; `None` if it does not.
    fn take_from_thread<T: Send, E: From<Error>>(
        &mut self,
        message: &str,
        make: &mut (impl FnMut() -> Result<Option<(f64, T)>> + Send),
        take: &mut impl FnMut(T) -> std::result::Result<(), E>,
    ) -> Option<std::result::Result<(), E>> {
        std::thread::scope(|scope| {
            let (give, given) = mpsc::sync_channel(AHEAD);
            let maker = Builder::new().spawn_scoped(scope, move || {
                while let Some(item) = make().transpose() {
                    let is_last = item.is_err();
                    // If the other side has failed, nothing takes the item.
                    if give.send(item).is_err() || is_last {
                        return;
                    }
                }
            });
            let maker = maker.ok()?;
            let (mut outcome, mut done) = (Ok(()), 0.0);
            while outcome.is_ok() {
                outcome = match given.recv_timeout(TICK) {
                    Ok(Ok((share, item))) => {
                        done = share;
                        take(item)
                    }
                    Ok(Err(error)) => Err(error.into()),
                    Err(mpsc::RecvTimeoutError::Timeout) => Ok(()),
                    Err(mpsc::RecvTimeoutError::Disconnected) => break,
                };
                outcome = outcome.and_then(|()| self.tick(done, message).map_err(E::from));
            }
            drop(given);
            if let Err(panic) = maker.join() {
                std::panic::resume_unwind(panic);
            }
            Some(outcome)
        })
    }

    /// Waits until every worker has dropped its end of the channel, and calls the callback
    /// meanwhile.
    fn watch(
        &mut self,
        message: &str,
        n_tasks: usize,
        next: &AtomicUsize,
        stop: &AtomicBool,
        ended: &mpsc::Receiver<()>,
    ) -> Result<()> {
        let mut outcome = Ok(());
        while let Err(mpsc::RecvTimeoutError::Timeout) = ended.recv_timeout(TICK) {
            if outcome.is_ok() {
                let done = next.load(Ordering::Relaxed).saturating_sub(1).min(n_tasks);
                outcome = self.tell(done as f64 / n_tasks.max(1) as f64, message);
                if outcome.is_err() {
                    stop.store(true, Ordering::Relaxed);
                }
            }
        }
        outcome
    }
}

/// A run on this thread, within a task of another run: it stops when the other run stops.
pub(crate) fn within<R>(stop: &Stop, body: impl FnOnce(&mut Run) -> R) -> R {
    let mut goes_on = |_: f64, _: &str| !stop.is_set();
    let mut run = Run::new(1, &mut goes_on);
    run.work_alone();
    body(&mut run)
}

/// Stops the other workers when a worker panics: another worker may be waiting for it.
struct StopOnPanic<'a>(&'a Stop<'static>);

impl Drop for StopOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.set();
        }
    }
}

/// One worker's share: takes tasks until there is none left, or a task has failed.
fn work<W>(
    worker: &mut W,
    n_tasks: usize,
    next: &AtomicUsize,
    failure: &Mutex<Option<Error>>,
    stop: &Stop,
    task: &(impl Fn(&mut W, usize, &Stop) -> Result<()> + Sync),
) {
    while !stop.is_set() {
        let index = next.fetch_add(1, Ordering::Relaxed);
        if index >= n_tasks {
            return;
        }
        if let Err(error) = task(worker, index, stop) {
            // Kept before the others are stopped: their errors only say that they were stopped.
            if let Ok(mut first) = failure.lock() {
                first.get_or_insert(error);
            }
            stop.set();
        }
    }
}

/// The flag that tells workers to stop. On a thread that works alone, checking it also calls the
/// run's callback from time to time, and a cancel sets the flag.
#[derive(Default)]
pub struct Stop<'p> {
    flag: Arc<AtomicBool>,
    poll: Option<RefCell<&'p mut dyn FnMut() -> bool>>,
    /// How often it was checked.
    #[cfg(test)]
    pub looks: AtomicUsize,
}

impl Stop<'_> {
    /// A stop for another thread, with the [flag](Stop::flag) of the first.
    pub(crate) fn of(flag: Arc<AtomicBool>) -> Stop<'static> {
        Stop { flag, ..Stop::default() }
    }

    /// Asks every worker to stop.
    fn set(&self) {
        self.flag.store(true, Ordering::Relaxed);
    }

    /// Whether to stop.
    pub fn is_set(&self) -> bool {
        #[cfg(test)]
        {
            self.looks.fetch_add(1, Ordering::Relaxed);
            silence::look();
        }
        if let Some(poll) = &self.poll {
            // A callback that checks for a stop itself is not called again.
            if poll.try_borrow_mut().is_ok_and(|mut goes_on| !goes_on()) {
                self.set();
            }
        }
        self.flag.load(Ordering::Relaxed)
    }

    /// The flag itself, for other threads: checking it does not call the callback.
    pub(crate) fn flag(&self) -> &Arc<AtomicBool> {
        &self.flag
    }

    /// [`Error::Cancelled`] when asked to stop.
    pub fn check(&self) -> Result<()> {
        if self.is_set() {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }
}

fn resolve_threads(threads: usize) -> usize {
    match threads {
        0 => std::thread::available_parallelism().map_or(1, |cores| cores.get()),
        n => n.min(MAX_THREADS),
    }
}

/// The longest time in which a working thread neither checked for a stop nor called the callback.
#[cfg(test)]
pub(crate) mod silence {
    use std::cell::Cell;
    use std::sync::Mutex;
    use std::time::{Duration, Instant};

    thread_local!(static LAST: Cell<Option<Instant>> = const { Cell::new(None) });
    static LONGEST: Mutex<Duration> = Mutex::new(Duration::ZERO);

    /// Notes that this thread has checked.
    pub fn look() {
        let now = Instant::now();
        if let Some(last) = LAST.replace(Some(now)) {
            let mut longest = LONGEST.lock().unwrap();
            *longest = longest.max(now - last);
        }
    }

    /// The longest silence of a task; it must be alone in its process.
    pub fn of(task: impl FnOnce()) -> Duration {
        *LONGEST.lock().unwrap() = Duration::ZERO;
        LAST.set(Some(Instant::now()));
        task();
        look();
        *LONGEST.lock().unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_stops_the_others_and_continues_here() {
        let waits_for_stop = |_: &mut (), index: usize, stop: &Stop| {
            if index == 0 {
                panic!("the first task fails");
            }
            while !stop.is_set() {
                std::thread::yield_now();
            }
            Ok(())
        };
        let run = || Run::silent(2).parallel("working", 2, &mut [(), ()], waits_for_stop);
        assert!(std::panic::catch_unwind(run).is_err());
    }

    #[test]
    fn a_thread_that_works_alone_tells_and_is_cancelled() {
        let mut told = 0;
        let mut callback = |fraction: f64, _: &str| {
            told += 1;
            fraction < 0.5
        };
        let mut run = Run::new(4, &mut callback);
        run.work_alone();
        let here = std::thread::current().id();
        let mut counts = [0; 4];
        let slow = |count: &mut usize, _: usize, stop: &Stop| {
            assert_eq!(std::thread::current().id(), here);
            *count += 1;
            std::thread::sleep(TICK);
            stop.check()
        };
        assert_eq!(run.parallel("working", 10, &mut counts, slow), Err(Error::Cancelled));
        // On a busy machine the callback is called more often, and may cancel before the sixth task
        // begins.
        assert!(matches!(counts, [5 | 6, 0, 0, 0]) && told >= 7, "{counts:?}, told {told} times");
    }

    #[test]
    fn a_run_within_a_task_stops_with_it() {
        let stop = Stop::default();
        let flag = Arc::clone(stop.flag());
        let outcome = within(&stop, |run| {
            run.parallel("working", 10, &mut [()], |(), index, own| {
                assert!(index <= 3, "task {index} was begun");
                if index == 3 {
                    flag.store(true, Ordering::Relaxed);
                    // The flag is checked only once in a while.
                    std::thread::sleep(2 * TICK);
                }
                own.check()
            })
        });
        assert_eq!(outcome, Err(Error::Cancelled));
        assert_eq!(within(&Stop::default(), |run| run.with_stop("working", |_| Ok(7))), Ok(7));
    }

    /// Threads need memory of their own: if it is not there, the calling thread works.
    #[test]
    fn no_thread_is_made_that_leaves_too_little_memory() {
        let here = std::thread::current().id();
        let works_here = |room: usize| {
            let mut callback = |_: f64, _: &str| true;
            let mut run = Run::new(2, &mut callback);
            run.keep_room(room);
            run.with_stop("working", |_| Ok(std::thread::current().id() == here)).unwrap()
        };
        assert!(!works_here(0));
        assert_eq!(
            works_here(usize::MAX),
            cfg!(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))
        );
    }

    #[test]
    fn items_that_are_made_ahead_come_in_order_and_end_with_an_error_of_either_side() {
        for threads in [1, 4] {
            let mut n = 0;
            let mut make = || {
                n += 1;
                Ok((n <= 100).then_some((f64::from(n) / 100.0, n)))
            };
            let mut taken = Vec::new();
            let mut run = Run::silent(threads);
            run.ahead("making", &mut make, |item| {
                taken.push(item);
                Ok::<_, Error>(())
            })
            .unwrap();
            assert!(taken.iter().copied().eq(1..=100));
            n = 0;
            let failing = || {
                n += 1;
                if n < 50 {
                    Ok(Some((0.0, n)))
                } else {
                    Err(Error::Io("made".into()))
                }
            };
            assert_eq!(run.ahead("making", failing, |_| Ok(())), Err(Error::Io("made".into())));
            let taking =
                run.ahead("making", || Ok(Some((0.0, 1))), |_| Err(Error::Io("taken".into())));
            assert_eq!(taking, Err(Error::Io("taken".into())));
            let mut callback = |fraction: f64, _: &str| fraction < 0.5;
            let mut run = Run::new(threads, &mut callback);
            let cancelled = run.ahead("making", || Ok(Some((0.7, 1))), |_| Ok(()));
            assert_eq!(cancelled, Err(Error::Cancelled));
        }
    }

    #[test]
    fn stages_tell_their_part_of_the_whole() {
        let mut told = Vec::new();
        let mut callback = |fraction: f64, _: &str| {
            told.push(fraction);
            fraction < 0.6
        };
        let mut run = Run::new(1, &mut callback);
        assert_eq!(run.stage(0.5, 1.0).stage(0.0, 0.5).tell(0.2, "half of the half"), Ok(()));
        assert_eq!(run.stage(0.5, 1.0).tell(0.5, "three quarters"), Err(Error::Cancelled));
        assert_eq!(told, [0.55, 0.75]);
    }
}
