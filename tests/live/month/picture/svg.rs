//! Shapes and text of a picture. Knows nothing of panels.

use std::fmt::Write as _;

/// A rectangle in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

impl Frame {
    /// The rectangle inside, by what is left out at each side.
    pub fn inset(self, left: f64, top: f64, right: f64, bottom: f64) -> Self {
        let Self { x, y, w, h } = self;
        Self { x: x + left, y: y + top, w: w - left - right, h: h - top - bottom }
    }
}

/// Colours that people with any sight tell apart; a ninth series has the first again.
const PALETTE: [&str; 8] =
    ["#3b6fb6", "#e08a3c", "#4c9f70", "#b3558c", "#7a6fb0", "#c9a227", "#5aa9c4", "#a0605a"];

const STYLE: &str = "text{font-family:Inter,'Helvetica Neue',Arial,sans-serif;font-size:11px;fill:#1f2328}\
.title{font-size:22px;font-weight:600}.note{font-size:12px;fill:#57606a}.row{font-size:14px;font-weight:600}\
.name{font-size:12px;font-weight:500}.quiet{fill:#6e7781}.axis{font-size:10px;fill:#6e7781}\
.head{font-weight:600;fill:#57606a}.end{text-anchor:end}.middle{text-anchor:middle}\
.big{font-size:25px;font-weight:600}";

/// A picture in the making.
pub struct Svg(String);

/// The colour of a series by its place.
pub fn color(index: usize) -> &'static str {
    PALETTE[index % PALETTE.len()]
}

/// A coordinate: two decimals are plenty, and the same on every machine.
pub fn px(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl Svg {
    pub fn new(width: f64, height: f64) -> Self {
        let (w, h) = (px(width), px(height));
        let head = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\">\n\
             <style>{STYLE}</style>\n<rect width=\"{w}\" height=\"{h}\" fill=\"#f3f4f6\"/>\n"
        );
        Self(head)
    }

    pub fn finish(mut self) -> String {
        self.0.push_str("</svg>\n");
        self.0
    }

    /// Text from its left end, or as the class says.
    pub fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        let (x, y, text) = (px(x), px(y), escaped(text));
        let _ = writeln!(self.0, "<text x=\"{x}\" y=\"{y}\" class=\"{class}\">{text}</text>");
    }

    pub fn colored(&mut self, x: f64, y: f64, class: &str, color: &str, text: &str) {
        let (x, y, text) = (px(x), px(y), escaped(text));
        let _ = writeln!(
            self.0,
            "<text x=\"{x}\" y=\"{y}\" class=\"{class}\" style=\"fill:{color}\">{text}</text>"
        );
    }

    pub fn panel(&mut self, frame: Frame) {
        let Frame { x, y, w, h } = frame;
        let [x, y, w, h] = [x, y, w, h].map(px);
        let _ = writeln!(
            self.0,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"3\" fill=\"#fff\" stroke=\"#d9dde2\"/>"
        );
    }

    pub fn rect(&mut self, frame: Frame, color: &str) {
        let Frame { x, y, w, h } = frame;
        let [x, y, w, h] = [x, y, w, h].map(px);
        let _ = writeln!(
            self.0,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" fill=\"{color}\"/>"
        );
    }

    /// Many rectangles of one colour.
    pub fn path(&mut self, path: &str, color: &str) {
        if !path.is_empty() {
            let _ = writeln!(self.0, "<path d=\"{path}\" fill=\"{color}\"/>");
        }
    }

    /// A line through points, `M` and `L`.
    pub fn stroke(&mut self, path: &str, color: &str, width: f64) {
        let width = px(width);
        let _ = writeln!(
            self.0,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>"
        );
    }
}
