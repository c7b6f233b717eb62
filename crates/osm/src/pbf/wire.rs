//! The least of the protobuf wire format: the fields of one message, in order, and packed rows of
//! numbers.

/// The value of one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// A whole number.
    Number(u64),
    /// A string, a message, or bytes.
    Bytes(&'a [u8]),
    /// A fixed-width number, not looked at.
    Fixed,
}

/// The fields of a message; an `Err` is a message that is not sound, and the last item.
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

/// The message does not follow the wire format.
#[derive(Debug)]
pub(crate) struct Unsound;

impl From<Unsound> for &'static str {
    fn from(_: Unsound) -> &'static str {
        "a message that cannot be read"
    }
}

/// A packed row of numbers; an `Err` is a row that is not sound, and the last item.
pub(crate) struct Numbers<'a> {
    row: Fields<'a>,
}

impl<'a> Numbers<'a> {
    /// Over the numbers of the row.
    pub(crate) fn of(row: &'a [u8]) -> Numbers<'a> {
        Numbers { row: Fields::of(row) }
    }

    /// Whether none is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.row.rest.is_empty()
    }
}

impl Iterator for Numbers<'_> {
    type Item = Result<u64, Unsound>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_empty() {
            return None;
        }
        let number = self.row.number();
        if number.is_err() {
            self.row.rest = &[];
        }
        Some(number)
    }
}

impl<'a> Fields<'a> {
    /// Over the fields of the message.
    pub(crate) fn of(message: &'a [u8]) -> Fields<'a> {
        Fields { rest: message }
    }

    fn number(&mut self) -> Result<u64, Unsound> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.bytes(1)?[0];
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Unsound)
    }

    fn bytes(&mut self, count: u64) -> Result<&'a [u8], Unsound> {
        let count = usize::try_from(count).map_err(|_| Unsound)?;
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Unsound)?;
        self.rest = rest;
        Ok(taken)
    }

    fn field(&mut self) -> Result<(u64, Value<'a>), Unsound> {
        let tag = self.number()?;
        let value = match tag & 7 {
            0 => Value::Number(self.number()?),
            1 => self.bytes(8).map(|_| Value::Fixed)?,
            2 => {
                let count = self.number()?;
                Value::Bytes(self.bytes(count)?)
            }
            5 => self.bytes(4).map(|_| Value::Fixed)?,
            _ => return Err(Unsound),
        };
        Ok((tag >> 3, value))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), Unsound>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_in_order_and_damage_ends_them() {
        let message = [0x08, 0x96, 0x01, 0x12, 0x02, b'h', b'i'];
        let fields: Vec<_> = Fields::of(&message).map(Result::unwrap).collect();
        assert_eq!(fields, [(1, Value::Number(150)), (2, Value::Bytes(b"hi"))]);
        assert!(Fields::of(&message[..6]).any(|field| field.is_err()));
        assert_eq!(Fields::of(&[0xff; 20]).count(), 1);
        let numbers: Vec<u64> = Numbers::of(&[0x96, 0x01, 3]).map(Result::unwrap).collect();
        assert_eq!(numbers, [150, 3]);
        assert!(Numbers::of(&[3, 0x96]).any(|number| number.is_err()));
    }
}
