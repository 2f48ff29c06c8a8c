//! Undo and redo: a history of inputs in which one gesture is one step.

/// States that can be gone back to.
#[derive(Debug)]
pub struct History<T> {
    past: Vec<T>,
    future: Vec<T>,
    /// What the last step was part of.
    gesture: Option<u64>,
}

/// More steps than a person takes back one by one.
const MOST_STEPS: usize = 500;

impl<T> Default for History<T> {
    fn default() -> Self {
        Self { past: Vec::new(), future: Vec::new(), gesture: None }
    }
}

impl<T: PartialEq> History<T> {
    /// Keeps the state before a change. Changes of one gesture, such as dragging a slider, are one step.
    pub fn record(&mut self, before: T, gesture: Option<u64>) {
        self.future.clear();
        let continues = gesture.is_some() && gesture == self.gesture && !self.past.is_empty();
        self.gesture = gesture;
        if continues {
            return;
        }
        if self.past.len() == MOST_STEPS {
            self.past.remove(0);
        }
        self.past.push(before);
    }

    /// The state before the last step, given the present one.
    pub fn undo(&mut self, present: T) -> Option<T> {
        let previous = self.past.pop()?;
        self.gesture = None;
        self.future.push(present);
        Some(previous)
    }

    pub fn redo(&mut self, present: T) -> Option<T> {
        let next = self.future.pop()?;
        self.gesture = None;
        self.past.push(present);
        Some(next)
    }

    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_go_back_and_forth() {
        let mut history = History::default();
        history.record(0, None);
        history.record(1, None);
        assert_eq!(history.undo(2), Some(1));
        assert_eq!(history.undo(1), Some(0));
        assert_eq!(history.undo(0), None);
        assert_eq!(history.redo(0), Some(1));
        assert_eq!(history.redo(1), Some(2));
        assert!(!history.can_redo());
    }

    #[test]
    fn a_gesture_is_one_step() {
        let mut history = History::default();
        for value in 0..10 {
            history.record(value, Some(7));
        }
        history.record(10, Some(8));
        assert_eq!(history.undo(11), Some(10));
        assert_eq!(history.undo(10), Some(0));
        assert!(!history.can_undo());
    }

    #[test]
    fn a_new_change_ends_what_could_be_redone() {
        let mut history = History::default();
        history.record(0, None);
        history.undo(1);
        history.record(0, None);
        assert!(!history.can_redo());
    }
}
