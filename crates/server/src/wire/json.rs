//! The smallest JSON tree that keeps what a strict reader must see and serde does not show:
//! keys that stand twice, numbers as they are written, and the very text of an `ext`. Borrows from
//! the body. Knows no field of the contract; its errors say where, and never quote what stands there.

use std::borrow::Cow;

/// A JSON value and the text it was read from.
#[derive(Clone, Debug)]
pub(crate) struct Json<'a> {
    pub(crate) node: Node<'a>,
    /// The value as it stands in the body.
    pub(crate) raw: &'a str,
}

/// What kind of value it is.
#[derive(Clone, Debug)]
pub(crate) enum Node<'a> {
    Null,
    Bool(bool),
    /// A number as it is written; read as what the field wants.
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    /// The members in their order; a key may stand more than once.
    Object(Vec<Member<'a>>),
}

/// One member of an object.
#[derive(Clone, Debug)]
pub(crate) struct Member<'a> {
    pub(crate) key: Cow<'a, str>,
    pub(crate) value: Json<'a>,
}

/// How large a body may be, in figures that hold before anything of it is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// Values of any kind.
    pub(crate) values: usize,
    /// Lists and objects inside each other.
    pub(crate) depth: usize,
}

/// Why a body is no JSON that we read, and the byte at which that shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) at: usize,
    pub(crate) why: Why,
}

/// The ways in which a body can be unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The bytes are no UTF-8.
    NotUtf8,
    /// The text breaks the grammar of JSON.
    Syntax,
    /// Lists and objects lie deeper inside each other than the limit.
    TooDeep,
    /// There are more values than the limit.
    TooManyValues,
}

/// Reads a whole body as one JSON value. A byte order mark in front is passed over.
pub(crate) fn parse(body: &[u8], size: Size) -> Result<Json<'_>, Broken> {
    let text = std::str::from_utf8(body)
        .map_err(|error| Broken { at: error.valid_up_to(), why: Why::NotUtf8 })?;
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut parser = Parser { text, at: start, values_left: size.values };
    let value = parser.value(size.depth)?;
    parser.space();
    if parser.at == text.len() { Ok(value) } else { Err(parser.broken(Why::Syntax)) }
}

/// Line and column of a byte, both from 1; the column counts characters.
pub(crate) fn line_and_column(body: &[u8], at: usize) -> (usize, usize) {
    let before = &body[..at.min(body.len())];
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |found| found + 1);
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let is_start_of_character = |byte: &&u8| **byte & 0xC0 != 0x80;
    (line, before[line_start..].iter().filter(is_start_of_character).count() + 1)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    values_left: usize,
}

impl<'a> Parser<'a> {
    fn value(&mut self, depth_left: usize) -> Result<Json<'a>, Broken> {
        self.space();
        self.values_left =
            self.values_left.checked_sub(1).ok_or_else(|| self.broken(Why::TooManyValues))?;
        let start = self.at;
        let node = match self.peek() {
            Some(b'{') => Node::Object(self.members(self.deeper(depth_left)?)?),
            Some(b'[') => Node::List(self.elements(self.deeper(depth_left)?)?),
            Some(b'"') => Node::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Node::Bool(true))?,
            Some(b'f') => self.word("false", Node::Bool(false))?,
            Some(b'n') => self.word("null", Node::Null)?,
            _ => return Err(self.broken(Why::Syntax)),
        };
        Ok(Json { node, raw: &self.text[start..self.at] })
    }

    fn deeper(&self, depth_left: usize) -> Result<usize, Broken> {
        depth_left.checked_sub(1).ok_or_else(|| self.broken(Why::TooDeep))
    }

    fn members(&mut self, depth_left: usize) -> Result<Vec<Member<'a>>, Broken> {
        self.sequence(b'}', |parser| {
            parser.space();
            let key = parser.string()?;
            parser.space();
            parser.expect(b':')?;
            Ok(Member { key, value: parser.value(depth_left)? })
        })
    }

    fn elements(&mut self, depth_left: usize) -> Result<Vec<Json<'a>>, Broken> {
        self.sequence(b']', |parser| parser.value(depth_left))
    }

    /// What stands between the bracket at the cursor and its `end`, separated by commas.
    fn sequence<T>(
        &mut self,
        end: u8,
        mut one: impl FnMut(&mut Self) -> Result<T, Broken>,
    ) -> Result<Vec<T>, Broken> {
        self.at += 1;
        self.space();
        let mut all = Vec::new();
        if self.take(end) {
            return Ok(all);
        }
        loop {
            all.push(one(self)?);
            self.space();
            if self.take(end) {
                return Ok(all);
            }
            self.expect(b',')?;
        }
    }

    fn word(&mut self, word: &str, node: Node<'a>) -> Result<Node<'a>, Broken> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.broken(Why::Syntax));
        }
        self.at += word.len();
        Ok(node)
    }

    fn number(&mut self) -> Result<Node<'a>, Broken> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(Node::Number(&self.text[start..self.at]))
    }

    fn digits(&mut self) -> Result<(), Broken> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(self.broken(Why::Syntax)) }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Broken> {
        self.expect(b'"')?;
        let mut whole = Cow::Borrowed("");
        loop {
            whole += self.plain();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(whole);
                }
                Some(b'\\') => whole.to_mut().push(self.escaped()?),
                _ => return Err(self.broken(Why::Syntax)),
            }
        }
    }

    /// The characters up to the next quote, escape or control character.
    fn plain(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let ends = |byte: u8| matches!(byte, b'"' | b'\\' | 0..=0x1F);
        let length = rest.bytes().position(ends).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn escaped(&mut self) -> Result<char, Broken> {
        self.at += 1;
        let letter = self.peek().ok_or_else(|| self.broken(Why::Syntax))?;
        let plain = match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(self.broken(Why::Syntax)),
        };
        self.at += 1;
        Ok(plain)
    }

    /// `\uXXXX`, or two of them for a character beyond the first plane; half a pair is refused.
    fn unicode(&mut self) -> Result<char, Broken> {
        let first = self.hex()?;
        let code = if matches!(first, 0xD800..0xDC00) {
            self.expect(b'\\')?;
            let second = self.hex()?;
            if !matches!(second, 0xDC00..0xE000) {
                return Err(self.broken(Why::Syntax));
            }
            0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.broken(Why::Syntax))
    }

    fn hex(&mut self) -> Result<u32, Broken> {
        self.expect(b'u')?;
        let digits = self.text.as_bytes().get(self.at..self.at + 4);
        let code = digits
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or_else(|| self.broken(Why::Syntax))?;
        self.at += 4;
        Ok(code)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, byte: u8) -> Result<(), Broken> {
        if self.take(byte) { Ok(()) } else { Err(self.broken(Why::Syntax)) }
    }

    fn broken(&self, why: Why) -> Broken {
        Broken { at: self.at, why }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZE: Size = Size { values: 50, depth: 4 };

    fn why(body: &str) -> Option<Why> {
        parse(body.as_bytes(), SIZE).err().map(|broken| broken.why)
    }

    #[test]
    fn keeps_duplicate_keys_the_text_of_numbers_and_raw_text() {
        let json = parse(br#" {"a": 1.50, "a": {"b" :[true, null]}} "#, SIZE).unwrap();
        let Node::Object(members) = json.node else { panic!("an object") };
        assert_eq!(members.iter().map(|member| &*member.key).collect::<Vec<_>>(), ["a", "a"]);
        assert!(matches!(members[0].value.node, Node::Number("1.50")));
        assert_eq!(members[1].value.raw, r#"{"b" :[true, null]}"#);
    }

    #[test]
    fn escapes_are_read_and_half_a_pair_is_not() {
        let json = parse(r#""T\u00f8yen\n\ud83d\ude00""#.as_bytes(), SIZE).unwrap();
        assert!(matches!(json.node, Node::Text(text) if text == "Tøyen\n😀"));
        assert_eq!(why(r#""\ud83d""#), Some(Why::Syntax));
        assert_eq!(why(r#""\ude00""#), Some(Why::Syntax));
        assert_eq!(why(r#""\u+123""#), Some(Why::Syntax));
    }

    #[test]
    fn limits_hold_and_places_are_told() {
        assert_eq!(why("[[[[]]]]"), None);
        assert_eq!(why("[[[[[]]]]]"), Some(Why::TooDeep));
        assert_eq!(why(&format!("[{}]", ["1"; 49].join(","))), None);
        assert_eq!(why(&format!("[{}]", ["1"; 50].join(","))), Some(Why::TooManyValues));
        let body = "{\n \"ø\" 1}".as_bytes();
        let broken = parse(body, SIZE).unwrap_err();
        assert_eq!(line_and_column(body, broken.at), (2, 6));
        assert_eq!(parse(b"\"\xff\"", SIZE).unwrap_err(), Broken { at: 1, why: Why::NotUtf8 });
    }

    proptest! {
        /// Reads exactly what serde_json reads, within the limits.
        #[test]
        fn agrees_with_serde_json_on_what_is_json(body in "[\\[\\]{}\":,0-9eE.+\\-\\\\utrfalsn \u{1}ø]{0,24}") {
            let theirs = serde_json::from_str::<serde_json::Value>(&body);
            let ours = parse(body.as_bytes(), Size { values: 1000, depth: 100 });
            // Theirs also refuses numbers that no float can hold; ours leaves that to the field.
            let beyond_floats = theirs.as_ref().is_err_and(|e| e.to_string().contains("out of range"));
            prop_assert!(theirs.is_ok() == ours.is_ok() || beyond_floats, "{body}");
        }
    }
}
