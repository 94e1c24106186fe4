//! Multinomial logistic regression, by Nesterov's accelerated descent over all rows: no chance is involved, so
//! that the same text gives the same weights.

use revops_core::Header;

/// How many classes there are.
pub(crate) const CLASSES: usize = Header::ALL.len();

/// How many steps are made; by then the scores no longer change.
const STEPS: u32 = 250;

/// A number for each class.
pub(crate) type Sums = [f64; CLASSES];

/// One text: its features' numbers and values, its class, and how much it counts.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Numbers and values.
    pub(crate) features: Vec<(usize, f64)>,
    /// The class's place in [`Header::ALL`].
    pub(crate) class: usize,
    /// How much it counts.
    pub(crate) weight: f64,
}

/// The weights by feature; the last is the bias.
pub(crate) fn fit(rows: &[Row], features: usize, decay: f64) -> Vec<Sums> {
    let mut weights = vec![Sums::default(); features + 1];
    let mut ahead = weights.clone();
    let total: f64 = rows.iter().map(|row| row.weight).sum();
    let step = 1.0 / (decay + longest(rows) / 2.0);
    for number in 0..STEPS {
        let gradient = gradient(rows, &ahead, total, decay);
        let momentum = f64::from(number) / f64::from(number + 3);
        for ((weight, ahead), slope) in weights.iter_mut().zip(&mut ahead).zip(&gradient) {
            for class in 0..CLASSES {
                let next = ahead[class] - step * slope[class];
                ahead[class] = next + momentum * (next - weight[class]);
                weight[class] = next;
            }
        }
    }
    weights
}

/// The squared length of the longest row, bias included.
fn longest(rows: &[Row]) -> f64 {
    let square = |row: &Row| 1.0 + row.features.iter().map(|(_, value)| value * value).sum::<f64>();
    rows.iter().map(square).fold(1.0, f64::max)
}

fn gradient(rows: &[Row], weights: &[Sums], total: f64, decay: f64) -> Vec<Sums> {
    // The bias, which is last, does not decay.
    let mut gradient: Vec<Sums> = weights.iter().map(|sums| sums.map(|weight| weight * decay)).collect();
    let bias = weights.len() - 1;
    gradient[bias] = Sums::default();
    for row in rows {
        let mut sums = weights[bias];
        for (number, value) in &row.features {
            for (sum, weight) in sums.iter_mut().zip(&weights[*number]) {
                *sum += value * weight;
            }
        }
        let mut errors = softmax(sums);
        errors[row.class] -= 1.0;
        let errors = errors.map(|error| error * row.weight / total);
        for (number, value) in row.features.iter().chain([&(bias, 1.0)]) {
            for (slope, error) in gradient[*number].iter_mut().zip(&errors) {
                *slope += value * error;
            }
        }
    }
    gradient
}

fn softmax(sums: Sums) -> Sums {
    let top = sums.into_iter().fold(f64::NEG_INFINITY, f64::max);
    let parts = sums.map(|sum| (sum - top).exp());
    let all: f64 = parts.iter().sum();
    parts.map(|part| part / all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(feature: usize, class: usize) -> Row {
        Row { features: vec![(feature, 1.0)], class, weight: 1.0 }
    }

    #[test]
    fn a_feature_speaks_for_the_class_it_occurs_in() {
        let weights = fit(&[row(0, 0), row(1, 1), row(1, 1)], 2, 1e-3);
        assert!(weights[0][0] > 0.5 && weights[0][1] < -0.1 && weights[1][1] > 0.5, "{weights:?}");
    }

    #[test]
    fn the_same_rows_give_the_same_weights() {
        let rows = [row(0, 0), row(1, 2), row(0, 3)];
        assert_eq!(fit(&rows, 2, 1e-3), fit(&rows, 2, 1e-3));
    }
}
