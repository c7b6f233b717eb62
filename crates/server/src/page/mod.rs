//! What people read: the overview and the work lists as one page to look at or print ([`html()`]),
//! and the lists as a table for a spreadsheet ([`csv()`]). Draws an answer and decides nothing; says
//! references only, as the list gave them. The page needs no script, no network and no other file.

mod changes;
mod comparison;
mod number;
mod overview;
#[cfg(test)]
pub(crate) mod sample;
mod sheet;
mod table;
mod words;

use hjemrute_solver::{Walk, walks};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::{Answer, Comparison};
pub use changes::changes_text;
pub use comparison::Held;
use words::{NB, Words};

const STYLE: &str = include_str!("style.css");

/// The overview and a work list for each carer who is sent out, as one HTML file in Norwegian
/// bokmål. Printed on A4, each list begins a sheet of its own.
///
/// # Panics
/// When the plan names a visit or a carer that its instance does not have; no plan that `verify`
/// accepts does.
pub fn html(answer: &Answer) -> String {
    let walks = walks(&answer.instance, &answer.plan);
    document(answer, &walks, &NB).into_string()
}

/// The work lists as a table with a row for each stop, as Norwegian spreadsheets read it:
/// semicolons, decimal commas, UTF-8 with a byte order mark.
///
/// # Panics
/// Where [`html()`] does.
pub fn csv(answer: &Answer) -> Vec<u8> {
    table::write(answer, &walks(&answer.instance, &answer.plan), &NB)
}

/// One carer's work list as a page by itself; `number` counts from 0 as the plan has them.
///
/// # Panics
/// Where [`html()`] does, and when there is no list of that number.
pub fn sheet_html(answer: &Answer, number: usize) -> String {
    let walks = walks(&answer.instance, &answer.plan);
    frame(answer, &sheet::draw(answer, number, &walks[number], &NB), &NB).into_string()
}

/// One carer's work list as a table by itself, as [`csv()`] writes them all.
///
/// # Panics
/// Where [`sheet_html`] does.
pub fn sheet_csv(answer: &Answer, number: usize) -> Vec<u8> {
    let walks = walks(&answer.instance, &answer.plan);
    table::write(answer, &walks[number..=number], &NB)
}

/// Two plans side by side as lines for a terminal, in Norwegian bokmål.
pub fn comparison_text(comparison: &Comparison) -> String {
    comparison::lines(comparison, &NB)
}

/// Two plans side by side for a data platform: comma-separated, a line for each number.
pub fn comparison_csv(comparison: &Comparison) -> Vec<u8> {
    comparison::table(comparison)
}

/// The figures of the plans that held, for a data platform: comma-separated, a line for each number.
pub fn figures_csv(plans: &[Held<'_>]) -> Vec<u8> {
    comparison::figures(plans)
}

fn document(answer: &Answer, walks: &[Walk<'_>], words: &Words) -> Markup {
    let content = html! {
        (overview::draw(answer, walks, words))
        @for (number, walk) in walks.iter().enumerate() {
            @if !walk.steps.is_empty() {
                (sheet::draw(answer, number, walk, words))
            }
        }
    };
    frame(answer, &content, words)
}

/// The page around its content.
fn frame(answer: &Answer, content: &Markup, words: &Words) -> Markup {
    let date = (words.date)(answer.day.date());
    html! {
        (DOCTYPE)
        html lang=(words.lang) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (words.title) " " (date) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#innhold" { (words.skip) }
                main #innhold tabindex="-1" { (content) }
            }
        }
    }
}

/// The anchor of a carer's sheet, by the carer's position: ids of the list may hold anything.
fn anchor(number: usize) -> String {
    format!("liste-{}", number + 1)
}

/// The head of a table. Roles are said aloud because narrow screens draw rows as blocks, and
/// browsers then forget that they were rows.
fn head(columns: &[&str]) -> Markup {
    html! {
        thead role="rowgroup" {
            tr role="row" {
                @for column in columns {
                    th role="columnheader" scope="col" { (column) }
                }
            }
        }
    }
}

/// A cell that carries its column's name to where the head is not drawn.
fn cell(column: &str, content: &Markup) -> Markup {
    html! { td role="cell" data-label=(column) { (content) } }
}

#[cfg(test)]
mod tests;
