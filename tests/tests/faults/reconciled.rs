//! What `gatewayctl reconcile` says of a stack.
use crate::house::House;
pub(crate) fn nothing_is_stranded(_house: &House) {}
