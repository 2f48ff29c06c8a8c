//! A robust maximum a posteriori fit of times that are sums of terms, each scaled by a product of factors.
//!
//! A row's time is `t = Σ_j s_j · exp(Σ_k w_jk · θ_k)`, with `s_j` seconds that follow from bytes and counts
//! and `θ` the logarithms of the factors. Each `θ_k` has a normal prior, which is what shrinks a chip with few
//! rows towards its family and a family towards its backend. Residuals are those of the logarithm of the
//! time, with Huber's loss, so that old builds and throttled cards pull no harder than they must.
//! Solved by Levenberg and Marquardt's method on the normal equations.

use std::collections::BTreeMap;

/// One term of a row's time.
#[derive(Clone, Debug)]
pub struct FitTerm {
    pub seconds: f64,
    /// Parameters by index, with their weights in the exponent.
    pub parameters: Vec<(usize, f64)>,
}

/// One measured time.
#[derive(Clone, Debug)]
pub struct FitRow {
    pub terms: Vec<FitTerm>,
    pub measured_seconds: f64,
    pub weight: f64,
}

/// What is believed of a parameter before any measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    pub mean: f64,
    pub deviation: f64,
}

/// Gives each name a place in the vector of parameters.
#[derive(Clone, Debug, Default)]
pub struct Names {
    index: BTreeMap<String, usize>,
    names: Vec<String>,
}

impl Names {
    pub fn place(&mut self, name: &str) -> usize {
        if let Some(&at) = self.index.get(name) {
            return at;
        }
        let at = self.names.len();
        self.index.insert(name.to_owned(), at);
        self.names.push(name.to_owned());
        at
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, usize)> {
        self.index.iter().map(|(name, &at)| (name.as_str(), at))
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    #[must_use]
    pub fn name(&self, at: usize) -> &str {
        &self.names[at]
    }
}

/// How the fit weighs residuals against priors.
#[derive(Clone, Copy, Debug)]
pub struct FitOptions {
    /// Residuals of the logarithm beyond this count linearly.
    pub huber: f64,
    /// The scatter of the logarithm that is expected of honest measurements.
    pub sigma: f64,
    pub iterations: u32,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self { huber: 0.06, sigma: 0.06, iterations: 40 }
    }
}

/// Seconds that `terms` take with the parameters `theta`.
#[must_use]
pub fn seconds(terms: &[FitTerm], theta: &[f64]) -> f64 {
    terms.iter().map(|term| term_seconds(term, theta)).sum()
}

fn term_seconds(term: &FitTerm, theta: &[f64]) -> f64 {
    let exponent: f64 = term.parameters.iter().map(|&(at, weight)| weight * theta[at]).sum();
    term.seconds * exponent.exp()
}

/// The parameters that explain `rows` best, starting from `start`.
///
/// The result depends on its arguments alone: no randomness, no threads.
#[must_use]
pub fn fit(rows: &[FitRow], priors: &[Prior], start: &[f64], options: FitOptions) -> Vec<f64> {
    let count = priors.len();
    let mut theta = start.to_vec();
    let mut objective = objective_of(rows, priors, &theta, options);
    let mut damping = 1e-3;
    for _ in 0..options.iterations {
        let (mut hessian, gradient) = normal_equations(rows, priors, &theta, options);
        let diagonal: Vec<f64> = (0..count).map(|at| hessian[at * count + at]).collect();
        let mut improved = None;
        for _ in 0..8 {
            for at in 0..count {
                hessian[at * count + at] = diagonal[at] * (1.0 + damping);
            }
            let step = solve(&hessian, &gradient, count);
            let next: Vec<f64> =
                theta.iter().zip(&step).map(|(value, step)| value - step.clamp(-0.5, 0.5)).collect();
            let reached = objective_of(rows, priors, &next, options);
            if reached < objective {
                improved = Some((next, reached));
                break;
            }
            damping *= 4.0;
        }
        let Some((next, reached)) = improved else { break };
        let gain = objective - reached;
        theta = next;
        objective = reached;
        damping = (damping / 3.0).max(1e-6);
        if gain < 1e-3 {
            break;
        }
    }
    theta
}

fn residual(row: &FitRow, theta: &[f64]) -> f64 {
    (seconds(&row.terms, theta) / row.measured_seconds).ln()
}

fn objective_of(rows: &[FitRow], priors: &[Prior], theta: &[f64], options: FitOptions) -> f64 {
    let data: f64 = rows
        .iter()
        .map(|row| {
            let size = residual(row, theta).abs();
            let loss = if size <= options.huber {
                0.5 * size * size
            } else {
                options.huber * (size - 0.5 * options.huber)
            };
            row.weight * loss
        })
        .sum();
    let belief: f64 = priors
        .iter()
        .zip(theta)
        .map(|(prior, value)| 0.5 * ((value - prior.mean) / prior.deviation).powi(2))
        .sum();
    data / (options.sigma * options.sigma) + belief
}

/// The Gauss-Newton matrix, row by row, and the gradient.
fn normal_equations(
    rows: &[FitRow],
    priors: &[Prior],
    theta: &[f64],
    options: FitOptions,
) -> (Vec<f64>, Vec<f64>) {
    let count = priors.len();
    let mut hessian = vec![0.0; count * count];
    let mut gradient = vec![0.0; count];
    for (at, prior) in priors.iter().enumerate() {
        let precision = 1.0 / (prior.deviation * prior.deviation);
        hessian[at * count + at] = precision;
        gradient[at] = (theta[at] - prior.mean) * precision;
    }
    let mut slope: BTreeMap<usize, f64> = BTreeMap::new();
    for row in rows {
        slope.clear();
        let total = seconds(&row.terms, theta);
        for term in &row.terms {
            let share = term_seconds(term, theta) / total;
            for &(at, weight) in &term.parameters {
                *slope.entry(at).or_insert(0.0) += weight * share;
            }
        }
        let error = (total / row.measured_seconds).ln();
        let trust = if error.abs() <= options.huber { 1.0 } else { options.huber / error.abs() };
        let weight = row.weight * trust / (options.sigma * options.sigma);
        for (&i, &a) in &slope {
            gradient[i] += weight * a * error;
            for (&j, &b) in &slope {
                hessian[i * count + j] += weight * a * b;
            }
        }
    }
    (hessian, gradient)
}

/// Solves a symmetric positive definite system by Cholesky's decomposition.
fn solve(matrix: &[f64], right: &[f64], count: usize) -> Vec<f64> {
    let mut lower = matrix.to_vec();
    for i in 0..count {
        for j in 0..=i {
            let mut sum = lower[i * count + j];
            for k in 0..j {
                sum -= lower[i * count + k] * lower[j * count + k];
            }
            lower[i * count + j] = if i == j {
                // The priors keep the matrix positive definite; the floor is for rounding.
                sum.max(1e-12).sqrt()
            } else {
                sum / lower[j * count + j]
            };
        }
    }
    let mut solution = right.to_vec();
    for i in 0..count {
        for k in 0..i {
            solution[i] -= lower[i * count + k] * solution[k];
        }
        solution[i] /= lower[i * count + i];
    }
    for i in (0..count).rev() {
        for k in i + 1..count {
            solution[i] -= lower[k * count + i] * solution[k];
        }
        solution[i] /= lower[i * count + i];
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_positive_definite_system_is_solved() {
        let matrix = [4.0, 2.0, 0.6, 2.0, 5.0, 1.0, 0.6, 1.0, 3.0];
        let solution = solve(&matrix, &[1.0, 2.0, 3.0], 3);
        for (row, expected) in matrix.chunks(3).zip([1.0, 2.0, 3.0]) {
            let product: f64 = row.iter().zip(&solution).map(|(a, b)| a * b).sum();
            assert!((product - expected).abs() < 1e-12);
        }
    }

    /// Rows of two chips: bytes over bandwidth times a shared factor and a chip's own, plus a fixed time.
    fn rows(shared: f64, own: [f64; 2], fixed: f64, outlier: bool) -> Vec<FitRow> {
        let mut rows = Vec::new();
        for (chip, own) in own.iter().enumerate() {
            for bytes in [0.002, 0.005, 0.011, 0.023] {
                let terms = vec![
                    FitTerm { seconds: bytes, parameters: vec![(0, 1.0), (1 + chip, 1.0)] },
                    FitTerm { seconds: 0.001, parameters: vec![(3, 1.0)] },
                ];
                let theta = [shared.ln(), own.ln(), own.ln(), fixed.ln()];
                let mut theta_of_chip = theta;
                theta_of_chip[2 - chip] = 0.0;
                let measured_seconds = seconds(&terms, &theta_of_chip);
                rows.push(FitRow { terms, measured_seconds, weight: 1.0 });
            }
        }
        if outlier {
            rows[0].measured_seconds *= 5.0;
        }
        rows
    }

    const PRIORS: [Prior; 4] = [
        Prior { mean: 0.0, deviation: 1.0 },
        Prior { mean: 0.0, deviation: 0.3 },
        Prior { mean: 0.0, deviation: 0.3 },
        Prior { mean: 0.0, deviation: 1.0 },
    ];

    #[test]
    fn known_factors_are_found_again() {
        let rows = rows(1.2, [1.1, 0.95], 0.7, false);
        let theta = fit(&rows, &PRIORS, &[0.0; 4], FitOptions::default());
        for row in &rows {
            assert!(residual(row, &theta).abs() < 0.01, "{}", residual(row, &theta));
        }
        assert!((theta[3].exp() - 0.7).abs() < 0.02);
    }

    #[test]
    fn one_wild_row_does_not_bend_the_fit() {
        let rows = rows(1.2, [1.1, 0.95], 0.7, true);
        let theta = fit(&rows, &PRIORS, &[0.0; 4], FitOptions::default());
        for row in &rows[1..] {
            assert!(residual(row, &theta).abs() < 0.06, "{}", residual(row, &theta));
        }
    }
}
