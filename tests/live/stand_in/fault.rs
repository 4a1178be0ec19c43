//! Wrong answers on order.

use serde_json::{Value, json};

/// A wrong answer to the next request, or requests, that match.
#[derive(Debug, Clone)]
pub struct Fault(Value);

impl Fault {
    fn of(kind: &str) -> Self {
        Self(json!({ "kind": kind, "path": "/", "times": 1 }))
    }

    /// An error of a status; its body has a message.
    pub fn status(status: u16) -> Self {
        Self::of("status").with("status", status)
    }

    /// 200 with what is no JSON.
    pub fn garbage() -> Self {
        Self::of("garbage")
    }

    /// 200 with a body of one's own.
    pub fn body(body: &str) -> Self {
        Self::of("garbage").with("body", body)
    }

    /// A page, as a proxy that asks for a password sends one.
    pub fn html() -> Self {
        Self::of("html")
    }

    /// Half of the true answer, and the end of the connection. The work is done.
    pub fn half() -> Self {
        Self::of("half")
    }

    /// The end of the connection without an answer.
    pub fn dropped() -> Self {
        Self::of("drop")
    }

    /// No answer until the client goes.
    pub fn never() -> Self {
        Self::of("never")
    }

    /// The true answer, so many milliseconds late.
    pub fn slow(milliseconds: u32) -> Self {
        Self::of("slow").with("delay", milliseconds)
    }

    /// For requests of this method and with paths that begin so; every request otherwise.
    #[must_use]
    pub fn on(self, method: &str, path: &str) -> Self {
        self.with("method", method).with("path", path)
    }

    /// For so many requests; for all of them where negative.
    #[must_use]
    pub fn times(self, times: i32) -> Self {
        self.with("times", times)
    }

    /// After so many requests that match.
    #[must_use]
    pub fn after(self, skip: u32) -> Self {
        self.with("skip", skip)
    }

    /// With a header that says when to come again.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with("retryAfter", seconds)
    }

    /// The request does its work; only its answer is lost.
    #[must_use]
    pub fn applied(self) -> Self {
        self.with("applied", true)
    }

    fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0[field] = value.into();
        self
    }

    pub(super) fn into_json(self) -> Value {
        self.0
    }
}
