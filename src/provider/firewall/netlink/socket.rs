//! Sends one batch to the kernel and waits for all of its answers.

use super::refusal::{Refusal, Step};
use super::transaction::MESSAGE;
use nftnl::FinalizedBatch;
use nftnl::nftnl_sys::libc::{self, c_int};
use std::io;
use std::os::fd::AsRawFd;

/// More than one answer takes in the kernel's accounts, in bytes.
const ANSWER: usize = 2048;
/// How long the kernel may take for an answer, in seconds.
const PATIENCE: libc::time_t = 10;

/// Room for one datagram of answers, aligned for the header libmnl casts it to.
#[repr(C, align(8))]
struct Buffer([u8; 8192]);

/// Sends the batch; an error names the step it is about.
pub(super) fn send(batch: &FinalizedBatch, steps: &[Step]) -> Result<(), Refusal> {
    let pages: Vec<&[u8]> = batch.iter().collect();
    let [page] = pages.as_slice() else {
        return Err(io::Error::other("the batch does not fit into one datagram").into());
    };
    let socket = mnl::Socket::new(mnl::Bus::Netfilter)?;
    let patience = libc::timeval { tv_sec: PATIENCE, tv_usec: 0 };
    // 8,000 networks make some megabytes, and as many answers: more than the
    // system's limits for ordinary sockets.
    set(&socket, libc::SOL_SOCKET, libc::SO_SNDBUFFORCE, size(page.len() + MESSAGE))?;
    set(&socket, libc::SOL_SOCKET, libc::SO_RCVBUFFORCE, size((steps.len() + 2) * ANSWER))?;
    set(&socket, libc::SOL_SOCKET, libc::SO_RCVTIMEO, patience)?;
    // Answers without a copy of the question, so that each one is small.
    set(&socket, libc::SOL_NETLINK, libc::NETLINK_CAP_ACK, 1)?;
    socket.send_all([*page])?;

    let expected = batch.sequence_numbers();
    // Newer kernels also answer the messages that begin and end the batch.
    let begins = expected.len().saturating_sub(steps.len()) / 2;
    let mut numbers = expected.enumerate();
    let mut buffer = Buffer([0; 8192]);
    while numbers.len() > 0 {
        let received = receive(&socket, &mut buffer)?;
        for (answer, (index, number)) in mnl::NlMessages::new(received).zip(&mut numbers) {
            answer.and_then(|answer| mnl::cb_run(answer, number, socket.portid())).map_err(
                |error| {
                    let index = index.checked_sub(begins);
                    Refusal::of(error, index.and_then(|index| steps.get(index)).cloned())
                },
            )?;
        }
    }
    Ok(())
}

fn receive<'a>(socket: &mnl::Socket, buffer: &'a mut Buffer) -> io::Result<&'a [u8]> {
    let length = loop {
        match socket.recv_raw(&mut buffer.0) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            received => break received?,
        }
    };
    Ok(buffer.0.get(..length).unwrap_or_default())
}

fn size(bytes: usize) -> c_int {
    c_int::try_from(bytes).unwrap_or(c_int::MAX)
}

/// Sets a socket option whose value is a plain C type.
fn set<T: Copy>(socket: &mnl::Socket, level: c_int, name: c_int, value: T) -> io::Result<()> {
    let length = libc::socklen_t::try_from(size_of::<T>()).map_err(io::Error::other)?;
    // SAFETY: the descriptor is open as long as `socket` lives, and `value` is
    // a live local of exactly `length` bytes, which the kernel only reads.
    let result = unsafe {
        libc::setsockopt(socket.as_raw_fd(), level, name, (&raw const value).cast(), length)
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
