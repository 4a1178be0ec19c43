//! A batch under construction, which remembers what each message is about.
//!
//! May not know what the messages are for.

use super::refusal::{Refusal, Step};
use super::socket;
use nftnl::{Batch, MsgType, NlMsg};
use std::io;

/// More than any message of ours takes, in bytes: an IPv6 rule has about 500.
pub(super) const MESSAGE: usize = 1024;

/// Messages that the kernel will do all or none of.
pub(super) struct Transaction {
    batch: Batch,
    steps: Vec<Step>,
}

impl Transaction {
    /// Starts one of at most so many messages.
    pub(super) fn of(messages: usize) -> io::Result<Self> {
        // One page, so that all is one datagram: the kernel refuses half a batch.
        let page = u32::try_from(messages * MESSAGE).map_err(|_| {
            io::Error::other(format!("{messages} messages are too many for a batch"))
        })?;
        Ok(Self { batch: Batch::with_page_size(page), steps: Vec::with_capacity(messages) })
    }

    /// Adds an object to the kernel's.
    pub(super) fn add(&mut self, object: &impl NlMsg, step: Step) {
        self.batch.add(object, MsgType::Add);
        self.steps.push(step);
    }

    /// Deletes an object of the kernel's.
    pub(super) fn delete(&mut self, object: &impl NlMsg, step: Step) {
        self.batch.add(object, MsgType::Del);
        self.steps.push(step);
    }

    /// Sends all of it.
    pub(super) fn send(self) -> Result<(), Refusal> {
        let Self { batch, steps } = self;
        socket::send(&batch.finalize(), &steps)
    }
}
