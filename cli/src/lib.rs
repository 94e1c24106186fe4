//! gatewayctl
