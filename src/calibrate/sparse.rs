//! Symmetric systems of equations, most of whose elements are zero.

/// Which elements of a symmetric matrix may differ from zero, with those that its elimination fills.
///
/// Unknowns are numbered in an order of elimination that fills few: the next is always the one with the fewest others left
/// that it is linked to (minimum degree; Tinney and Walker, 1967).
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// Where each column begins; one more than there are columns.
    starts: Vec<usize>,
    /// The row of each element of the lower half: of each column the diagonal, then those below in rising order.
    rows: Vec<usize>,
}

impl Pattern {
    /// The pattern of unknowns that are linked where they stand in one group, and the unknowns in their new order: those
    /// that stand in any.
    pub(super) fn new(count: usize, groups: &[Vec<usize>]) -> (Vec<usize>, Self) {
        let mut linked = vec![Set::new(count); count];
        for group in groups {
            let mut members = Set::new(count);
            for &at in group {
                members.insert(at);
            }
            for &at in group {
                linked[at].add(&members);
            }
        }
        let mut left: Vec<usize> = (0..count).filter(|&at| linked[at].contains(at)).collect();
        let mut degrees: Vec<usize> = linked.iter().map(Set::len).collect();
        let (mut order, mut columns) = (Vec::with_capacity(left.len()), Vec::with_capacity(left.len()));
        while let Some(next) = (0..left.len()).min_by_key(|&place| (degrees[left[place]], left[place])) {
            let unknown = left.swap_remove(next);
            let mut others = std::mem::replace(&mut linked[unknown], Set::new(0));
            others.remove(unknown);
            for other in others.iter() {
                linked[other].add(&others);
                linked[other].remove(unknown);
                degrees[other] = linked[other].len();
            }
            order.push(unknown);
            columns.push(others);
        }
        let mut number = vec![0; count];
        for (index, &unknown) in order.iter().enumerate() {
            number[unknown] = index;
        }
        let mut pattern = Self { starts: vec![0], rows: Vec::new() };
        for (column, others) in columns.iter().enumerate() {
            let mut below: Vec<usize> = others.iter().map(|other| number[other]).collect();
            below.sort_unstable();
            pattern.rows.push(column);
            pattern.rows.append(&mut below);
            pattern.starts.push(pattern.rows.len());
        }
        (order, pattern)
    }

    /// The place of an element of the lower half, `row >= column`, of two that stand in one group.
    pub(super) fn place(&self, row: usize, column: usize) -> usize {
        let rows = &self.rows[self.starts[column]..self.starts[column + 1]];
        self.starts[column] + rows.partition_point(|&held| held < row)
    }

    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The places of a column below its diagonal.
    fn below(&self, column: usize) -> std::ops::Range<usize> {
        self.starts[column] + 1..self.starts[column + 1]
    }
}

/// A set of small numbers.
#[derive(Clone, Debug)]
struct Set(Vec<u64>);

impl Set {
    fn new(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn insert(&mut self, at: usize) {
        self.0[at / 64] |= 1 << (at % 64);
    }

    fn remove(&mut self, at: usize) {
        self.0[at / 64] &= !(1 << (at % 64));
    }

    fn contains(&self, at: usize) -> bool {
        self.0[at / 64] >> (at % 64) & 1 == 1
    }

    fn add(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(own, other)| *own |= other);
    }

    fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        let of_word = |(index, &word): (usize, &u64)| {
            let mut word = word;
            std::iter::from_fn(move || {
                let bit = word.trailing_zeros() as usize;
                word &= word.checked_sub(1)?;
                Some(64 * index + bit)
            })
        };
        self.0.iter().enumerate().flat_map(of_word)
    }
}

/// A symmetric matrix of a pattern.
#[derive(Clone, Debug)]
pub(super) struct Matrix<'a> {
    pattern: &'a Pattern,
    elements: Vec<f64>,
}

impl<'a> Matrix<'a> {
    pub(super) fn zero(pattern: &'a Pattern) -> Self {
        Self { pattern, elements: vec![0.0; pattern.rows.len()] }
    }

    /// Adds to the element at a place: see [`Pattern::place`].
    pub(super) fn add(&mut self, place: usize, value: f64) {
        self.elements[place] += value;
    }

    pub(super) fn damped(&self, damping: f64) -> Self {
        let mut damped = self.clone();
        for &diagonal in &self.pattern.starts[..self.pattern.len()] {
            damped.elements[diagonal] *= 1.0 + damping;
        }
        damped
    }

    /// Solves the system, which must be positive definite, by Cholesky's decomposition.
    pub(super) fn solve(mut self, right: &[f64]) -> Vec<f64> {
        self.decompose();
        let Self { pattern, elements } = self;
        let mut solution = right.to_vec();
        for column in 0..pattern.len() {
            solution[column] /= elements[pattern.starts[column]];
            let known = solution[column];
            for place in pattern.below(column) {
                solution[pattern.rows[place]] -= elements[place] * known;
            }
        }
        for column in (0..pattern.len()).rev() {
            let known: f64 =
                pattern.below(column).map(|place| elements[place] * solution[pattern.rows[place]]).sum();
            solution[column] = (solution[column] - known) / elements[pattern.starts[column]];
        }
        solution
    }

    /// Replaces the elements by those of the factor, column by column from the left.
    fn decompose(&mut self) {
        let Pattern { starts, rows } = self.pattern;
        let elements = &mut self.elements;
        let mut of_column = vec![0.0; self.pattern.len()];
        // Columns that are done, by the next row in which they have an element, with its place.
        let mut waiting: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.pattern.len()];
        for column in 0..self.pattern.len() {
            let places = starts[column]..starts[column + 1];
            for place in places.clone() {
                of_column[rows[place]] = elements[place];
            }
            for (done, from) in std::mem::take(&mut waiting[column]) {
                let factor = elements[from];
                for place in from..starts[done + 1] {
                    of_column[rows[place]] -= factor * elements[place];
                }
                if from + 1 < starts[done + 1] {
                    waiting[rows[from + 1]].push((done, from + 1));
                }
            }
            // The priors keep the matrix positive definite; the floor is for rounding.
            let diagonal = of_column[column].max(1e-12).sqrt();
            elements[places.start] = diagonal;
            for place in self.pattern.below(column) {
                elements[place] = of_column[rows[place]] / diagonal;
            }
            if let Some(first) = self.pattern.below(column).next() {
                waiting[rows[first]].push((column, first));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_positive_definite_system_is_solved() {
        // A ring, whose elimination fills elements that no group has, two that share all, and one that stands in none.
        let groups = [vec![0, 1], vec![1, 2, 7], vec![2, 3], vec![3, 4], vec![4, 5], vec![5, 0]];
        let (order, pattern) = Pattern::new(8, &groups);
        assert_eq!(order.len(), 7);
        assert!(!order.contains(&6));
        let number = |unknown: usize| order.iter().position(|&it| it == unknown).unwrap();
        let mut matrix = Matrix::zero(&pattern);
        let mut whole = [[0.0; 7]; 7];
        let mut add = |a: usize, b: usize, value: f64| {
            let (row, column) = (number(a).max(number(b)), number(a).min(number(b)));
            matrix.add(pattern.place(row, column), value);
            whole[row][column] += value;
            if row != column {
                whole[column][row] += value;
            }
        };
        for (weight, group) in groups.iter().enumerate() {
            for (at, &a) in group.iter().enumerate() {
                add(a, a, 5.0);
                group[..at].iter().for_each(|&b| add(a, b, 0.3 * (weight + 1) as f64));
            }
        }
        let right = [1.0, 2.0, 3.0, -1.0, 0.5, 4.0, -2.0];
        let solution = matrix.damped(0.0).solve(&right);
        for (row, expected) in whole.iter().zip(right) {
            let product: f64 = row.iter().zip(&solution).map(|(a, b)| a * b).sum();
            assert!((product - expected).abs() < 1e-12, "{product} {expected}");
        }
    }

    #[test]
    fn what_is_linked_to_few_goes_first() {
        // A star: its middle last, so that nothing is filled.
        let groups: Vec<Vec<usize>> = (1..100).map(|at| vec![0, at]).collect();
        let (order, pattern) = Pattern::new(100, &groups);
        assert!(order[98..].contains(&0));
        assert_eq!(pattern.rows.len(), 100 + 99);
    }
}
