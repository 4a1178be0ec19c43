//! Where panels stand: from left to right, line after line, never over each other.
//!
//! May not know what panels show.

use crate::artifact::dashboard::Position;

/// Grafana's grid has this many columns.
const COLUMNS: u32 = 24;

/// Grid rows that a panel may be high.
const HIGHEST: u32 = 40;

/// Hands out places from top to bottom.
#[derive(Debug, Default)]
pub struct Layout {
    /// The next free column.
    x: u32,
    /// The top of the line.
    y: u32,
    /// The height of the highest panel in the line.
    height: u32,
}

impl Layout {
    /// Places a row's heading below all that was placed.
    pub fn heading(&mut self) -> Position {
        self.end_line();
        let position = Position { x: 0, y: self.y, w: COLUMNS, h: 1 };
        self.y += 1;
        position
    }

    /// Places a panel beside the last one, or on the next line where it does not fit.
    pub fn panel(&mut self, (w, h): (u32, u32)) -> Position {
        if self.x + w > COLUMNS {
            self.end_line();
        }
        let position = Position { x: self.x, y: self.y, w, h };
        self.x += w;
        self.height = self.height.max(h);
        position
    }

    const fn end_line(&mut self) {
        self.y += self.height;
        (self.x, self.height) = (0, 0);
    }
}

/// Reads a panel's size: `6x4` is 6 of 24 columns and 4 grid rows.
pub fn size(text: &str) -> Option<(u32, u32)> {
    let (w, h) = text.split_once('x')?;
    let (w, h) = (w.parse().ok()?, h.parse().ok()?);
    ((1..=COLUMNS).contains(&w) && (1..=HIGHEST).contains(&h)).then_some((w, h))
}

#[cfg(test)]
mod tests {
    use super::{Layout, size};
    use crate::artifact::dashboard::Position;
    use proptest::prelude::*;

    #[test]
    fn sizes_fit_the_grid() {
        assert_eq!(size("6x4"), Some((6, 4)));
        for wrong in ["", "6", "0x4", "25x4", "6x0", "6x41", "6 x 4", "-1x4", "6x4x1"] {
            assert_eq!(size(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_line_is_as_high_as_its_highest_panel() {
        let mut layout = Layout::default();
        assert_eq!(layout.heading(), Position { x: 0, y: 0, w: 24, h: 1 });
        assert_eq!(layout.panel((16, 8)), Position { x: 0, y: 1, w: 16, h: 8 });
        assert_eq!(layout.panel((8, 4)), Position { x: 16, y: 1, w: 8, h: 4 });
        assert_eq!(layout.panel((1, 2)), Position { x: 0, y: 9, w: 1, h: 2 });
        assert_eq!(layout.heading().y, 11);
    }

    proptest! {
        #[test]
        fn nothing_overlaps_or_leaves_the_grid(
            panels in prop::collection::vec((any::<bool>(), 1_u32..=24, 1_u32..=40), 0..60)
        ) {
            let mut layout = Layout::default();
            let place = |(heading, w, h)| {
                if heading { layout.heading() } else { layout.panel((w, h)) }
            };
            let placed: Vec<Position> = panels.into_iter().map(place).collect();
            for (index, one) in placed.iter().enumerate() {
                prop_assert!(one.x + one.w <= 24);
                for other in &placed[..index] {
                    prop_assert!(!one.overlaps(other), "{one:?} {other:?}");
                }
            }
        }
    }
}
