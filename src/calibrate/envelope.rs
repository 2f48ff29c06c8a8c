//! Symmetric systems of equations, most of whose elements are zero.

/// The lower half of a symmetric matrix, of each row from its first element that is not zero.
#[derive(Clone)]
pub(super) struct Envelope {
    first: Vec<usize>,
    rows: Vec<Vec<f64>>,
}

impl Envelope {
    pub(super) fn zero(first: &[usize]) -> Self {
        let rows = first.iter().enumerate().map(|(i, &first)| vec![0.0; i + 1 - first]).collect();
        Self { first: first.to_vec(), rows }
    }

    pub(super) fn add(&mut self, i: usize, j: usize, value: f64) {
        self.rows[i][j - self.first[i]] += value;
    }

    pub(super) fn damped(&self, damping: f64) -> Self {
        let mut damped = self.clone();
        for row in &mut damped.rows {
            if let Some(diagonal) = row.last_mut() {
                *diagonal *= 1.0 + damping;
            }
        }
        damped
    }

    /// Solves the system, which must be positive definite, by Cholesky's decomposition.
    pub(super) fn solve(mut self, right: &[f64]) -> Vec<f64> {
        let count = self.rows.len();
        let mut solution = right.to_vec();
        for i in 0..count {
            let (above, from_here) = self.rows.split_at_mut(i);
            let row = &mut from_here[0];
            let first = self.first[i];
            for j in first..i {
                let other = &above[j];
                let from = first.max(self.first[j]);
                let sum = row[j - first]
                    - dot(&row[from - first..j - first], &other[from - self.first[j]..j - self.first[j]]);
                row[j - first] = sum / other[j - self.first[j]];
            }
            let before = &row[..i - first];
            // The priors keep the matrix positive definite; the floor is for rounding.
            let diagonal = (row[i - first] - dot(before, before)).max(1e-12).sqrt();
            solution[i] = (solution[i] - dot(before, &solution[first..i])) / diagonal;
            row[i - first] = diagonal;
        }
        for i in (0..count).rev() {
            let (first, row) = (self.first[i], &self.rows[i]);
            solution[i] /= row[i - first];
            let known = solution[i];
            for (value, below) in solution[first..i].iter_mut().zip(row) {
                *value -= below * known;
            }
        }
        solution
    }
}

/// The scalar product, in four sums that a processor can form at once; always in the same order.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (a_fours, b_fours) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = a_fours.remainder().iter().zip(b_fours.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a_fours.zip(b_fours) {
        for at in 0..4 {
            sums[at] += a[at] * b[at];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_positive_definite_system_is_solved() {
        let mut matrix = Envelope::zero(&[0, 1, 0, 0, 2, 1]);
        let mut whole = [[0.0; 6]; 6];
        for (i, first) in matrix.first.clone().into_iter().enumerate() {
            matrix.add(i, i, 5.0);
            whole[i][i] = 5.0;
            for j in first..i {
                let value = 0.15 * (i + j) as f64;
                matrix.add(i, j, value);
                for (row, column) in [(i, j), (j, i)] {
                    whole[row][column] = value;
                }
            }
        }
        let right = [1.0, 2.0, 3.0, -1.0, 0.5, 4.0];
        let solution = matrix.solve(&right);
        for (row, expected) in whole.iter().zip(right) {
            let product: f64 = row.iter().zip(&solution).map(|(a, b)| a * b).sum();
            assert!((product - expected).abs() < 1e-12);
        }
    }
}
