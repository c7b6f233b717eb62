//! Where a value stands: a chain of steps on the stack, turned into a JSON pointer (RFC 6901) only
//! when there is a fault to tell.

/// The way from the root of the body to a value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Path<'p> {
    Root,
    Key(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl Path<'_> {
    /// The JSON pointer. Ends at the object whose key does not look like a field's name: such a key
    /// may be a person's, and is never told. Names need no escaping.
    pub(crate) fn pointer(&self) -> String {
        let mut pointer = String::new();
        self.write(&mut pointer);
        pointer
    }

    /// Writes the pointer as far as it may be told; whether that was the whole way.
    fn write(&self, pointer: &mut String) -> bool {
        match *self {
            Path::Root => true,
            Path::Key(of, key) => of.write(pointer) && looks_like_a_name(key) && step(pointer, key),
            Path::Item(of, index) => of.write(pointer) && step(pointer, &index.to_string()),
        }
    }
}

/// Whether a key could be a field's name: letters and digits, not much of either.
pub fn looks_like_a_name(key: &str) -> bool {
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    (1..=40).contains(&key.len())
        && key.starts_with(|first: char| first.is_ascii_alphabetic())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && digits <= 5
}

fn step(pointer: &mut String, name: &str) -> bool {
    pointer.push('/');
    pointer.push_str(name);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_stops_before_a_key_that_may_be_a_persons() {
        let visits = Path::Key(&Path::Root, "visits");
        let visit = Path::Item(&visits, 3);
        assert_eq!(Path::Key(&visit, "latestStrat").pointer(), "/visits/3/latestStrat");
        let named = Path::Key(&visit, "Kari Nordmann");
        assert_eq!(Path::Key(&named, "born").pointer(), "/visits/3");
        assert_eq!(Path::Key(&visit, "01017012345").pointer(), "/visits/3");
        assert_eq!(Path::Root.pointer(), "");
    }
}
