//! Numbers of the whole range: one of them, shares, rankings and tables.

use super::Answered;
use super::format::{cut, number};
use super::svg::{Frame, Svg, color, px};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One number, in the colour that its panel gives it.
pub fn stat(svg: &mut Svg, frame: Frame, panel: &Answered<'_>) {
    let value = panel.queries[0].1.values().copied().next().unwrap_or_default();
    let defaults = &panel.json["fieldConfig"]["defaults"];
    let steps = defaults["thresholds"]["steps"].as_array().into_iter().flatten();
    let mut reached = steps.filter(|step| step["value"].as_f64().is_none_or(|from| value >= from));
    let name = reached.next_back().unwrap_or(&defaults["color"]);
    let name = name["color"].as_str().or(name["fixedColor"].as_str()).unwrap_or_default();
    let fill = match name {
        "orange" => "#b35c12",
        "red" => "#b42318",
        "green" => "#2f7d4f",
        _ => "#2c5a9c",
    };
    let y = frame.y + frame.h / 2.0 + 10.0;
    svg.colored(frame.x, y, "big", fill, &number(value, panel.unit()));
}

/// The label and number of each series, the greatest first.
fn sorted(panel: &Answered<'_>) -> Vec<(String, f64)> {
    let points = panel.queries[0].1.iter().map(|((label, _), value)| (label.clone(), *value));
    let mut sorted: Vec<_> = points.collect();
    sorted.sort_by(|a, b| b.1.total_cmp(&a.1));
    sorted
}

/// A label has its colour by its name, as in the charts.
fn colors(panel: &Answered<'_>) -> BTreeMap<String, &'static str> {
    panel.series().into_keys().enumerate().map(|(index, name)| (name, color(index))).collect()
}

/// A ring of shares, with a legend.
pub fn shares(svg: &mut Svg, frame: Frame, panel: &Answered<'_>) {
    let (sorted, colors) = (sorted(panel), colors(panel));
    #[expect(clippy::cast_precision_loss, reason = "a few rows")]
    let legend = 17.0 * sorted.len() as f64 + 6.0;
    let radius = ((frame.h - legend) / 2.0).min(frame.w / 2.0).max(20.0);
    let (x, y) = (frame.x + frame.w / 2.0, frame.y + radius);
    let whole: f64 = sorted.iter().map(|(_, value)| value).sum();
    let mut turned = 0.0;
    for (name, value) in &sorted {
        // A whole turn would end where it begins, and show nothing.
        let turn = (value / whole).min(0.9999);
        let at = |turn: f64, radius: f64| {
            let angle = turn * std::f64::consts::TAU;
            format!("{} {}", px(x + radius * angle.sin()), px(y - radius * angle.cos()))
        };
        let (outer, inner, large) = (px(radius), px(radius * 0.62), u8::from(turn > 0.5));
        let mut path = String::new();
        let _ = write!(
            path,
            "M{}A{outer} {outer} 0 {large} 1 {}L{}A{inner} {inner} 0 {large} 0 {}z",
            at(turned, radius),
            at(turned + turn, radius),
            at(turned + turn, radius * 0.62),
            at(turned, radius * 0.62),
        );
        svg.path(&path, colors[name]);
        turned += turn;
    }
    for (index, (name, value)) in sorted.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a few rows")]
        let y = frame.y + frame.h - legend + 17.0 * (index + 1) as f64;
        svg.rect(Frame { x: frame.x, y: y - 9.0, w: 9.0, h: 9.0 }, colors[name]);
        svg.text(frame.x + 14.0, y, "", &cut(name, frame.w - 140.0, 6.0));
        svg.text(frame.x + frame.w - 52.0, y, "end", &number(*value, panel.unit()));
        svg.text(frame.x + frame.w, y, "quiet end", &number(value / whole, "percentunit"));
    }
}

/// Bars from left to right.
pub fn ranking(svg: &mut Svg, frame: Frame, panel: &Answered<'_>) {
    let (sorted, colors) = (sorted(panel), colors(panel));
    let high = sorted.first().map_or(1.0, |(_, value)| *value);
    #[expect(clippy::cast_precision_loss, reason = "a few rows")]
    let height = (frame.h / sorted.len() as f64).min(46.0);
    let mut y = frame.y;
    for (name, value) in &sorted {
        svg.text(frame.x, y + 12.0, "", &cut(name, frame.w - 70.0, 6.0));
        svg.text(frame.x + frame.w, y + 12.0, "end", &number(*value, panel.unit()));
        let bar =
            Frame { x: frame.x, y: y + 17.0, w: frame.w, h: (height - 25.0).clamp(3.0, 12.0) };
        svg.rect(bar, "#eceff2");
        svg.rect(Frame { w: frame.w * value / high, ..bar }, colors[name]);
        y += height;
    }
}

/// Rows by their label, columns by the queries.
pub fn table(svg: &mut Svg, frame: Frame, panel: &Answered<'_>) {
    let labels: BTreeMap<&String, f64> = panel
        .queries
        .iter()
        .rev()
        .flat_map(|(_, points)| points.iter().map(|((label, _), value)| (label, *value)))
        .collect();
    let mut rows: Vec<_> = labels.into_iter().collect();
    rows.sort_by(|a, b| b.1.total_cmp(&a.1));
    let first = frame.w * if panel.queries.len() > 4 { 0.22 } else { 0.34 };
    #[expect(clippy::cast_precision_loss, reason = "a few columns")]
    let width = (frame.w - first) / panel.queries.len() as f64;
    let right = |column: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a few columns")]
        let column = (column + 1) as f64;
        frame.x + first + width * column
    };
    let by = panel.queries[0].0.by.clone().unwrap_or_default().replace('_', " ");
    svg.text(frame.x, frame.y + 12.0, "head", &by);
    for (column, (question, _)) in panel.queries.iter().enumerate() {
        svg.text(
            right(column),
            frame.y + 12.0,
            "head end",
            &cut(&question.title, width - 6.0, 6.3),
        );
    }
    let mut y = frame.y + 20.0;
    for (label, _) in rows {
        if y + 22.0 > frame.y + frame.h + 6.0 {
            break;
        }
        svg.rect(Frame { x: frame.x, y, w: frame.w, h: 0.5 }, "#e3e6ea");
        svg.text(frame.x, y + 15.0, "", &cut(label, first - 6.0, 6.0));
        for (column, (question, points)) in panel.queries.iter().enumerate() {
            let value = points.iter().find(|((known, _), _)| known == label);
            let value = value.map_or_else(String::new, |(_, value)| number(*value, &question.unit));
            svg.text(right(column), y + 15.0, "end", &value);
        }
        y += 22.0;
    }
}
