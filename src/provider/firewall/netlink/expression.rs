//! The conditions of a rule as `nf_tables` expressions, as `nft` compiles them.
//!
//! Each condition loads something into register 1 and compares it there.

use crate::artifact::ruleset::Match;
use ipnet::IpNet;
use nftnl::Rule;
use nftnl::expr::{Bitwise, Cmp, CmpOp, Expression, Meta};
use nftnl::nftnl_sys::{self as sys, libc};
use std::ffi::CStr;
use std::io;
use std::ptr::NonNull;

// From the kernel's linux/netfilter.h, linux/in.h, linux/rtnetlink.h and
// linux/netfilter/nf_tables.h.
const NFPROTO_IPV4: u8 = 2;
const NFPROTO_IPV6: u8 = 10;
const IPPROTO_TCP: u8 = 6;
const IP_CT_DIR_REPLY: u8 = 1;
const RTN_LOCAL: u32 = 2;
const NFT_CT_DIRECTION: u32 = 1;
const NFT_FIB_RESULT_ADDRTYPE: u32 = 3;
const NFTA_FIB_F_DADDR: u32 = 1 << 1;
const NFT_REG_1: u32 = 1;
const NFT_PAYLOAD_NETWORK_HEADER: u32 = 1;
const NFT_PAYLOAD_TRANSPORT_HEADER: u32 = 2;

/// Adds one condition to a rule.
pub(super) fn add(condition: &Match, rule: &mut Rule<'_>) -> io::Result<()> {
    match condition {
        Match::Interface(name) => {
            // The kernel compares all 16 bytes, the last of which is a zero.
            let mut padded = [0; libc::IFNAMSIZ];
            padded
                .get_mut(..name.len())
                .filter(|room| room.len() < libc::IFNAMSIZ)
                .ok_or_else(|| io::Error::other(format!("interface name `{name}` is too long")))?
                .copy_from_slice(name.as_bytes());
            rule.add_expr(&Meta::IifName);
            rule.add_expr(&equal(&padded));
        }
        Match::Reply => {
            let attributes =
                &[(sys::NFTNL_EXPR_CT_KEY, NFT_CT_DIRECTION), (sys::NFTNL_EXPR_CT_DREG, NFT_REG_1)];
            rule.add_expr(&Load { name: c"ct", attributes });
            rule.add_expr(&equal(&[IP_CT_DIR_REPLY]));
        }
        Match::Local => {
            let attributes = &[
                (sys::NFTNL_EXPR_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE),
                (sys::NFTNL_EXPR_FIB_FLAGS, NFTA_FIB_F_DADDR),
                (sys::NFTNL_EXPR_FIB_DREG, NFT_REG_1),
            ];
            rule.add_expr(&Load { name: c"fib", attributes });
            rule.add_expr(&equal(&RTN_LOCAL.to_ne_bytes()));
        }
        Match::Destination(net) => add_net(net, 16, 24, rule),
        Match::Source(net) => add_net(net, 12, 8, rule),
        Match::Port(port) => {
            rule.add_expr(&Meta::L4Proto);
            rule.add_expr(&equal(&[IPPROTO_TCP]));
            load_header(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, rule);
            rule.add_expr(&equal(&port.to_be_bytes()));
        }
    }
    Ok(())
}

/// Compares an address at its offset in the IPv4 or IPv6 header.
fn add_net(net: &IpNet, offset4: u32, offset6: u32, rule: &mut Rule<'_>) {
    let (family, offset, address, mask) = match net {
        IpNet::V4(net) => (
            NFPROTO_IPV4,
            offset4,
            net.network().octets().to_vec(),
            net.netmask().octets().to_vec(),
        ),
        IpNet::V6(net) => (
            NFPROTO_IPV6,
            offset6,
            net.network().octets().to_vec(),
            net.netmask().octets().to_vec(),
        ),
    };
    rule.add_expr(&Meta::NfProto);
    rule.add_expr(&equal(&[family]));
    let bits = net.prefix_len();
    // A prefix of whole bytes needs no mask: only those bytes are loaded.
    if bits > 0 && bits.is_multiple_of(8) {
        let prefix = address.get(..usize::from(bits / 8)).unwrap_or(&address);
        load_header(NFT_PAYLOAD_NETWORK_HEADER, offset, u32::from(bits / 8), rule);
        rule.add_expr(&equal(prefix));
    } else {
        let length = u32::from(net.max_prefix_len() / 8);
        load_header(NFT_PAYLOAD_NETWORK_HEADER, offset, length, rule);
        let zero = vec![0_u8; mask.len()];
        rule.add_expr(&Bitwise::new(mask.as_slice(), zero.as_slice()));
        rule.add_expr(&equal(&address));
    }
}

/// Loads bytes of a header; offset and length in bytes.
fn load_header(base: u32, offset: u32, length: u32, rule: &mut Rule<'_>) {
    let attributes = &[
        (sys::NFTNL_EXPR_PAYLOAD_BASE, base),
        (sys::NFTNL_EXPR_PAYLOAD_OFFSET, offset),
        (sys::NFTNL_EXPR_PAYLOAD_LEN, length),
        (sys::NFTNL_EXPR_PAYLOAD_DREG, NFT_REG_1),
    ];
    rule.add_expr(&Load { name: c"payload", attributes });
}

fn equal(bytes: &[u8]) -> Cmp<&[u8]> {
    Cmp::new(CmpOp::Eq, bytes)
}

/// An expression by libnftnl's name for it, with attributes of 32 bits.
struct Load<'a> {
    name: &'static CStr,
    attributes: &'a [(u32, u32)],
}

impl Expression for Load<'_> {
    #[expect(clippy::cast_possible_truncation, reason = "attributes are numbered below ten")]
    fn to_expr(&self, _rule: &Rule<'_>) -> NonNull<sys::nftnl_expr> {
        // SAFETY: `name` is a valid C string, which libnftnl only reads.
        let expression = unsafe { sys::nftnl_expr_alloc(self.name.as_ptr()) };
        let Some(expression) = NonNull::new(expression) else {
            // No memory for a hundred bytes: the binding itself aborts here too.
            std::process::abort()
        };
        for (attribute, value) in self.attributes {
            // SAFETY: `expression` was allocated above and is not shared. Every
            // attribute used in this module is 32 bits wide in libnftnl, and
            // its number is part of libnftnl's ABI.
            unsafe { sys::nftnl_expr_set_u32(expression.as_ptr(), *attribute as u16, *value) };
        }
        expression
    }
}
