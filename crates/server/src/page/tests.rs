//! The page and the table held against the made-up day.

use hjemrute_solver::Stop;
use hjemrute_travel::{Metres, Seconds};

use super::{comparison_csv, comparison_text, csv, html, sample};
use crate::{Answer, Limits, compare, plan_json};

/// The page as a reader without a screen meets it: text, cells set apart.
fn text(page: &str) -> String {
    let body = page.split_once("<main").expect("a main part").1;
    let mut text = String::new();
    for piece in body.split('<').skip(1) {
        let (tag, words) = piece.split_once('>').expect("a closed tag");
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        text.push_str(match (name, tag.starts_with('/')) {
            ("td" | "th" | "span" | "li" | "dd", true) => " | ",
            ("tr" | "p" | "h1" | "h2" | "dl" | "ul" | "section", true) => "\n",
            _ => "",
        });
        text.push_str(words);
    }
    let lines = text.lines().map(|line| line.trim().trim_end_matches([' ', '|']));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The tags that are open when nothing should be; breaks off at the first that does not match.
fn unbalanced(page: &str) -> Vec<String> {
    const VOID: [&str; 3] = ["meta", "br", "!DOCTYPE"];
    let mut open: Vec<String> = Vec::new();
    for piece in page.split('<').skip(1) {
        let tag = piece.split_once('>').expect("a closed tag").0;
        match tag.strip_prefix('/') {
            Some(name) if open.last().is_some_and(|last| last == name) => {
                open.pop();
            }
            Some(name) => return vec![format!("/{name} in {open:?}")],
            None => open.push(tag.split(' ').next().unwrap_or_default().to_owned()),
        }
        open.pop_if(|last| VOID.contains(&last.as_str()));
    }
    open
}

fn renamed(mut answer: Answer, name: &str) -> Answer {
    let carer = answer.plan.work_lists[0].carer.clone();
    for list in answer.plan.work_lists.iter_mut().filter(|list| list.carer == carer) {
        list.carer = name.into();
    }
    answer.instance.carers[0].id = name.into();
    answer.instance.carers[0].vehicle = Some(name.to_owned());
    answer.instance.visits[2].patient = name.into();
    answer.instance.places[1].id = name.into();
    answer.list_id = name.into();
    answer.rejected[0].0 = name.into();
    answer
}

#[test]
fn the_table_is_what_a_spreadsheet_reads() {
    let table = csv(&sample::answer());
    assert!(table.starts_with(b"\xef\xbb\xbfAnsatt;"));
    let table = String::from_utf8(table).unwrap();
    assert_eq!(table.matches('\n').count(), table.matches("\r\n").count());
    insta::assert_snapshot!(table.trim_start_matches('\u{feff}').replace("\r\n", "\n"));
}

#[test]
fn the_page_says_all_of_it() {
    insta::assert_snapshot!(text(&html(&sample::answer())).replace('\u{a0}', " "));
}

#[test]
fn the_page_stands_alone_and_closes_what_it_opens() {
    let page = html(&sample::answer());
    assert_eq!(unbalanced(&page), Vec::<String>::new());
    for outside in ["<script", "<link", "<img", "src=", "url(", "@import", "http:", "https:"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"nb\">"));
}

#[test]
fn every_link_has_its_end_and_every_id_is_there_once() {
    let page = html(&sample::answer());
    for link in page.split("href=\"#").skip(1) {
        let id = link.split('"').next().unwrap();
        assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
    }
}

#[test]
fn names_are_never_markup() {
    let page = html(&renamed(sample::answer(), "<script>alert(\"x\")</script>&"));
    assert!(!page.contains("<script"));
    assert!(page.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;"));
    assert_eq!(unbalanced(&page), Vec::<String>::new());
}

#[test]
fn names_are_never_formulas_or_new_columns() {
    let table = csv(&renamed(sample::answer(), "=HYPERLINK(\"http://x\";\"y\")"));
    let table = String::from_utf8(table).unwrap();
    let mut lines = table.lines();
    assert_eq!(lines.next().unwrap().matches(';').count(), 17);
    assert!(lines.next().unwrap().starts_with("\"'=HYPERLINK(\"\"http://x\"\";\"\"y\"\")\";2026"));
}

#[test]
fn a_day_with_nothing_in_it_is_still_a_page() {
    let mut answer = sample::answer();
    (answer.instance.carers, answer.instance.visits) = (Vec::new(), Vec::new());
    (answer.plan.work_lists, answer.plan.unassigned) = (Vec::new(), Vec::new());
    (answer.plan.warnings, answer.rejected) = (Vec::new(), Vec::new());
    let page = html(&answer);
    assert_eq!(unbalanced(&page), Vec::<String>::new());
    assert!(page.contains("0 besøk på 0 lister"));
}

#[test]
fn the_figures_of_a_plan_are_read_back_as_they_were_written() {
    let mut slower = sample::answer();
    let Stop::Visit(first) = &mut slower.plan.work_lists[0].stops[1] else { panic!("a visit") };
    first.travel.seconds += Seconds(90);
    first.travel.metres += Metres(1_250);
    let files = [slower, sample::answer()].map(|answer| plan_json(&answer));
    let comparison = compare([&files[0], &files[1]], &Limits::PROGRAM).unwrap();
    assert_eq!(comparison.freed(), Seconds(90));
    let changed = |name| {
        let of = comparison.rows().into_iter().filter(|row| row.definition.name == name);
        let changes = of.map(|row| row.values[1].unwrap() - row.values[0].unwrap());
        changes.sum::<i64>()
    };
    assert_eq!([changed("travelMinutes"), changed("slackMinutes")], [-90, 90]);
    assert_eq!([changed("kmByMode"), changed("visitMinutes")], [-1_250, 0]);
    insta::assert_snapshot!(comparison_text(&comparison).replace('\u{a0}', " "));
    insta::assert_snapshot!(String::from_utf8(comparison_csv(&comparison)).unwrap());
}

#[test]
#[ignore = "writes worklists.html and worklists.csv of the made-up day into the temporary directory, \
            to be looked at"]
fn look() {
    let folder = std::env::temp_dir();
    std::fs::write(folder.join("worklists.html"), html(&sample::answer())).unwrap();
    std::fs::write(folder.join("worklists.csv"), csv(&sample::answer())).unwrap();
}
