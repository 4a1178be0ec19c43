//! Cuts a time into pieces whose samples fit into one answer.

/// A day, in seconds.
pub const DAY: i64 = 86_400;

/// How many samples an answer should have: about thirty bytes each.
const MOST: f64 = 400_000.0;

/// The shortest piece, in seconds.
const SHORTEST: i64 = 60;

/// A piece of time, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it begins.
    pub from: i64,
    /// Where it ends.
    pub to: i64,
}

/// Makes pieces of days, each told by its end and how many samples it has.
#[must_use]
pub fn pieces(days: &[(i64, f64)]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut held = 0.0;
    for (end, samples) in days.iter().filter(|(_, samples)| *samples > 0.0) {
        let (from, to) = (end - DAY, *end);
        let last = pieces.last_mut();
        if let Some(last) = last.filter(|last| last.to == from && held + samples <= MOST) {
            last.to = to;
            held += samples;
        } else {
            pieces.extend(cut(from, to, *samples));
            held = *samples;
        }
    }
    pieces
}

/// Cuts a day evenly: busy hours may well hold twice their share.
fn cut(from: i64, to: i64, samples: f64) -> impl Iterator<Item = Piece> {
    let mut length = to - from;
    let mut share = samples;
    while share > MOST && length > SHORTEST {
        length = (length / 2).max(SHORTEST);
        share /= 2.0;
    }
    let starts = (from..to).step_by(usize::try_from(length).unwrap_or(1));
    starts.map(move |start| Piece { from: start, to: (start + length).min(to) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_days_are_one_piece_and_busy_ones_many() {
        let few = [(DAY, 10.0), (2 * DAY, 20.0), (4 * DAY, 5.0), (5 * DAY, 0.0)];
        let piece = |from, to| Piece { from, to };
        assert_eq!(pieces(&few), [piece(0, 2 * DAY), piece(3 * DAY, 4 * DAY)]);
        let many = pieces(&[(DAY, 1_000_000.0)]);
        assert_eq!((many.len(), many[1]), (4, piece(DAY / 4, DAY / 2)));
        assert_eq!(many.last(), Some(&piece(DAY / 4 * 3, DAY)));
        assert_eq!(pieces(&[(DAY, 1e15)]).len(), 1440);
    }
}
