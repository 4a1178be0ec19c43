//! Pictures of the dashboards' data for the docs: the month's numbers as Prometheus answers the
//! panels' own queries, laid out as in the dashboards.
//!
//! They are drawings of ours, not screenshots of Grafana, and say so.

mod chart;
mod format;
mod svg;
mod tile;

use super::super::dashboards::Question;
use super::ask::{Points, Reader};
use super::store::Server;
use serde_json::Value;
use std::collections::BTreeMap;
use svg::{Frame, Svg};

/// Pixels of a column of the grid, of a row, and between panels, as in Grafana.
const COLUMN: f64 = 62.0;
const ROW: f64 = 38.0;
const GAP: f64 = 8.0;

/// The heading above the panels.
const HEAD: f64 = 74.0;

/// A panel with what its queries found.
pub struct Answered<'a> {
    pub json: &'a Value,
    pub queries: Vec<(Question, Points)>,
    pub reader: &'a Reader,
}

impl Answered<'_> {
    pub fn title(&self) -> &str {
        self.json["title"].as_str().unwrap_or_default()
    }

    pub fn unit(&self) -> &str {
        self.json["fieldConfig"]["defaults"]["unit"].as_str().unwrap_or_default()
    }

    /// What it says where there is nothing.
    pub fn nothing(&self) -> &str {
        self.json["fieldConfig"]["defaults"]["noValue"].as_str().unwrap_or_default()
    }

    /// Its series by name, in the order of the legend: each point by its time.
    pub fn series(&self) -> BTreeMap<String, BTreeMap<u64, f64>> {
        let mut all: BTreeMap<String, BTreeMap<u64, f64>> = BTreeMap::new();
        for (question, points) in &self.queries {
            for ((label, at), value) in points {
                let name =
                    if question.by.is_some() { label.clone() } else { question.title.clone() };
                all.entry(name).or_default().insert(*at, *value);
            }
        }
        all
    }
}

/// Draws a rendered dashboard as a reader sees it.
pub fn picture(dashboard: &str, reader: &Reader, server: &Server) -> String {
    let document: Value = serde_json::from_str(dashboard).expect("JSON");
    let mut questions = Question::all(dashboard).into_iter();
    let panels = document["panels"].as_array().expect("panels");
    let side = |panel: &Value, side: &str| panel["gridPos"][side].as_f64().expect("a place");
    let bottom = panels.iter().map(|panel| side(panel, "y") + side(panel, "h")).fold(0.0, f64::max);
    let mut svg = Svg::new(24.0 * COLUMN + GAP, HEAD + bottom * ROW + GAP);
    let title = document["title"].as_str().expect("a title");
    svg.text(GAP, 30.0, "title", title);
    let days = reader.range / super::DAY;
    let note = format!(
        "A synthetic month, as Prometheus answers this dashboard's own queries for {days} days up to {}. \
         Drawn by a test; not a screenshot of Grafana.",
        format::moment(reader.now)
    );
    svg.text(GAP, 54.0, "note", &note);
    for json in panels {
        let frame = Frame {
            x: GAP + side(json, "x") * COLUMN,
            y: HEAD + side(json, "y") * ROW,
            w: side(json, "w") * COLUMN - GAP,
            h: side(json, "h") * ROW - GAP,
        };
        if json["type"] == "row" {
            svg.text(frame.x, frame.y + 20.0, "row", json["title"].as_str().expect("a title"));
            continue;
        }
        let targets = json["targets"].as_array().map_or(0, Vec::len);
        let queries = questions.by_ref().take(targets).map(|question| {
            let points = reader.ask(&question, &server.wire, &server.address);
            (question, points)
        });
        let panel = Answered { json, queries: queries.collect(), reader };
        draw(&mut svg, frame, &panel);
    }
    svg.finish()
}

fn draw(svg: &mut Svg, frame: Frame, panel: &Answered<'_>) {
    svg.panel(frame);
    let title = format::cut(panel.title(), frame.w - 20.0, 6.4);
    svg.text(frame.x + 10.0, frame.y + 19.0, "name", &title);
    let inner = frame.inset(10.0, 30.0, 10.0, 8.0);
    if panel.queries.iter().all(|(_, points)| points.is_empty()) {
        for (line, text) in format::wrapped(panel.nothing(), inner.w, 5.8).iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "a few lines")]
            svg.text(inner.x, inner.y + 14.0 + 15.0 * line as f64, "quiet", text);
        }
        return;
    }
    match panel.json["type"].as_str().expect("a kind") {
        "stat" => tile::stat(svg, inner, panel),
        "piechart" => tile::shares(svg, inner, panel),
        "bargauge" => tile::ranking(svg, inner, panel),
        "table" => tile::table(svg, inner, panel),
        "barchart" => chart::hours(svg, inner, panel),
        _ if panel.json["fieldConfig"]["defaults"]["custom"]["drawStyle"] == "bars" => {
            chart::bars(svg, inner, panel);
        }
        _ => chart::lines(svg, inner, panel),
    }
}
