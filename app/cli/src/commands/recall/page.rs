//! How a recall stands, as a page for an inspector's file.

use anyhow::{Context as _, Result};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use plotters::prelude::*;

use super::report::{DEPTH_COLUMNS, SITE_COLUMNS, StatusReport};
use crate::words::time;

/// The report as one self-contained HTML page.
pub fn page(report: &StatusReport) -> Result<String> {
    let chart = chart(report)?;
    let title = format!(
        "Recall of {}, class {}",
        report.recall.lot, report.recall.class
    );
    let row = |cells: &[String]| -> Markup {
        html! { tr { @for cell in cells { td { (cell) } } } }
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (title) }
                style { (PreEscaped(
                    "body{font:15px/1.4 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}\
                     table{border-collapse:collapse;width:100%;margin:1em 0}\
                     th,td{border:1px solid #999;padding:.3em .6em;text-align:left;\
                     vertical-align:top}td{overflow-wrap:anywhere}th{background:#eee}"
                )) }
            }
            body {
                h1 { (title) }
                p { "As of " (time(report.made_at)) ", from the ledger's accounts and the sites' signed answers." }
                table {
                    @for (name, value) in report.particulars() {
                        tr { th scope="row" { (name) } td { (value) } }
                    }
                }
                h2 { "Effectiveness over time" }
                (PreEscaped(chart))
                h2 { "Depths" }
                table {
                    tr { @for column in DEPTH_COLUMNS { th scope="col" { (column) } } }
                    @for depth in &report.depths() { (row(depth)) }
                }
                h2 { "Sites" }
                table {
                    tr { @for column in SITE_COLUMNS { th scope="col" { (column) } } }
                    @for site in &report.sites { (row(&site.cells())) }
                }
            }
        }
    };
    Ok(page.into_string())
}

/// Units accounted for, in percent, after each answer: an SVG.
fn chart(report: &StatusReport) -> Result<String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (800, 300)).into_drawing_area();
        let draw = |message| move || format!("the chart cannot be drawn: {message}");
        area.fill(&WHITE).with_context(draw("background"))?;
        let opened = report.recall.opened_at;
        let hours = |at: i64| (at - opened).max(0) as f64 / 3_600.0;
        let end = hours(report.made_at).max(1.0);
        let mut chart = ChartBuilder::on(&area)
            .margin(10)
            .x_label_area_size(40)
            .y_label_area_size(50)
            .build_cartesian_2d(0.0..end, 0.0..100.0)
            .with_context(draw("axes"))?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .x_desc("hours since the opening")
            .y_desc("% accounted for")
            .draw()
            .with_context(draw("mesh"))?;
        // A step at each answer.
        let mut line = Vec::new();
        let mut level = None;
        for &(at, percent) in &report.course {
            line.extend(level.map(|before| (hours(at), before)));
            line.push((hours(at), percent));
            level = Some(percent);
        }
        line.extend(level.map(|percent| (end, percent)));
        chart
            .draw_series(LineSeries::new(line, BLUE.stroke_width(2)))
            .with_context(draw("line"))?;
        area.present().with_context(draw("file"))?;
    }
    Ok(svg)
}
