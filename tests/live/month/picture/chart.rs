//! Numbers over time, and over the hours of the day.

use super::Answered;
use super::format::{cut, day, number};
use super::svg::{Frame, Svg, color, px};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const DAY: u64 = 86_400;

type Series = BTreeMap<String, BTreeMap<u64, f64>>;

/// The numbers from the bottom of a chart to its top.
struct Axis {
    frame: Frame,
    low: f64,
    high: f64,
}

impl Axis {
    /// Draws the lines of round numbers.
    fn draw(svg: &mut Svg, frame: Frame, (low, high): (f64, f64), unit: &str) -> Self {
        let rough = (high - low).max(1e-9) / 3.0;
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|n| n * power >= rough);
        let step = step.unwrap_or(10.0) * power;
        let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        let axis = Self { frame, low, high };
        let mut at = low;
        while at <= high + step / 2.0 {
            let y = axis.y(at);
            svg.rect(Frame { x: frame.x, y, w: frame.w, h: 0.5 }, "#e3e6ea");
            svg.text(frame.x - 6.0, y + 3.5, "axis end", &number(at, unit));
            at += step;
        }
        axis
    }

    fn y(&self, value: f64) -> f64 {
        self.frame.y + self.frame.h * (1.0 - (value - self.low) / (self.high - self.low))
    }
}

/// The time from the left of a chart to its right.
struct Clock {
    frame: Frame,
    from: u64,
    to: u64,
}

impl Clock {
    #[expect(clippy::cast_precision_loss, reason = "seconds of a month")]
    fn x(&self, at: u64) -> f64 {
        let share = (at as f64 - self.from as f64) / (self.to - self.from) as f64;
        self.frame.x + self.frame.w * share.clamp(0.0, 1.0)
    }

    /// Draws the days, as many as there is room for.
    fn draw(svg: &mut Svg, frame: Frame, from: u64, to: u64) -> Self {
        let clock = Self { frame, from, to };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few labels")]
        let room = (frame.w / 52.0).max(1.0) as u64;
        let every = ((to - from) / DAY).div_ceil(room).max(1);
        for number in from.div_ceil(DAY)..=to / DAY {
            if number.is_multiple_of(every) {
                svg.text(
                    clock.x(number * DAY),
                    frame.y + frame.h + 14.0,
                    "axis middle",
                    &day(number * DAY),
                );
            }
        }
        clock
    }
}

/// Room for the axes and the legend.
fn plot(svg: &mut Svg, frame: Frame, names: &[&String]) -> Frame {
    let mut x = frame.x;
    for (index, name) in names.iter().enumerate() {
        let name = cut(name, 180.0, 6.0);
        #[expect(clippy::cast_precision_loss, reason = "letters of a line")]
        let width = 24.0 + 6.0 * name.chars().count() as f64;
        if x + width > frame.x + frame.w {
            break;
        }
        svg.rect(Frame { x, y: frame.y + frame.h - 9.0, w: 9.0, h: 9.0 }, color(index));
        svg.text(x + 13.0, frame.y + frame.h, "quiet", &name);
        x += width;
    }
    frame.inset(50.0, 4.0, 6.0, 36.0)
}

fn rectangle(path: &mut String, x: f64, y: f64, w: f64, h: f64) {
    let _ = write!(path, "M{} {}h{}v{}h-{}z", px(x), px(y), px(w), px(h), px(w));
}

/// Stacked bars, each from its time on.
pub fn bars(svg: &mut Svg, frame: Frame, panel: &Answered<'_>) {
    let series = panel.series();
    let plot = plot(svg, frame, &series.keys().collect::<Vec<_>>());
    let step = panel.reader.times(&panel.queries[0].0)[0].1;
    let mut heights: BTreeMap<u64, f64> = BTreeMap::new();
    for (at, value) in series.values().flatten() {
        *heights.entry(*at).or_default() += value;
    }
    let high = heights.values().copied().fold(0.0, f64::max);
    let axis = Axis::draw(svg, plot, (0.0, high), panel.unit());
    let clock = Clock::draw(svg, plot, panel.reader.now - panel.reader.range, panel.reader.now);
    let mut below: BTreeMap<u64, f64> = BTreeMap::new();
    for (index, points) in series.values().enumerate() {
        let mut path = String::new();
        for (at, value) in points {
            let from = below.entry(*at).or_default();
            let (left, right) = (clock.x(*at), clock.x(at + step));
            let (low, top) = (axis.y(*from), axis.y(*from + value));
            let width = (right - left) * 0.9;
            if width > 0.05 && low - top > 0.05 {
                rectangle(&mut path, left, top, width.max(0.6), low - top);
            }
            *from += value;
        }
        svg.path(&path, color(index));
    }
}

/// Lines, broken where there is nothing.
pub fn lines(svg: &mut Svg, frame: Frame, panel: &Answered<'_>) {
    let series: Series = panel.series();
    let plot = plot(svg, frame, &series.keys().collect::<Vec<_>>());
    let step = panel.reader.times(&panel.queries[0].0)[0].1;
    let values = || series.values().flatten().map(|(_, value)| *value);
    let bounds = (values().fold(0.0, f64::min), values().fold(0.0, f64::max));
    let axis = Axis::draw(svg, plot, bounds, panel.unit());
    let clock = Clock::draw(svg, plot, panel.reader.now - panel.reader.range, panel.reader.now);
    for (index, points) in series.values().enumerate() {
        let (mut path, mut last) = (String::new(), None);
        for (at, value) in points {
            let joined = last.is_some_and(|last| at - last <= step);
            // A point alone is a dot: a line to itself.
            let (x, y) = (px(clock.x(*at)), px(axis.y(*value)));
            let _ = if joined { write!(path, "L{x} {y}") } else { write!(path, "M{x} {y}h0") };
            last = Some(*at);
        }
        svg.stroke(&path, color(index), if step >= DAY { 2.0 } else { 1.4 });
    }
}

/// One bar for each hour of the day.
pub fn hours(svg: &mut Svg, frame: Frame, panel: &Answered<'_>) {
    let plot = frame.inset(50.0, 4.0, 6.0, 20.0);
    let points = &panel.queries[0].1;
    let high = points.values().copied().fold(0.0, f64::max);
    let axis = Axis::draw(svg, plot, (0.0, high), panel.unit());
    let width = plot.w / 24.0;
    let mut path = String::new();
    for ((hour, _), value) in points {
        let x = plot.x + width * hour.parse::<f64>().expect("an hour");
        let top = axis.y(*value);
        if axis.y(0.0) - top > 0.05 {
            rectangle(&mut path, x + width * 0.1, top, width * 0.8, axis.y(0.0) - top);
        }
    }
    svg.path(&path, color(0));
    for hour in [0.0, 4.0, 8.0, 12.0, 16.0, 20.0] {
        let x = plot.x + width * (hour + 0.5);
        svg.text(x, plot.y + plot.h + 14.0, "axis middle", &format!("{hour:02}"));
    }
}
