//! The words of one line, taken one after the other: names, lists, lengths, moments.

use std::collections::BTreeSet;
use std::str::FromStr;

use hjemrute_travel::{Seconds, Time};

use super::Misread;
use crate::plan::TimeWindow;

/// What is left of a line.
pub(super) struct Words<'a> {
    line: usize,
    words: std::iter::Peekable<std::vec::IntoIter<&'a str>>,
}

impl<'a> Words<'a> {
    /// The words of a line up to `#`; quotes are kept until a word is taken.
    pub(super) fn of(line: usize, text: &'a str) -> Words<'a> {
        let text = outside_quotes(text, |letter| letter == '#').next().unwrap_or("");
        let words = outside_quotes(text, char::is_whitespace).filter(|word| !word.is_empty());
        Words { line, words: words.collect::<Vec<_>>().into_iter().peekable() }
    }

    /// A complaint about this line.
    pub(super) fn misread(&self, what: String, fix: &'static str) -> Misread {
        Misread { line: self.line, what, fix }
    }

    /// The next word as it stands, if there is one.
    pub(super) fn next(&mut self) -> Option<&'a str> {
        self.words.next()
    }

    /// Takes the next word if it is this one.
    pub(super) fn takes(&mut self, word: &str) -> bool {
        self.words.next_if(|next| *next == word).is_some()
    }

    /// This very word.
    pub(super) fn expect(&mut self, word: &'static str) -> Result<(), Misread> {
        if self.takes(word) {
            return Ok(());
        }
        let found = self.words.peek().copied().unwrap_or("the end of the line");
        Err(self.misread(format!("`{word}` is missing before `{found}`"), "put it in"))
    }

    /// Nothing more.
    pub(super) fn end(mut self) -> Result<(), Misread> {
        match self.next() {
            None => Ok(()),
            Some(word) => Err(self.misread(format!("`{word}` is too much"), "leave it out")),
        }
    }

    fn some(&mut self, fix: &'static str) -> Result<&'a str, Misread> {
        let word = self.next();
        word.ok_or_else(|| self.misread("the line ends too early".to_owned(), fix))
    }

    /// A name, without its quotes.
    pub(super) fn name(&mut self) -> Result<String, Misread> {
        self.some("write a name").map(unquoted)
    }

    /// Names with commas in between.
    pub(super) fn names<T: for<'n> From<&'n str> + Ord>(&mut self) -> Result<BTreeSet<T>, Misread> {
        let list = self.some("write names with commas in between")?;
        Ok(outside_quotes(list, |letter| letter == ',')
            .map(|name| T::from(&unquoted(name)))
            .collect())
    }

    /// Something that Rust can read.
    pub(super) fn figure<T: FromStr>(&mut self, fix: &'static str) -> Result<T, Misread> {
        let word = self.some(fix)?;
        word.parse().map_err(|_| self.misread(format!("`{word}` is not a figure"), fix))
    }

    /// `20 min`, `90 s`, or `20`, which is minutes.
    pub(super) fn length(&mut self) -> Result<Seconds, Misread> {
        const FIX: &str = "write a whole number and `min` or `s`";
        let word = self.some(FIX)?;
        let in_seconds = self.takes("s");
        let unit = if in_seconds { 1 } else { 60 };
        if !in_seconds {
            self.takes("min");
        }
        let length = word.parse::<i32>().ok().and_then(|number| number.checked_mul(unit));
        length.map(Seconds).ok_or_else(|| self.misread(format!("`{word}` is not a length"), FIX))
    }

    /// `07:30` or `07:30:15`.
    pub(super) fn moment(&mut self) -> Result<Time, Misread> {
        let word = self.some("write HH:MM or HH:MM:SS")?;
        self.moment_of(word)
    }

    /// `07:45-08:15`.
    pub(super) fn window(&mut self) -> Result<TimeWindow, Misread> {
        let word = self.some("write HH:MM-HH:MM")?;
        // A minus before the first figure belongs to it.
        let cut = word.char_indices().skip(1).find(|(_, letter)| *letter == '-');
        let Some((cut, _)) = cut else {
            return Err(self.misread(format!("`{word}` is not a window"), "write HH:MM-HH:MM"));
        };
        let (earliest, latest) = (self.moment_of(&word[..cut])?, self.moment_of(&word[cut + 1..])?);
        Ok(TimeWindow { earliest, latest })
    }

    fn moment_of(&self, word: &str) -> Result<Time, Misread> {
        moment(word).ok_or_else(|| {
            self.misread(format!("`{word}` is not a time"), "write HH:MM or HH:MM:SS")
        })
    }
}

fn moment(word: &str) -> Option<Time> {
    let mut parts = word.split(':').map(|part| part.parse::<i32>().ok());
    let (hours, minutes) = (parts.next()??, parts.next()??);
    let seconds = parts.next().unwrap_or(Some(0))?;
    let in_range = (0..60).contains(&minutes) && (0..60).contains(&seconds);
    if parts.next().is_some() || !in_range {
        return None;
    }
    hours.checked_mul(3600)?.checked_add(minutes * 60 + seconds).map(Time)
}

/// Splits where `cut` says so, except between quotes.
fn outside_quotes(text: &str, cut: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |letter| {
        quoted ^= letter == '"';
        !quoted && cut(letter)
    })
}

/// A quote inside a name is written twice.
pub(super) fn unquoted(word: &str) -> String {
    match word.strip_prefix('"').and_then(|word| word.strip_suffix('"')) {
        Some(inside) => inside.replace("\"\"", "\""),
        None => word.to_owned(),
    }
}

/// A name as it must be written so that it reads back.
pub(super) fn quoted(name: &str) -> String {
    let plain = |letter: char| !(letter.is_whitespace() || matches!(letter, '"' | ',' | '#'));
    if !name.is_empty() && name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// A length as it is written: `20 min`, `90 s`.
pub(super) fn length(length: Seconds) -> String {
    match length.0 % 60 {
        0 => format!("{} min", length.0 / 60),
        _ => format!("{} s", length.0),
    }
}

/// A moment as it is written: `07:30`, and `07:30:15` only where there are seconds.
pub(super) fn clock(time: Time) -> String {
    let told = time.to_string();
    told.strip_suffix(":00").map_or_else(|| told.clone(), str::to_owned)
}
