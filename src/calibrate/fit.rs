//! A robust maximum a posteriori fit of times that are sums of terms, each scaled by a product of factors.
//!
//! A row's time is `t = Σ_j s_j · exp(Σ_k w_jk · θ_k)`, with `s_j` seconds that follow from bytes and counts
//! and `θ` the logarithms of the factors. Each `θ_k` has a normal prior, which is what shrinks a chip with few
//! rows towards its family and a family towards its backend. Residuals are those of the logarithm of the
//! time, with Cauchy's loss: the further off a row is, the less it pulls, so that throttled cards, slow hosts and
//! misnamed runs do not bend their families. Fitting starts under Huber's loss, which has one minimum.
//! Solved by Levenberg and Marquardt's method on the normal equations.

use std::collections::BTreeMap;

use super::sparse::{Matrix, Pattern};

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
    /// Residuals of the logarithm well beyond this hardly count.
    pub scale: f64,
    /// The scatter of the logarithm that is expected of honest measurements.
    pub sigma: f64,
    pub iterations: u32,
    /// The fit ends with the first step that gains less.
    pub least_gain: f64,
}

/// How a residual counts by its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Squared up to the scale, in proportion beyond.
    Huber,
    /// Squared well below the scale, logarithmic beyond.
    Cauchy,
}

impl Loss {
    fn of(self, residual: f64, scale: f64) -> f64 {
        let size = residual.abs();
        match self {
            Self::Huber if size <= scale => 0.5 * size * size,
            Self::Huber => scale * (size - 0.5 * scale),
            Self::Cauchy => 0.5 * scale * scale * (size / scale).powi(2).ln_1p(),
        }
    }

    /// What a residual counts of one whose square would count.
    fn trust(self, residual: f64, scale: f64) -> f64 {
        let size = residual.abs();
        match self {
            Self::Huber if size <= scale => 1.0,
            Self::Huber => scale / size,
            Self::Cauchy => 1.0 / (1.0 + (size / scale).powi(2)),
        }
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

/// The parameters that explain `rows` best, starting from `start`. Those that no row bears on have their prior's
/// mean.
///
/// The result depends on its arguments alone: no randomness, no threads.
#[must_use]
pub fn fit(rows: &[&FitRow], priors: &[Prior], start: &[f64], loss: Loss, options: FitOptions) -> Vec<f64> {
    let system = System::new(rows, priors, loss, options);
    let mut theta: Vec<f64> = system.places.iter().map(|&at| start[at]).collect();
    let mut objective = system.objective(&theta);
    let mut damping = 1e-3;
    for _ in 0..options.iterations {
        let (matrix, gradient) = system.normal_equations(&theta);
        let mut improved = None;
        for _ in 0..8 {
            let step = matrix.damped(damping).solve(&gradient);
            let next: Vec<f64> =
                theta.iter().zip(&step).map(|(value, step)| value - step.clamp(-0.5, 0.5)).collect();
            let reached = system.objective(&next);
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
        if gain < options.least_gain {
            break;
        }
    }
    let mut all: Vec<f64> = priors.iter().map(|prior| prior.mean).collect();
    for (&at, value) in system.places.iter().zip(theta) {
        all[at] = value;
    }
    all
}

/// The rows and the parameters that they bear on, in the order of the matrix.
struct System {
    /// Of each parameter its place among all.
    places: Vec<usize>,
    priors: Vec<Prior>,
    rows: Vec<SystemRow>,
    /// Of the matrix: parameters are linked that share a row.
    pattern: Pattern,
    loss: Loss,
    options: FitOptions,
}

struct SystemRow {
    /// In rising order.
    parameters: Vec<usize>,
    /// Of each parameter with each up to it, the place in the matrix.
    matrix_places: Vec<usize>,
    /// Seconds, and exponents by position in `parameters`.
    terms: Vec<(f64, Vec<(usize, f64)>)>,
    log_measured: f64,
    weight: f64,
}

impl System {
    fn new(rows: &[&FitRow], priors: &[Prior], loss: Loss, options: FitOptions) -> Self {
        let parameters_of = |row: &FitRow| -> Vec<usize> {
            let all = row.terms.iter().flat_map(|term| term.parameters.iter().map(|&(at, _)| at));
            let mut parameters: Vec<usize> = all.collect();
            parameters.sort_unstable();
            parameters.dedup();
            parameters
        };
        let linked: Vec<Vec<usize>> = rows.iter().map(|row| parameters_of(row)).collect();
        let (places, pattern) = Pattern::new(priors.len(), &linked);
        let mut number = vec![usize::MAX; priors.len()];
        for (index, &at) in places.iter().enumerate() {
            number[at] = index;
        }
        let rows: Vec<SystemRow> = rows
            .iter()
            .zip(&linked)
            .map(|(row, linked)| {
                let mut parameters: Vec<usize> = linked.iter().map(|&at| number[at]).collect();
                parameters.sort_unstable();
                let pairs = parameters
                    .iter()
                    .enumerate()
                    .flat_map(|(i, &row)| parameters[..=i].iter().map(move |&column| (row, column)));
                let matrix_places = pairs.map(|(row, column)| pattern.place(row, column)).collect();
                let position = |at: usize| parameters.partition_point(|&held| held < number[at]);
                let terms = row.terms.iter().map(|term| {
                    let exponents =
                        term.parameters.iter().map(|&(at, weight)| (position(at), weight)).collect();
                    (term.seconds, exponents)
                });
                let terms = terms.collect();
                let log_measured = row.measured_seconds.ln();
                SystemRow { parameters, matrix_places, terms, log_measured, weight: row.weight }
            })
            .collect();
        let priors = places.iter().map(|&at| priors[at]).collect();
        Self { places, priors, rows, pattern, loss, options }
    }

    fn objective(&self, theta: &[f64]) -> f64 {
        let FitOptions { scale, sigma, .. } = self.options;
        let data: f64 =
            self.rows.iter().map(|row| row.weight * self.loss.of(row.residual(theta), scale)).sum();
        let belief: f64 = self
            .priors
            .iter()
            .zip(theta)
            .map(|(prior, value)| 0.5 * ((value - prior.mean) / prior.deviation).powi(2))
            .sum();
        data / (sigma * sigma) + belief
    }

    /// The Gauss-Newton matrix, row by row, and the gradient.
    fn normal_equations(&self, theta: &[f64]) -> (Matrix<'_>, Vec<f64>) {
        let FitOptions { scale, sigma, .. } = self.options;
        let mut matrix = Matrix::zero(&self.pattern);
        let mut gradient = vec![0.0; theta.len()];
        for (at, prior) in self.priors.iter().enumerate() {
            let precision = 1.0 / (prior.deviation * prior.deviation);
            matrix.add(self.pattern.place(at, at), precision);
            gradient[at] = (theta[at] - prior.mean) * precision;
        }
        for row in &self.rows {
            let mut slope = vec![0.0; row.parameters.len()];
            let total: f64 = row.terms.iter().map(|term| row.seconds(term, theta)).sum();
            for term in &row.terms {
                let share = row.seconds(term, theta) / total;
                for &(at, weight) in &term.1 {
                    slope[at] += weight * share;
                }
            }
            let error = total.ln() - row.log_measured;
            let weight = row.weight * self.loss.trust(error, scale) / (sigma * sigma);
            let mut places = row.matrix_places.iter();
            for (i, &a) in slope.iter().enumerate() {
                gradient[row.parameters[i]] += weight * a * error;
                for (&b, &place) in slope[..=i].iter().zip(&mut places) {
                    matrix.add(place, weight * a * b);
                }
            }
        }
        (matrix, gradient)
    }
}

impl SystemRow {
    fn seconds(&self, term: &(f64, Vec<(usize, f64)>), theta: &[f64]) -> f64 {
        let exponent: f64 = term.1.iter().map(|&(at, weight)| weight * theta[self.parameters[at]]).sum();
        term.0 * exponent.exp()
    }

    fn residual(&self, theta: &[f64]) -> f64 {
        let total: f64 = self.terms.iter().map(|term| self.seconds(term, theta)).sum();
        total.ln() - self.log_measured
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    const OPTIONS: FitOptions = FitOptions { scale: 0.06, sigma: 0.06, iterations: 40, least_gain: 1e-3 };

    const PRIORS: [Prior; 4] = [
        Prior { mean: 0.0, deviation: 1.0 },
        Prior { mean: 0.0, deviation: 0.3 },
        Prior { mean: 0.0, deviation: 0.3 },
        Prior { mean: 0.0, deviation: 1.0 },
    ];

    fn fitted(rows: &[FitRow]) -> Vec<f64> {
        let rows: Vec<&FitRow> = rows.iter().collect();
        let start = fit(&rows, &PRIORS, &[0.0; 4], Loss::Huber, OPTIONS);
        fit(&rows, &PRIORS, &start, Loss::Cauchy, OPTIONS)
    }

    fn residual_of(row: &FitRow, theta: &[f64]) -> f64 {
        (seconds(&row.terms, theta) / row.measured_seconds).ln()
    }

    #[test]
    fn known_factors_are_found_again() {
        let rows = rows(1.2, [1.1, 0.95], 0.7, false);
        let theta = fitted(&rows);
        for row in &rows {
            assert!(residual_of(row, &theta).abs() < 0.01, "{}", residual_of(row, &theta));
        }
        assert!((theta[3].exp() - 0.7).abs() < 0.02);
    }

    #[test]
    fn one_wild_row_does_not_bend_the_fit() {
        let rows = rows(1.2, [1.1, 0.95], 0.7, true);
        let theta = fitted(&rows);
        for row in &rows[1..] {
            assert!(residual_of(row, &theta).abs() < 0.02, "{}", residual_of(row, &theta));
        }
    }
}
