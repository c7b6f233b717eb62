//! The same work on many items by several threads. The items share nothing, so it makes no
//! difference how many threads there are or which takes what. Knows nothing of what the work is.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// What `work` makes of each item, in the order of the items. Items are begun in their order; the
/// work is told the item's place in it.
pub(crate) fn side_by_side<T: Send, R: Send>(
    items: Vec<T>,
    threads: usize,
    work: impl Fn(usize, T) -> R + Sync,
) -> Vec<R> {
    if threads <= 1 || items.len() <= 1 {
        return items.into_iter().enumerate().map(|(at, item)| work(at, item)).collect();
    }
    let threads = threads.min(items.len());
    let next = AtomicUsize::new(0);
    let todo: Vec<Mutex<Option<T>>> =
        items.into_iter().map(|item| Mutex::new(Some(item))).collect();
    let take = || {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let item = todo.get(at)?.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some((at, item))
    };
    let stretch = || -> Vec<(usize, R)> {
        std::iter::from_fn(take).map(|(at, item)| (at, work(at, item))).collect()
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(stretch)).collect();
        let own = stretch();
        let others = others.into_iter().flat_map(|thread| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        own.into_iter().chain(others).collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_done_once_and_in_order() {
        for threads in [0, 1, 2, 3, 8] {
            let squares = side_by_side((0..20u64).collect(), threads, |at, item| {
                assert_eq!(at as u64, item);
                item * item
            });
            assert_eq!(squares, (0..20).map(|item| item * item).collect::<Vec<u64>>());
        }
    }
}
