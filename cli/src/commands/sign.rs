//! `gatewayctl sign` and `verify`: Standard Webhooks by hand, for whoever writes a receiver.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use revops_core::Timestamp;
use revops_core::sign::{SignatureHeaders, SigningKeys, sign as signature_of, verify as check};

use crate::args::{Sign, Verify};
use crate::error::CtlError;

/// Prints the three headers of a signed delivery.
pub(crate) fn sign(args: &Sign, out: &mut impl Write) -> Result<(), CtlError> {
    let body = bytes(&args.body)?;
    writeln!(out, "webhook-id: {}", args.id)?;
    writeln!(out, "webhook-timestamp: {}", args.timestamp)?;
    Ok(writeln!(out, "webhook-signature: {}", signature_of(&keys(args)?, &args.id, args.timestamp, &body))?)
}

/// Says whether the signature is the secret's over id, timestamp and body. The timestamp's age is not
/// judged: what is verified by hand was received some time ago.
pub(crate) fn verify(args: &Verify, out: &mut impl Write) -> Result<(), CtlError> {
    let Sign { id, timestamp, body, .. } = &args.signed;
    let seconds = timestamp.to_string();
    let headers = SignatureHeaders { id, timestamp: &seconds, signature: &args.signature };
    let then = Timestamp::from_unix_ms(timestamp.saturating_mul(1000));
    check(&headers, &bytes(body)?, &keys(&args.signed)?.verifying(), then, Duration::ZERO).map_err(
        |reason| CtlError::Failed(format!("not valid: {reason}; is the body byte for byte as received?")),
    )?;
    Ok(writeln!(out, "valid")?)
}

fn keys(args: &Sign) -> Result<SigningKeys, CtlError> {
    SigningKeys::parse(&[&args.secret])
        .map_err(|rule| CtlError::Usage(format!("the secret is no key: {rule}")))
}

fn bytes(file: &Path) -> Result<Vec<u8>, CtlError> {
    std::fs::read(file).map_err(|cause| CtlError::Usage(format!("{}: {cause}", file.display())))
}
