//! Protocol buffers by hand, as far as OTLP's messages need them.
//!
//! Source: the encoding guide of Protocol Buffers, and opentelemetry-proto 1.x.

/// A message that is being written.
#[derive(Clone, Debug, Default)]
pub struct Message(Vec<u8>);

impl Message {
    /// A field that is a message.
    pub fn message(self, field: u64, inner: &Self) -> Self {
        self.bytes(field, &inner.0)
    }

    /// A field that is text.
    pub fn text(self, field: u64, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    /// A field that is a number or a boolean.
    pub fn varint(mut self, field: u64, value: u64) -> Self {
        self.number(field << 3);
        self.number(value);
        self
    }

    /// A field of 64 bits: `fixed64` or `double`.
    pub fn fixed64(mut self, field: u64, bits: u64) -> Self {
        self.number(field << 3 | 1);
        self.0.extend(bits.to_le_bytes());
        self
    }

    /// The whole message.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    /// The whole message in the frame of gRPC: not compressed, and its length.
    pub fn framed(&self) -> Vec<u8> {
        let length = u32::try_from(self.0.len()).expect("a short message");
        [&[0][..], &length.to_be_bytes(), &self.0].concat()
    }

    fn bytes(mut self, field: u64, bytes: &[u8]) -> Self {
        self.number(field << 3 | 2);
        self.number(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    fn number(&mut self, mut value: u64) {
        while value > 0x7f {
            self.0.push(u8::try_from(value & 0x7f).expect("seven bits") | 0x80);
            value >>= 7;
        }
        self.0.push(u8::try_from(value).expect("seven bits"));
    }
}
