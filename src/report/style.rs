//! Colour, or none: decided once for each stream.

use console::Style as Paint;

/// What comes from elsewhere may hold control characters; a terminal must not obey them.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c })
        .collect()
}

/// Paints text, or leaves it plain.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    colour: bool,
}

impl Style {
    /// Chooses between colour and plain text.
    #[must_use]
    pub const fn new(colour: bool) -> Self {
        Self { colour }
    }

    fn paint(self, paint: Paint, text: &str) -> String {
        paint.force_styling(self.colour).apply_to(text).to_string()
    }

    /// Errors and what is removed.
    #[must_use]
    pub fn red(self, text: &str) -> String {
        self.paint(Paint::new().red(), text)
    }

    /// What is made.
    #[must_use]
    pub fn green(self, text: &str) -> String {
        self.paint(Paint::new().green(), text)
    }

    /// Warnings and what is changed.
    #[must_use]
    pub fn yellow(self, text: &str) -> String {
        self.paint(Paint::new().yellow(), text)
    }

    /// Hints and places.
    #[must_use]
    pub fn cyan(self, text: &str) -> String {
        self.paint(Paint::new().cyan(), text)
    }

    /// Titles.
    #[must_use]
    pub fn bold(self, text: &str) -> String {
        self.paint(Paint::new().bold(), text)
    }

    /// What matters less.
    #[must_use]
    pub fn dim(self, text: &str) -> String {
        self.paint(Paint::new().dim(), text)
    }
}
